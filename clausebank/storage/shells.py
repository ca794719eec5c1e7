"""Word shells an organisation restyled: their versions in the database, their files in the file store."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from clausebank.findings import Finding
from clausebank.storage.audit import record
from clausebank.storage.columns import now
from clausebank.storage.files import FileStore
from clausebank.storage.keys import shell_key
from clausebank.storage.lifecycle import approve, start_draft, submit
from clausebank.storage.models import SHIPPED, ShellVersion, Status
from clausebank.storage.versions import Version, make_version, name_of, shell_series

TAKEN_OVER = "从文件夹接收 · Taken over from the folder"


def add_shell(
    session: Session,
    files: FileStore,
    name: str,
    data: bytes,
    actor: str,
    note: str,
    reviewer: str = "",
) -> Version:
    """Keep a checked shell as a draft of its name; with a reviewer, who is another person, approved."""
    digest = _keep(files, data)
    row = start_draft(session, shell_series(name), actor, text=digest, note=note)
    if reviewer:
        submit(session, [name_of(row)], actor, no_findings)
        approve(session, [name_of(row)], reviewer, no_findings)
    return row


def take_over(session: Session, files: FileStore, found: Mapping[str, bytes]) -> list[str]:
    """Put shells into force that were files only; names that have versions already stay as they are."""
    taken = []
    for name, data in found.items():
        series = shell_series(name)
        if session.scalar(select(ShellVersion.id).where(series.rows()).limit(1)) is None:
            digest = _keep(files, data)
            row = make_version(session, series, digest, author=SHIPPED, editors=[SHIPPED], note=TAKEN_OVER)
            row.status, row.decided_at = Status.APPROVED.value, now()
            record(session, "take over", name_of(row), {"sha256": digest})
            taken.append(name_of(row))
    return taken


def _keep(files: FileStore, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    files.put(shell_key(digest), data)
    return digest


def no_findings(_session: Session, _rows: Sequence[Version]) -> list[Finding]:
    """Find nothing: a shell was checked before it was kept, and no text depends on it."""
    return []


def names_in_force(session: Session) -> list[str]:
    """Return the names that have a shell in force."""
    approved = select(ShellVersion.name).where(ShellVersion.status == Status.APPROVED.value)
    return sorted(set(session.scalars(approved)))


def all_shells(session: Session) -> list[ShellVersion]:
    """Return every version of every shell, by name, the newest first."""
    rows = select(ShellVersion).where(ShellVersion.number > 0)
    return list(session.scalars(rows.order_by(ShellVersion.name, ShellVersion.number.desc())))
