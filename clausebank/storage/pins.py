"""Versions pinned in a contract being drafted: any approved one in place of the newest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from clausebank.assembly.select import Stances, text_blanks
from clausebank.bank.load import make_variant
from clausebank.bank.model import Bank, Clause, Variant
from clausebank.document import Stance
from clausebank.errors import UnknownName
from clausebank.memo import Memo
from clausebank.storage.models import ClauseVersion, Status

_banks: Memo[Bank] = Memo(32)
Place = tuple[str, str]


def approved_numbers(session: Session, clauses: Iterable[str]) -> dict[Place, tuple[int, ...]]:
    """Return the numbers of the approved versions by clause and stance, newest first."""
    version = ClauseVersion
    query = (
        select(version.clause_id, version.stance, version.number)
        .where(version.status == Status.APPROVED.value, version.clause_id.in_(set(clauses)))
        .order_by(version.number.desc())
    )
    found: dict[Place, tuple[int, ...]] = {}
    for clause, stance, number in session.execute(query):
        found[clause, stance] = (*found.get((clause, stance), ()), number)
    return found


def older_versions(session: Session, clause: Clause) -> list[Variant]:
    """Return the approved versions of a clause before those in force, the newest first."""
    version = ClauseVersion
    query = (
        select(version.stance, version.number, version.text)
        .where(version.status == Status.APPROVED.value, version.clause_id == clause.id)
        .order_by(version.number.desc())
    )
    inforce = {(stance, variant.version) for stance, variant in clause.variants.items()}
    rows = [(Stance(stance), number, text) for stance, number, text in session.execute(query)]
    return [
        make_variant(stance, text, number) for stance, number, text in rows if (stance, number) not in inforce
    ]


def bank_with(session: Session, bank: Bank, stances: Stances) -> Bank:
    """Return the bank in which the pinned versions stand for the newest, the same one for the same pins.

    UnknownName for a version that is not approved, or that needs a blank nobody declares any more.
    """
    version = ClauseVersion
    query = select(version.clause_id, version.stance, version.number, version.text).where(
        version.status == Status.APPROVED.value, version.clause_id.in_(stances.versions.keys())
    )
    texts = {(clause, stance, number): text for clause, stance, number, text in session.execute(query)}
    pinned = [
        (clause_id, str(stances.by_clause.get(clause_id, "")), number)
        for clause_id, number in sorted(stances.versions.items())
    ]
    for clause_id, stance, number in pinned:
        if (clause_id, stance, number) not in texts or clause_id not in bank.clauses:
            raise UnknownName("version", f"{clause_id}@{stance}:{number}")
    return _banks((bank,), tuple(pinned), lambda: _with(bank, {pin: texts[pin] for pin in pinned}))


def _with(bank: Bank, texts: Mapping[tuple[str, str, int], str]) -> Bank:
    clauses = {
        clause_id: _clause(bank, clause_id, make_variant(Stance(stance), text, number))
        for (clause_id, stance, number), text in texts.items()
    }
    return replace(bank, clauses={**bank.clauses, **clauses})


def _clause(bank: Bank, clause_id: str, variant: Variant) -> Clause:
    if not text_blanks(variant.body) <= bank.vocabulary.blanks.keys():
        raise UnknownName("version", f"{clause_id}@{variant.stance}:{variant.version}")
    clause = bank.clauses[clause_id]
    return replace(clause, variants={**clause.variants, variant.stance: variant})
