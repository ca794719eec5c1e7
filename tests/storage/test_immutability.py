from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm.exc import StaleDataError

from clausebank.storage.models import (
    ClauseRow,
    ClauseVersion,
    LibraryLoad,
    TemplateVersion,
    VocabularyVersion,
)

MOMENT = datetime(2026, 3, 1, 8, 30, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def filled(database):
    with database.writing() as session:
        clause = ClauseRow(id="fees.total", topic="fees", head={})
        clause.versions = [version(number, status) for number, status in enumerate(STATUSES, 1)]
        session.add(clause)
        session.add(
            TemplateVersion(kind="k", number=1, source="x", sha256="0", author="a", status="approved")
        )
        session.add(VocabularyVersion(number=1, content={}, sha256="0", author="a", status="approved"))
    return database


STATUSES = ("draft", "in_review", "approved", "retired")


def version(number: int, status: str) -> ClauseVersion:
    return ClauseVersion(stance="neutral", number=number, text="文", sha256="0", status=status, author="a")


def change(database, statement) -> None:
    with database.writing() as session:
        session.execute(statement)


@pytest.mark.parametrize("status", ["approved", "retired"])
@pytest.mark.parametrize(
    "values", [{"text": "改"}, {"note": "改"}, {"author": "b"}, {"number": 9}, {"status": "draft"}]
)
def test_the_database_refuses_to_change_a_settled_version(filled, status, values):
    with pytest.raises(DBAPIError, match="never changes"):
        change(filled, update(ClauseVersion).where(ClauseVersion.status == status).values(**values))


@pytest.mark.parametrize("status", ["approved", "retired"])
def test_the_database_refuses_to_delete_a_settled_version(filled, status):
    with pytest.raises(DBAPIError, match="never changes"):
        change(filled, delete(ClauseVersion).where(ClauseVersion.status == status))


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_a_draft_can_be_changed_and_deleted(filled, status):
    change(filled, update(ClauseVersion).where(ClauseVersion.status == status).values(text="改"))
    change(filled, delete(ClauseVersion).where(ClauseVersion.status == status))

    with filled.reading() as session:
        assert len(session.scalars(select(ClauseVersion)).all()) == 3


def test_an_approved_version_can_be_retired_but_not_revived(filled):
    change(filled, update(ClauseVersion).where(ClauseVersion.status == "approved").values(status="retired"))

    with pytest.raises(DBAPIError, match="never changes"):
        change(
            filled, update(ClauseVersion).where(ClauseVersion.status == "retired").values(status="approved")
        )


@pytest.mark.parametrize("table", [TemplateVersion, VocabularyVersion])
def test_templates_and_vocabularies_never_change(filled, table):
    with pytest.raises(DBAPIError, match="never changes"):
        change(filled, update(table).values(author="b"))
    with pytest.raises(DBAPIError, match="never changes"):
        change(filled, delete(table))


def test_a_status_outside_the_life_cycle_is_refused(filled):
    with pytest.raises(IntegrityError):
        change(filled, update(ClauseVersion).where(ClauseVersion.status == "draft").values(status="lost"))


def test_a_number_is_given_once(filled):
    fourth = ClauseVersion(
        clause_id="fees.total", stance="neutral", number=4, text="", sha256="", status="draft", author="b"
    )
    with pytest.raises(IntegrityError), filled.writing() as session:
        session.add(fourth)


def test_two_people_saving_the_same_clause_do_not_overwrite_each_other(filled):
    with filled.reading() as first, filled.reading() as second:
        mine, theirs = first.get(ClauseRow, "fees.total"), second.get(ClauseRow, "fees.total")
        second.commit()
        mine.topic = "mine"
        first.commit()
        theirs.topic = "theirs"
        with pytest.raises(StaleDataError):
            second.commit()


def test_moments_come_back_in_utc(filled):
    with filled.writing() as session:
        session.add(LibraryLoad(digest="0", created_at=MOMENT))
    with filled.reading() as session:
        stored = session.scalar(select(LibraryLoad.created_at))

    assert (stored, stored.tzinfo) == (MOMENT, UTC)


def test_a_moment_without_a_zone_is_refused(filled):
    with pytest.raises(StatementError), filled.writing() as session:
        session.add(LibraryLoad(digest="0", created_at=datetime(2026, 3, 1)))  # noqa: DTZ001
