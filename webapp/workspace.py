"""What everything that runs works with: the database, the file store, the bank and the templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from clausebank.assembly.select import Stances
from clausebank.bank.model import Bank
from clausebank.errors import UnknownName
from clausebank.storage.bank import bank_stamp, load_stored_bank, load_stored_templates
from clausebank.storage.database import Database
from clausebank.storage.files import FileStore
from clausebank.storage.people import find_team
from clausebank.storage.pins import bank_with
from clausebank.storage.prepare import prepare
from clausebank.templates import Template
from webapp.settings import Settings
from webapp.shells import SHELLS, Shells


@dataclass(frozen=True, slots=True)
class Workspace:
    """An open database with the bank as it is now, and where files go."""

    database: Database
    files: FileStore
    bank: Bank
    templates: Mapping[str, Template]
    shells: Shells
    stamp: tuple[object, ...] = ()

    def template(self, kind: str) -> Template:
        """Return the template of a kind; UnknownName when there is none."""
        if kind not in self.templates:
            raise UnknownName("kind", kind)
        return self.templates[kind]

    def in_team(self, name: str) -> Workspace:
        """Return the workspace where what is made belongs to a team; UnknownName when there is none."""
        if not name:
            return self
        with self.database.reading() as session:
            return self.for_team(find_team(session, name).id)

    def for_team(self, team: UUID | None) -> Workspace:
        """Return the workspace where what is made belongs to a team; the same one where none is given."""
        return replace(self, database=replace(self.database, team=team)) if team else self

    def renewed(self) -> Workspace:
        """Return the workspace with the bank as it is now, the same one when nothing changed."""
        with self.database.reading() as session:
            if bank_stamp(session) == self.stamp:
                return self
            return replace(self, **_texts(session))

    def bank_for(self, stances: Stances) -> Bank:
        """Return the bank with the versions pinned; UnknownName for one that is not in force."""
        if not stances.versions:
            return self.bank
        with self.database.reading() as session:
            return bank_with(session, self.bank, stances)


def open_workspace(settings: Settings) -> Workspace:
    """Open the database, made and filled on first use, and read the bank from it."""
    store = settings.open_store()
    database = settings.open_database()
    try:
        prepare(database)
        with database.reading() as session:
            texts = _texts(session)
        shells = Shells(settings.home / "shells", database, store)
        shells.take_over()
    except BaseException:
        database.close()
        raise
    return Workspace(database, store, shells=shells, **texts)


def _texts(session: Session) -> dict[str, Any]:
    """Return the texts in force; the stamp is read first, so that it is never younger than they are."""
    return {
        "stamp": bank_stamp(session),
        "bank": load_stored_bank(session),
        "templates": load_stored_templates(session),
    }


@contextmanager
def workspace(settings: Settings) -> Iterator[Workspace]:
    """Open the workspace for one job."""
    opened = open_workspace(settings)
    try:
        yield opened
    finally:
        opened.database.close()


@cache
def shell_path(name: str) -> Path:
    """Return the Word shell of a template."""
    return SHELLS / f"{name}.docx"
