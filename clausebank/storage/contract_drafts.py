"""Contracts being drafted: saved as they are typed, never one person's save over another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clausebank.errors import ClauseBankError, UnknownName
from clausebank.storage.columns import now
from clausebank.storage.contracts import owner_in
from clausebank.storage.drafting_models import ContractDraft

KEPT_DAYS = 30
"""How long a deleted draft can be taken back."""
LONGEST = 300


class SavedElsewhere(ClauseBankError):  # noqa: N818 (reads better without Error)
    """A draft was saved from another page since this one saw it; ``theirs`` is the draft as it is now."""

    def __init__(self, theirs: ContractDraft) -> None:
        self.theirs = theirs
        super().__init__(f"draft {theirs.id} is at revision {theirs.revision}")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page holds of a draft: ``revision`` is the one it saw last, 0 for none, ``tab`` names the page.

    ``team`` is the team it belongs to from now on, None to leave that as it is.
    """

    id: UUID
    kind: str
    revision: int
    tab: str
    fields: Mapping[str, str]
    number: str = ""
    parties: tuple[str, ...] = ()
    open: int = 0
    team: UUID | None = None


def save_draft(session: Session, typed: Typed) -> ContractDraft:
    """Save what a page holds; SavedElsewhere when another page saved other words in between.

    A page whose last save was never answered may save again. UnknownName for the id of a foreign draft.
    """
    row = session.scalar(select(ContractDraft).where(ContractDraft.id == typed.id).with_for_update())
    if row is None:
        return _first_save(session, typed)
    if row.kind != typed.kind:
        raise UnknownName("draft", str(typed.id))
    if row.fields == typed.fields and row.deleted_at is None:
        return row
    if row.revision != typed.revision and row.tab != typed.tab:
        session.expunge(row)
        raise SavedElsewhere(row)
    _write(session, row, typed)
    session.flush()
    return row


def _first_save(session: Session, typed: Typed) -> ContractDraft:
    team, owner = owner_in(session)
    row = ContractDraft(id=typed.id, kind=typed.kind, team_id=team, owner_id=owner, revision=0)
    _write(session, row, typed)
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise UnknownName("draft", str(typed.id)) from error
    return row


def _write(session: Session, row: ContractDraft, typed: Typed) -> None:
    row.fields, row.open = dict(typed.fields), typed.open
    row.number, row.parties = typed.number[:LONGEST], " · ".join(typed.parties)[:LONGEST]
    row.revision, row.tab = row.revision + 1, typed.tab
    row.team_id = typed.team or row.team_id
    row.saved_by, row.updated_at, row.deleted_at = session.info["actor"], now(), None


def find_draft(session: Session, draft_id: UUID) -> ContractDraft | None:
    """Return a draft that is not deleted."""
    row = session.get(ContractDraft, draft_id)
    return row if row is not None and row.deleted_at is None else None


def open_drafts(session: Session, *, offset: int = 0, limit: int = 50, by: str = "") -> list[ContractDraft]:
    """Return the drafts of which no contract was made, the last changed first; ``by``: saved last by whom."""
    table = ContractDraft
    query = select(table).where(table.deleted_at.is_(None), table.contract_id.is_(None))
    query = query.where(table.saved_by == by) if by else query
    newest = query.order_by(table.updated_at.desc(), table.id)
    return list(session.scalars(newest.offset(offset).limit(limit)))


def delete_draft(session: Session, draft_id: UUID) -> ContractDraft:
    """Delete a draft so that it can be taken back; those deleted long ago go for good."""
    old = now() - timedelta(days=KEPT_DAYS)
    session.execute(delete(ContractDraft).where(ContractDraft.deleted_at < old))
    row = session.get(ContractDraft, draft_id)
    if row is None:
        raise UnknownName("draft", str(draft_id))
    row.deleted_at = now()
    return row


def restore_draft(session: Session, draft_id: UUID) -> ContractDraft:
    """Take back a deleted draft."""
    row = session.get(ContractDraft, draft_id)
    if row is None:
        raise UnknownName("draft", str(draft_id))
    row.deleted_at = None
    return row


def finish_draft(session: Session, draft_id: UUID, contract_id: UUID) -> None:
    """Note which contract was made of a draft."""
    row = session.get(ContractDraft, draft_id)
    if row is not None:
        row.contract_id = contract_id
