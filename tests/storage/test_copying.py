"""A database moved to another: every pair of kinds, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import func, select

from clausebank.storage import audit, ledger
from clausebank.storage.bank import load_shipped
from clausebank.storage.contracts import keep_contract
from clausebank.storage.copying import SEEDED, CopyFault, copied_tables, copy_database
from clausebank.storage.database import open_database, sqlite_url
from clausebank.storage.errors import Refusal
from clausebank.storage.migrate import is_current, upgrade
from clausebank.storage.models import ClauseVersion, Contract, SearchEntry
from clausebank.storage.search import What, search
from tests.storage.test_contracts import library, outcome, store  # noqa: F401 (fixtures)

KINDS = ("sqlite", "postgresql")


@pytest.fixture
def opened(request, tmp_path):
    """A function that opens a new empty database of a kind."""
    databases = []

    def new(kind: str):
        address = (
            sqlite_url(tmp_path / f"{len(databases)}.db")
            if kind == "sqlite"
            else request.getfixturevalue("postgres_server")()
        )
        databases.append(open_database(address, "王律师", b"a key of the trail"))
        return databases[-1]

    yield new
    for database in databases:
        database.close()


@pytest.fixture
def filled(opened, library, store, outcome):  # noqa: F811
    """A function that gives a database with texts, contracts, a renewal and a batch."""

    def fill(kind: str):
        database = opened(kind)
        upgrade(database)
        with database.writing() as session:
            load_shipped(session, library)
        first = keep_contract(database, store, outcome)
        keep_contract(database, store, replace(outcome, number="A-2", predecessor_id=first.id))
        with database.writing() as session:
            ledger.create_batch(session, "small", "rows.xlsx", {}, [ledger.NewItem("1", "一", {"a": "甲"})])
        return database

    return fill


def content(database) -> dict[str, list]:
    with database.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in copied_tables(connection)
        }


@pytest.mark.parametrize(("before", "after"), [*product(KINDS, KINDS)])
def test_the_copy_holds_the_same_rows_and_an_unbroken_trail(filled, opened, before, after):
    source, target = filled(before), opened(after)
    copied = copy_database(source, target)

    assert is_current(target)
    assert content(target) == content(source)
    assert copied.rows["contract"] == 2
    with target.reading() as session:
        verdict = audit.verify(session, b"a key of the trail")
    assert (verdict.findings, verdict.head) == ((), copied.head)


@pytest.mark.parametrize("after", KINDS)
def test_the_copy_is_worked_on_like_any_other(filled, opened, library, store, outcome, after):  # noqa: F811
    source, target = filled("sqlite"), opened(after)
    copy_database(source, target)
    made = keep_contract(target, store, replace(outcome, number="A-3"))
    with target.writing() as session:
        session.add(
            ClauseVersion(
                clause_id="fees.total", stance="client", number=99, text="新", head=None, sha256="0" * 64,
                status="draft", author="王律师",
            )
        )  # fmt: skip
        session.flush()
        entries = session.scalar(select(func.count()).select_from(SearchEntry))
        contracts = session.scalar(select(func.count()).select_from(Contract))
        assert [hit.name for hit in search(session, "A-3", What.CONTRACT).hits] == [str(made.id)]
        assert {hit.title["zh"] for hit in search(session, "A-2", What.CONTRACT).hits} == {
            f"A-2 {outcome.title}"
        }

    assert contracts == 3
    assert entries > contracts


def test_a_database_that_holds_anything_is_refused_and_left_as_it_was(filled):
    source, target = filled("sqlite"), filled("sqlite")
    before = content(target)
    with pytest.raises(Refusal, match="not empty"):
        copy_database(source, target)

    assert content(target) == before


def test_when_the_copy_cannot_be_proved_nothing_is_kept(filled, opened):
    source, target = filled("sqlite"), opened("sqlite")
    broken = replace(source, audit_key=b"another key")
    with pytest.raises(CopyFault, match="audit trail"):
        copy_database(broken, target)

    assert {name for name, rows in content(target).items() if rows} == SEEDED
