from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from clausebank.storage.audit import Head, events, head, record, verify
from clausebank.storage.database import open_database
from clausebank.storage.migrate import upgrade

KEY = b"a key kept elsewhere"


@pytest.fixture
def trail(database):
    with database.writing() as session:
        for number in range(1, 6):
            record(session, "save", f"fees.total@client:{number}", {"n": number, "中": [1, "二"]}, "王律师")
    return database


def found(database, key: bytes = b"", anchor: Head | None = None) -> list[str]:
    with database.reading() as session:
        return [f"{f.place} {f.en}" for f in verify(session, key, anchor).findings]


def tamper(database, *statements: str) -> None:
    """Change the trail as somebody would who can switch the triggers off."""
    postgresql = database.engine.dialect.name == "postgresql"
    off = "ALTER TABLE audit_event DISABLE TRIGGER ALL" if postgresql else "DROP TRIGGER audit_event_update"
    with database.engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text(off))
        if not postgresql:
            connection.execute(sa.text("DROP TRIGGER audit_event_delete"))
        for statement in statements:
            connection.execute(sa.text(statement))


def test_it_tells_who_did_what_when_to_which_object(trail):
    with trail.reading() as session:
        (event,) = events(session, "fees.total@client:3")

    assert (event.seq, event.actor, event.action) == (3, "王律师", "save")
    assert event.detail == {"n": 3, "中": [1, "二"]}
    assert event.at.tzinfo is not None


def test_an_untouched_trail_has_no_findings(trail):
    assert found(trail) == []


def test_an_empty_trail_is_in_order(database):
    assert found(database) == []


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event"])
def test_the_database_refuses_to_change_the_trail(trail, statement):
    with pytest.raises(DBAPIError, match="never changes"), trail.engine.begin() as connection:
        connection.execute(sa.text(statement))


@pytest.mark.parametrize(
    "change",
    [
        "actor = '李律师'",
        "action = 'approve'",
        "target = 'x'",
        "detail = '{}'",
        "at = '2020-01-01 00:00:00.000000'",
        "sealed_by = 'somebody'",
        "digest = 'f'",
    ],
)
def test_an_edited_event_is_found(trail, change):
    tamper(trail, f"UPDATE audit_event SET {change} WHERE seq = 3")

    assert any(line.startswith("3 ") for line in found(trail))


def test_a_deleted_event_is_found(trail):
    tamper(trail, "DELETE FROM audit_event WHERE seq = 3")

    assert found(trail)[0] == "4 event 4 events 3–3 before it are missing"


def test_a_deleted_event_is_found_when_the_numbers_are_closed_up(trail):
    tamper(
        trail,
        "DELETE FROM audit_event WHERE seq = 3",
        "UPDATE audit_event SET seq = 3 WHERE seq = 4",
        "UPDATE audit_event SET seq = 4 WHERE seq = 5",
    )

    assert [line.split()[0] for line in found(trail)] == ["3", "4"]


def test_reordered_events_are_found(trail):
    tamper(
        trail,
        "UPDATE audit_event SET seq = 99 WHERE seq = 2",
        "UPDATE audit_event SET seq = 2 WHERE seq = 3",
        "UPDATE audit_event SET seq = 3 WHERE seq = 99",
    )

    assert {"2", "3"} <= {line.split()[0] for line in found(trail)}


def test_events_cut_off_at_the_end_are_found_with_a_head_noted_earlier(trail):
    with trail.reading() as session:
        noted = head(session)
    tamper(trail, "DELETE FROM audit_event WHERE seq = 5")

    assert found(trail) == []
    assert [line.split()[0] for line in found(trail, anchor=noted)] == ["5"]


def test_a_trail_made_anew_without_the_key_is_found(url):
    sealed = open_database(url, "王律师", KEY)
    upgrade(sealed)
    for _ in range(3):
        with sealed.writing() as session:
            record(session, "save", "vocabulary:1")
    assert found(sealed, KEY) == []
    assert len(found(sealed)) == 3

    forger = open_database(url, "王律师")
    tamper(forger, "DELETE FROM audit_event WHERE seq = 3")
    with forger.writing() as session:
        record(session, "save", "vocabulary:2")

    assert [line.split()[0] for line in found(sealed, KEY)] == ["3"]
    forger.close()
    sealed.close()


def test_events_written_at_once_form_one_chain(url):
    database = open_database(url)
    upgrade(database)

    def write(number: int) -> None:
        with database.writing() as session:
            record(session, "make", f"contract/{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))

    assert found(database) == []
    with database.reading() as session:
        assert head(session).seq == 40
    database.close()


def test_an_event_is_forgotten_with_the_work_it_tells_about(database):
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        assert record(session, "save", "vocabulary:1").seq // 0

    with database.reading() as session:
        assert head(session) == Head(0, "")
