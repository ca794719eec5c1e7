"""Workspaces for tests: the shipped bank in a fresh database, and a way to tamper with Word files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from clausebank.bank.load import make_variant
from clausebank.document import Stance
from clausebank.storage.bank import load_stored_library
from tests.storage.libraries import load_own
from webapp.settings import Settings
from webapp.workspace import Workspace, workspace


@contextmanager
def fresh_workspace(folder: Path) -> Iterator[Workspace]:
    """Open a workspace of its own below a folder."""
    with workspace(Settings(home=folder / "home", generated=folder / "generated")) as opened:
        yield opened


def changed_word(data: bytes, part: str, before: str, after: str) -> bytes:
    """Return a Word file with a piece of one part replaced; the piece must be there."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == part:
                assert before.encode() in content
                content = content.replace(before.encode(), after.encode(), 1)
            new.writestr(member, content)
    return result.getvalue()


def add_own_text(place: Workspace, clause_id: str, more: str, *, mandatory: bool = False) -> None:
    """Store an organisation's own version of a neutral text, longer by a paragraph; it may be marked."""
    with place.database.writing() as session:
        library = load_stored_library(session)
        clause = library.bank.clauses[clause_id]
        text = f"{clause.variants[Stance.NEUTRAL].text}\n{more}\n"
        variants = {**clause.variants, Stance.NEUTRAL: make_variant(Stance.NEUTRAL, text, 1)}
        clauses = {**library.bank.clauses, clause_id: replace(clause, variants=variants, mandatory=mandatory)}
        assert load_own(session, replace(library, bank=replace(library.bank, clauses=clauses)), "王律师") == 1
