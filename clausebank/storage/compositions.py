"""Compositions: the sets of clause versions that contracts hold, each kept once.

Contracts of one kind and stance mostly hold the very same texts, so that a hundred thousand contracts
share a few hundred compositions, and what holds a text is found among those.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, any_, cast, func, select
from sqlalchemy.orm import Session

from clausebank.storage.audit import take_turn
from clausebank.storage.database import on_postgresql
from clausebank.storage.models import Composition, CompositionClause, Contract


def composition_of(session: Session, version_ids: Collection[int]) -> int | None:
    """Return the id of the composition of these clause versions, made on first use; None for no versions."""
    if not version_ids:
        return None
    digest = digest_of(version_ids)
    known = select(Composition.id).where(Composition.sha256 == digest)
    found = session.scalar(known)
    if found is None:
        take_turn(session)
        found = session.scalar(known) or _made(session, digest, version_ids)
    return found


def _made(session: Session, digest: str, version_ids: Collection[int]) -> int:
    made = Composition(sha256=digest)
    session.add(made)
    session.flush()
    session.add_all(CompositionClause(composition_id=made.id, clause_version_id=id_) for id_ in version_ids)
    session.flush()
    return made.id


def digest_of(version_ids: Collection[int]) -> str:
    """Return the digest of a set of clause versions."""
    return hashlib.sha256(" ".join(map(str, sorted(version_ids))).encode()).hexdigest()


def holding_versions(session: Session, version_ids: Collection[int] | Select[Any]) -> ColumnElement[bool]:
    """Return the condition that a contract holds one of these clause versions.

    PostgreSQL is told the compositions: counting by a query of them takes half as long again. Where all
    there are hold one, a limit does; those made meanwhile, which need not hold any, have greater ids.
    """
    of, part = Contract.composition_id, CompositionClause
    held = select(part.composition_id).where(part.clause_version_id.in_(version_ids))
    if not on_postgresql(session):
        return of.in_(held)
    found = session.scalars(held.distinct()).all()
    if found and len(found) == session.scalar(select(func.count()).select_from(Composition)):
        return of <= max(found)
    return of == any_(cast(found, ARRAY(Integer)))
