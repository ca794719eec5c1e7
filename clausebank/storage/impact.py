"""Impact: which kinds, clauses and contracts hold a version of a text, or use a blank."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from clausebank.assembly.select import FRAME_BLANKS, text_blanks
from clausebank.bank.language import ReferenceMark, all_marks
from clausebank.bank.model import Bank, Clause
from clausebank.bank.reader import parse
from clausebank.errors import UnknownName
from clausebank.storage.compositions import holding_versions
from clausebank.storage.models import ClauseVersion, CompositionClause, Contract, TemplateVersion
from clausebank.storage.versions import Version, find_version, name_of
from clausebank.storage.visible import select_contracts
from clausebank.templates import Template


@dataclass(frozen=True, slots=True)
class Impact:
    """What holds a version or a blank; of the contracts one page and how many there are."""

    name: str
    kinds: tuple[str, ...]
    clauses: tuple[str, ...]
    total: int
    contracts: tuple[Contract, ...]


def impact_of(
    session: Session,
    name: str,
    bank: Bank,
    templates: Mapping[str, Template],
    *,
    offset: int = 0,
    limit: int = 50,
) -> Impact:
    """Return what holds a version (``fees.total@client:2``) or a blank; UnknownName for neither.

    ``bank`` and ``templates`` are those in force.
    """
    if "@" in name or "/" in name or name.startswith("vocabulary"):
        row = find_version(session, name)
        kinds = _kinds_of(row, templates)
        return _impact(session, name_of(row), kinds, (), _holding_version(session, row), offset, limit)
    if name not in bank.vocabulary.blanks:
        raise UnknownName("blank", name)
    clauses = _clauses_with(name, bank)
    kinds = tuple(t.kind for t in templates.values() if _uses(t, name, clauses))
    every = name in FRAME_BLANKS
    rule = Contract.id.is_not(None) if every else holding_versions(session, _versions_with(session, name))
    return _impact(session, name, kinds, clauses, rule, offset, limit)


def kinds_taking(templates: Mapping[str, Template], clause_id: str) -> tuple[str, ...]:
    """Return the kinds whose template takes a clause."""
    return tuple(kind for kind, template in templates.items() if clause_id in template.clause_ids())


def citing(bank: Bank, clause_id: str) -> tuple[str, ...]:
    """Return the other clauses a text of which cites a clause."""
    return tuple(c.id for c in bank.clauses.values() if c.id != clause_id and clause_id in cited_clauses(c))


def cited_clauses(clause: Clause) -> frozenset[str]:
    """Return the clauses the texts of a clause cite."""
    marks = (mark for variant in clause.variants.values() for _, mark in all_marks(variant.body))
    return frozenset(m.id for m in marks if isinstance(m, ReferenceMark) and m.kind == "clause")


def contracts_by_version(session: Session, version_ids: Collection[int]) -> dict[int, int]:
    """Return how many of the contracts one may see hold each of these clause versions."""
    part, of = CompositionClause, Contract.composition_id
    each = select(of, func.count().label("contracts")).group_by(of).subquery()
    counted = select(part.clause_version_id, func.sum(each.c.contracts)).join(
        each, each.c.composition_id == part.composition_id
    )
    query = counted.where(part.clause_version_id.in_(version_ids)).group_by(part.clause_version_id)
    return dict.fromkeys(version_ids, 0) | {row[0]: int(row[1]) for row in session.execute(query)}


def _kinds_of(row: Version, templates: Mapping[str, Template]) -> tuple[str, ...]:
    match row:
        case ClauseVersion():
            return kinds_taking(templates, row.clause_id)
        case TemplateVersion():
            return (row.kind,)
    return tuple(templates)


def _holding_version(session: Session, row: Version) -> ColumnElement[bool]:
    match row:
        case ClauseVersion():
            return holding_versions(session, [row.id])
        case TemplateVersion():
            return Contract.template_version_id == row.id
    return Contract.vocabulary_version_id == row.id


def _clauses_with(name: str, bank: Bank) -> list[str]:
    """Return the clauses in force that use a blank."""
    return [
        clause.id
        for clause in bank.clauses.values()
        if any(name in text_blanks(variant.body) for variant in clause.variants.values())
    ]


def _uses(template: Template, name: str, clauses: Iterable[str]) -> bool:
    asked = any(name in when for when in template.conditions())
    return asked or name in FRAME_BLANKS or bool(set(clauses) & set(template.clause_ids()))


def _versions_with(session: Session, name: str) -> list[int]:
    """Return the ids of all versions whose text uses a blank, in a mark or in a condition."""
    version = ClauseVersion
    likely = select(version.id, version.text).where(version.text.contains(name, autoescape=True))
    return [id_ for id_, text in session.execute(likely) if name in text_blanks(parse(text)[0])]


def _impact(
    session: Session,
    name: str,
    kinds: Iterable[str],
    clauses: Iterable[str],
    rule: ColumnElement[bool],
    offset: int,
    limit: int,
) -> Impact:
    total = session.scalar(select_contracts(func.count()).where(rule)) or 0
    newest = (Contract.created_at.desc(), Contract.id)
    page = select_contracts(Contract.id).where(rule).order_by(*newest).offset(offset).limit(limit)
    ids = session.scalars(page).all()
    contracts = session.scalars(select_contracts().where(Contract.id.in_(ids)).order_by(*newest))
    return Impact(name, tuple(kinds), tuple(clauses), total, tuple(contracts))
