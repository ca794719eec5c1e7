"""Word shells live as clause texts do: draft, review, approval, retirement; an approved one never changes."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from clausebank.errors import UnknownName
from clausebank.storage.audit import events
from clausebank.storage.errors import Outdated, Refusal
from clausebank.storage.folder import FolderStore
from clausebank.storage.lifecycle import approve, retire, save_draft, submit
from clausebank.storage.models import ShellVersion
from clausebank.storage.shells import add_shell, all_shells, names_in_force, no_findings, take_over
from clausebank.storage.upkeep import delete_orphan, losses, orphans, shell_key
from clausebank.storage.versions import name_of, newest_approved, parse_name, shell_series

AUTHOR, REVIEWER = "李行政", "王律师"


@pytest.fixture
def files(tmp_path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def added(database, files, data: bytes, reviewer: str = "", name: str = "house") -> str:
    with database.writing() as session:
        return name_of(add_shell(session, files, name, data, AUTHOR, "改了样式", reviewer))


def in_force(database) -> list[str]:
    with database.reading() as session:
        return names_in_force(session)


def test_a_shell_added_is_a_draft_until_another_person_approves_it(database, files):
    name = added(database, files, b"one")
    assert in_force(database) == []
    with database.writing() as session:
        submit(session, [name], AUTHOR, no_findings)
    with database.writing() as session, pytest.raises(Refusal, match="nobody reviews"):
        approve(session, [name], AUTHOR, no_findings)
    with database.writing() as session:
        approve(session, [name], REVIEWER, no_findings)
    assert in_force(database) == ["house"]


def test_the_newest_approved_version_is_in_force_and_the_older_stay(database, files):
    assert [added(database, files, data, REVIEWER) for data in (b"one", b"two")] == [
        "shell/house:1",
        "shell/house:2",
    ]
    with database.reading() as session:
        assert newest_approved(session, shell_series("house")).number == 2
        assert [row.number for row in all_shells(session)] == [2, 1]


def test_a_draft_made_before_another_was_approved_is_outdated(database, files):
    old = added(database, files, b"one")
    added(database, files, b"two", REVIEWER)
    with database.writing() as session, pytest.raises(Outdated):
        submit(session, [old], AUTHOR, no_findings)


def test_the_database_refuses_to_change_or_delete_an_approved_shell(database, files):
    added(database, files, b"one", REVIEWER)
    for statement in (update(ShellVersion).values(sha256="0"), delete(ShellVersion)):
        with pytest.raises(DBAPIError, match="never changes"), database.writing() as session:
            session.execute(statement)


def test_a_shell_takes_no_text(database, files):
    name = added(database, files, b"one")
    with database.writing() as session, pytest.raises(Refusal, match="no text"):
        save_draft(session, name, AUTHOR, 1, "改")


def test_a_retired_shell_is_out_of_force_with_its_reason_on_the_trail(database, files):
    added(database, files, b"one", REVIEWER)
    with database.writing() as session:
        retire(session, "shell/house", REVIEWER, "换了样式")
    assert in_force(database) == []
    with database.reading() as session:
        actions = [event.action for event in events(session, "shell/house:1")]
    assert set(actions) == {"draft", "submit", "approve", "retire"}


def test_files_of_shells_have_an_owner_and_a_missing_one_is_told(database, files):
    added(database, files, b"one")
    assert list(orphans(database, files, timedelta(0))) == []
    with database.reading() as session:
        (digest,) = session.scalars(select(ShellVersion.sha256))
    found = files.find(shell_key(digest))
    assert not delete_orphan(database, files, found)
    files.delete(shell_key(digest))
    assert [(loss.what, loss.format, loss.contract_id) for loss in losses(database, files)] == [
        ("missing", "shell", None)
    ]


def test_shells_that_were_files_are_taken_over_once(database, files):
    for expected in (["shell/house:1"], []):
        with database.writing() as session:
            assert take_over(session, files, {"house": b"one"}) == expected


@pytest.mark.parametrize("name", ["shell/Upper", "shell/", "shell/a b", "shell/x:y"])
def test_names_of_shells_are_plain(name):
    with pytest.raises(UnknownName):
        parse_name(name)
