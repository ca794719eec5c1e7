"""Every query of somebody's session is limited to what the teams own and what they made."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from clausebank.people import Person, UserRole
from clausebank.storage.ledger_models import Batch
from clausebank.storage.people import add_user, person_of
from clausebank.storage.people_models import Owned, Team


@pytest.fixture
def people(database) -> dict[str, Person]:
    """A lawyer of each of two teams, one of none, and an administrator; a batch made by each."""
    with database.writing() as session:
        session.add_all([Team(name="甲队"), Team(name="乙队")])
        session.flush()
        rows = [
            add_user(session, login, role, teams=teams)[0]
            for login, role, teams in [
                ("jia", UserRole.LAWYER, ["甲队"]),
                ("yi", UserRole.LAWYER, ["乙队"]),
                ("wu", UserRole.LAWYER, []),
                ("admin", UserRole.ADMINISTRATOR, []),
            ]
        ]
        found = {row.login: person_of(row) for row in rows}
        for person in found.values():
            session.add(
                Batch(
                    kind=person.login,
                    source="",
                    options={},
                    total=0,
                    team_id=person.home,
                    owner_id=person.id,
                )
            )
    return found


def kinds(database, person, query=None) -> set[str]:
    with database.seen_by(person).reading() as session:
        return {batch.kind for batch in session.scalars(select(Batch) if query is None else query)}


def test_one_sees_what_the_teams_own_and_what_one_made(database, people):
    assert {login: kinds(database, person) for login, person in people.items()} == {
        "jia": {"jia"},
        "yi": {"yi"},
        "wu": {"wu"},
        "admin": {"jia", "yi", "wu", "admin"},
    }


def test_no_kind_of_query_gets_round_it(database, people):
    other = aliased(Batch)
    foreign = ids(database)["yi"]
    with database.seen_by(people["jia"]).reading() as session:
        assert session.get(Batch, foreign) is None
        assert session.scalar(select(func.count()).select_from(Batch)) == 1
        assert session.scalar(select(func.count(Batch.id))) == 1
        assert list(session.scalars(select(Batch.kind))) == ["jia"]
        assert len(list(session.scalars(select(other)))) == 1
        assert list(session.scalars(select(Batch).where(Batch.id == foreign))) == []


def test_what_is_not_seen_is_not_changed(database, people):
    foreign = ids(database)["yi"]
    with database.seen_by(people["jia"]).writing() as session:
        session.execute(update(Batch).where(Batch.id == foreign).values(kind="mine"))
        session.execute(delete(Batch).where(Batch.id == foreign))
    assert ids(database)["yi"] == foreign


def ids(database) -> dict[str, UUID]:
    with database.reading() as session:
        return {batch.kind: batch.id for batch in session.scalars(select(Batch))}


def test_the_rule_holds_for_every_table_that_is_owned():
    assert {table.__tablename__ for table in Owned.__subclasses__()} >= {"contract", "batch"}


def test_somebody_without_teams_sees_nothing_of_others(database, people):
    nobody = Person(uuid4(), "x", "x", UserRole.LAWYER)
    assert kinds(database, nobody) == set()
