from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from clausebank.errors import BankError
from clausebank.storage.bank import load_stored_bank
from clausebank.storage.models import ClauseVersion, LibraryLoad
from clausebank.storage.prepare import prepare
from tests.storage.libraries import TERM, small_library

FIRST_USE = """
import sys
from pathlib import Path
from clausebank.storage.database import open_database
from clausebank.storage.library import folders_below
from clausebank.storage.prepare import prepare
print("ready", flush=True)
sys.stdin.read()
database = open_database(sys.argv[1])
prepare(database, folders_below(Path(sys.argv[2])))
database.close()
"""


def counted(database, table) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_first_use_makes_the_tables_and_loads_the_bank(empty, tmp_path):
    prepare(empty, small_library(tmp_path))

    with empty.reading() as session:
        assert set(load_stored_bank(session).clauses) == {"fees.total", "term.duration"}


def test_unchanged_files_are_not_loaded_again(empty, tmp_path):
    folders = small_library(tmp_path)

    assert [prepare(empty, folders), prepare(empty, folders)] == [5, 0]
    assert counted(empty, LibraryLoad) == 1


def test_changed_files_are_loaded_at_the_next_start(empty, tmp_path):
    prepare(empty, small_library(tmp_path))
    prepare(empty, small_library(tmp_path, term__duration=TERM.replace("签署", "盖章")))

    assert counted(empty, ClauseVersion) == 4


def test_texts_with_errors_are_refused_and_nothing_of_them_is_loaded(empty, tmp_path):
    folders = small_library(tmp_path, term__duration=None)
    with pytest.raises(BankError, match=r"term\.duration"):
        prepare(empty, folders)

    assert (counted(empty, ClauseVersion), counted(empty, LibraryLoad)) == (0, 0)


def test_four_processes_may_start_on_an_empty_database_at_once(empty, url, tmp_path):
    small_library(tmp_path)
    command = [sys.executable, "-c", FIRST_USE, url, str(tmp_path)]
    root = Path(__file__).parents[2]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    starters = [subprocess.Popen(command, text=True, cwd=root, **pipes) for _ in range(4)]
    for process in starters:
        assert process.stdout.readline() == "ready\n"
    for process in starters:
        process.stdin.close()
    errors = []
    for process in starters:
        with process.stderr as stream, process.stdout:
            errors.append(stream.read())
        process.wait()

    assert errors == [""] * 4
    assert [process.returncode for process in starters] == [0] * 4
    assert (counted(empty, ClauseVersion), counted(empty, LibraryLoad)) == (3, 1)
