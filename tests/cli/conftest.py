"""The command line in process, in a folder of its own, on a database shared by the session."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from webapp.cli import run


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Outcome]


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def cli(home, tmp_path, monkeypatch, capsys) -> Cli:
    """Run a command; returns its exit code and output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAUSEBANK_HOME", str(home))
    for name in [name for name in os.environ if name.startswith("CLAUSEBANK_") and name != "CLAUSEBANK_HOME"]:
        monkeypatch.delenv(name)

    def call(*arguments: object) -> Outcome:
        code = run([str(argument) for argument in arguments])
        return Outcome(code, *capsys.readouterr())

    return call


@pytest.fixture
def answers(cli, tmp_path):
    """A file of complete valid answers."""
    path = tmp_path / "answers.yml"
    path.write_text(cli("example", "crm-outsourcing").out, "utf-8")
    return path
