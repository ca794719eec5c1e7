"""Upkeep of a file store: files that are gone or damaged, and files nothing refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID

from itsdangerous import URLSafeSerializer
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from clausebank.storage.columns import now
from clausebank.storage.database import Database
from clausebank.storage.drafting_models import ContractDraft
from clausebank.storage.errors import DamagedFile, MissingFile
from clausebank.storage.files import FileStore, Stored
from clausebank.storage.keys import ATTACHED, SHELLS, attached_key, shell_key
from clausebank.storage.ledger_models import Batch
from clausebank.storage.models import Contract, ContractFile, ShellVersion

CHUNK = 500
GRACE = timedelta(hours=24)
NOTE, DIGEST_PLACE = "_filed.", 2
"""Fields of a form that carry the sealed note of a file, and where in it the digest stands."""
MISSING, DAMAGED = "missing", "damaged"


@dataclass(frozen=True, slots=True)
class Loss:
    """A file that should be there: ``what`` is ``missing`` or ``damaged``; a shell is no contract's."""

    what: str
    contract_id: UUID | None
    format: str
    key: str


# --- what should be there ------------------------------------------------------------------------


def losses(database: Database, store: FileStore, *, read: bool = True) -> Iterator[Loss]:
    """Yield the files of contracts and the shells that are not there, or when read are not what they were."""
    for file in _files(database):
        what = _loss(store, file.path, file.sha256, file.size, read=read)
        if what:
            yield Loss(what, file.contract_id, file.format, file.path)
    with database.reading() as session:
        for contract_id, sha256 in _attached(session):
            key = attached_key(sha256)
            what = _loss(store, key, sha256, None, read=read)
            if what:
                yield Loss(what, contract_id, "attached", key)
        for sha256 in session.scalars(select(ShellVersion.sha256).distinct()):
            what = _loss(store, shell_key(sha256), sha256, None, read=read)
            if what:
                yield Loss(what, None, "shell", shell_key(sha256))


def _loss(store: FileStore, key: str, sha256: str, size: int | None, *, read: bool) -> str:
    """Return what is wrong with a file; without reading it, its presence and its size tell."""
    try:
        if read:
            store.open(key, sha256).close()
            return ""
        found = store.find(key)
    except MissingFile:
        return MISSING
    except DamagedFile:
        return DAMAGED
    if found is None:
        return MISSING
    return DAMAGED if size not in {None, found.size} else ""


def _files(database: Database) -> Iterator[ContractFile]:
    """Yield the rows of all files, a few at a time and with no transaction left open between."""
    last: tuple[UUID, str] | None = None
    while True:
        query = select(ContractFile).order_by(ContractFile.contract_id, ContractFile.format).limit(CHUNK)
        if last:
            query = query.where(tuple_(ContractFile.contract_id, ContractFile.format) > tuple_(*last))
        with database.reading() as session:
            found = session.scalars(query).all()
        if not found:
            return
        yield from found
        last = found[-1].contract_id, found[-1].format


def _attached(session: Session) -> Iterator[tuple[UUID, str]]:
    """Yield the contracts with attached files, and the digest of each of these."""
    query = select(Contract.id, Contract.manifest["filed"]).execution_options(yield_per=CHUNK)
    for contract_id, filed in session.execute(query):
        for file in filed or ():
            yield contract_id, file["sha256"]


# --- what should not be there --------------------------------------------------------------------


def _kept_for_contracts(session: Session, keys: Iterable[str]) -> set[str]:
    return set(session.scalars(select(ContractFile.path).where(ContractFile.path.in_(list(keys)))))


def _attached_to_contracts(session: Session, keys: Iterable[str]) -> set[str]:
    wanted = {key for key in keys if key.startswith(ATTACHED)}
    return wanted and wanted & {attached_key(sha256) for _, sha256 in _attached(session)}


def _attached_to_drafts(session: Session, keys: Iterable[str]) -> set[str]:
    """Find what forms that were saved hold; their notes are sealed, but can be read without the key."""
    wanted = {key for key in keys if key.startswith(ATTACHED)}
    return wanted and wanted & {attached_key(sha256) for sha256 in _noted(session)}


def _noted(session: Session) -> Iterator[str]:
    """Yield the digests of the files of every saved form."""
    for fields in session.scalars(select(ContractDraft.fields).execution_options(yield_per=CHUNK)):
        for name, note in fields.items():
            if name.startswith(NOTE):
                _proved, content = URLSafeSerializer("").loads_unsafe(note)
                if isinstance(content, list) and len(content) > DIGEST_PLACE:
                    yield str(content[DIGEST_PLACE])


def _handed_in_for_batches(session: Session, keys: Iterable[str]) -> set[str]:
    """Return the keys of files of rows, kept while their batch waits to be started."""
    uploads = session.scalars(select(Batch.options["upload"]["key"].as_string()))
    return set(keys) & set(uploads)


def _kept_shells(session: Session, keys: Iterable[str]) -> set[str]:
    wanted = {key for key in keys if key.startswith(SHELLS)}
    return wanted and wanted & set(map(shell_key, session.scalars(select(ShellVersion.sha256))))


OWNERS: tuple[Callable[[Session, Iterable[str]], set[str]], ...] = (
    _kept_for_contracts,
    _attached_to_contracts,
    _attached_to_drafts,
    _handed_in_for_batches,
    _kept_shells,
)
"""Everything that may refer to a file: given keys, each returns those it refers to."""


def orphans(database: Database, store: FileStore, grace: timedelta = GRACE) -> Iterator[Stored]:
    """Yield the files nothing refers to; younger ones may belong to a job that is not done yet."""
    before = now() - grace
    old = (file for file in store.files() if file.at < before)
    while chunk := list(islice(old, CHUNK)):
        owned = _owned(database, chunk)
        yield from (file for file in chunk if file.key not in owned)


def delete_orphan(database: Database, store: FileStore, orphan: Stored) -> bool:
    """Remove an orphan, unless it found an owner or was written anew meanwhile."""
    if _owned(database, [orphan]) or store.find(orphan.key) != orphan:
        return False
    store.delete(orphan.key)
    return True


def _owned(database: Database, files: Iterable[Stored]) -> set[str]:
    keys = [file.key for file in files]
    with database.reading() as session:
        return set().union(*(owner(session, keys) for owner in OWNERS))
