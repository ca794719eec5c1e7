"""First use and upgrades: a database with the present tables that holds the shipped texts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from clausebank.errors import BankError
from clausebank.findings import errors
from clausebank.storage.bank import load_shipped
from clausebank.storage.database import Database
from clausebank.storage.library import (
    SHIPPED_FOLDERS,
    Folders,
    check_library,
    library_digest,
    read_library,
)
from clausebank.storage.migrate import is_current, take_turn, upgrade
from clausebank.storage.models import LibraryLoad
from clausebank.storage.search import index_contracts, index_versions


def prepare(database: Database, folders: Folders = SHIPPED_FOLDERS) -> int:
    """Migrate when tables are missing, load the shipped texts when their files changed.

    Returns how many versions are new.
    BankError when the shipped texts have errors: they are not loaded then, not even in part.
    Several processes may do so at once: they take turns, and the later ones find nothing to do.
    """
    if not is_current(database):
        upgrade(database)
        with database.writing() as session:
            index_versions(session)
            index_contracts(session)
    digest = library_digest(folders)
    with database.reading() as session:
        if _last_digest(session) == digest:
            return 0
    library = read_library(folders)
    wrong = errors(check_library(library))
    if wrong:
        raise BankError(wrong)
    with database.writing() as session:
        take_turn(session.connection())
        if _last_digest(session) == digest:
            return 0
        session.add(LibraryLoad(digest=digest))
        return load_shipped(session, library)


def _last_digest(session: Session) -> str | None:
    return session.scalar(select(LibraryLoad.digest).order_by(LibraryLoad.id.desc()).limit(1))
