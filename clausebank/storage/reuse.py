"""What is typed once and used again: sets of answers and the address book of parties, shared in a team."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from clausebank.storage.columns import now
from clausebank.storage.contract_drafts import KEPT_DAYS
from clausebank.storage.contracts import owner_in
from clausebank.storage.drafting_models import ParameterSet, PartyRecord

T = TypeVar("T", bound=ParameterSet | PartyRecord)
Fields = Mapping[str, str]


def kept(session: Session, table: type[T], *, limit: int = 500) -> list[T]:
    """Return the sets, or the parties, in the order of their names."""
    query = select(table).where(table.deleted_at.is_(None)).order_by(table.name, table.id)
    return list(session.scalars(query.limit(limit)))


def find_kept(session: Session, table: type[T], id_: UUID) -> T | None:
    """Return a set or a party that is not deleted."""
    row = session.get(table, id_)
    return row if row is not None and row.deleted_at is None else None


def find_named(session: Session, table: type[T], name: str) -> T | None:
    """Return the set or the party with this name; a party also by its code."""
    rule = table.name == name
    if table is PartyRecord:
        rule = or_(rule, PartyRecord.uscc == name)
    query = select(table).where(rule, table.deleted_at.is_(None)).order_by(table.updated_at.desc())
    return session.scalar(query.limit(1))


def keep_set(session: Session, name: str, fields: Fields) -> ParameterSet:
    """Keep answers under a name; a set of one's team with this name is replaced."""
    team, owner = owner_in(session)
    query = select(ParameterSet).where(ParameterSet.name == name, ParameterSet.team_id == team)
    row = session.scalar(query.where(ParameterSet.deleted_at.is_(None)))
    row = row or ParameterSet(name=name, team_id=team, owner_id=owner)
    return _write(session, row, fields)


def keep_party(session: Session, fields: Fields, row: PartyRecord | None = None) -> PartyRecord:
    """Keep a company; the record of one's team with the same code is replaced, unless ``row`` is given."""
    team, owner = owner_in(session)
    name, uscc = fields.get("name", ""), fields.get("uscc", "")
    if row is None:
        query = select(PartyRecord).where(PartyRecord.uscc == uscc, PartyRecord.team_id == team)
        row = session.scalar(query.where(PartyRecord.deleted_at.is_(None)))
    row = row or PartyRecord(team_id=team, owner_id=owner)
    row.name, row.uscc = name, uscc
    return _write(session, row, fields)


def _write(session: Session, row: T, fields: Fields) -> T:
    row.fields, row.saved_by, row.updated_at = dict(fields), session.info["actor"], now()
    session.add(row)
    session.flush()
    return row


def forget(session: Session, row: T) -> None:
    """Delete a set or a party so that it can be taken back; those deleted long ago go for good."""
    table = type(row)
    session.execute(delete(table).where(table.deleted_at < now() - timedelta(days=KEPT_DAYS)))
    row.deleted_at = now()


def take_back(session: Session, table: type[T], id_: UUID) -> T | None:
    """Take back what was deleted."""
    row = session.get(table, id_)
    if row is not None:
        row.deleted_at = None
    return row
