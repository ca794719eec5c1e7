"""What holds a text or a blank, and a dry run: what its contracts would say with another version."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session

from clausebank.compare.html import render_inline
from clausebank.errors import BankError, UnknownName
from clausebank.people import Action
from clausebank.storage.errors import Refusal
from clausebank.storage.impact import Impact, impact_of
from clausebank.storage.models import Contract
from clausebank.storage.versions import VOCABULARY, Series, Version, find_version, history, parse_name
from webapp.access import needs
from webapp.current import workspace
from webapp.i18n import chosen_language
from webapp.i18n import gettext as _
from webapp.impact import would_become
from webapp.pages.bank.shared import PAGE, bp, known, message, page, page_asked

TRIED = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would become of a contract: what differs as HTML, what is missing, or why it cannot be said."""

    contract: Contract
    html: str = ""
    missing: tuple[str, ...] = ()
    problem: str = ""


@bp.get("/impact/<path:name>")
@needs(Action.READ)
def impact(name: str) -> str:
    """Show which kinds, clauses and contracts hold a version or use a blank; with ``with``, the dry run."""
    place, tried = workspace(), request.args.get("with", "")
    size = TRIED if tried else PAGE
    with place.database.reading() as database:
        offset = (page_asked() - 1) * size
        held = known(
            lambda: impact_of(database, name, place.bank, place.templates, offset=offset, limit=size)
        )
        series = _series(name)
        versions = history(database, series)
        new = known(lambda: find_version(database, tried)) if tried else None
        outcomes = _outcomes(database, held, new) if new else []
    blanks = place.bank.vocabulary.blanks
    return page(
        "impact.html", held=held, page=page_asked(), older=held.total > page_asked() * size, tried=tried,
        versions=versions, outcomes=outcomes, blank=blanks.get(name), blanks=blanks, series=str(series),
        kinds={kind: place.templates[kind] for kind in held.kinds},
        clauses=[place.bank.clauses[id_] for id_ in held.clauses],
        clause=place.bank.clauses.get(series.clause),
    )  # fmt: skip


def _series(name: str) -> Series:
    """Return the texts one of which can be tried: those of a version's own series, or the vocabulary's."""
    try:
        return parse_name(name)[0]
    except UnknownName:
        return VOCABULARY


def _outcomes(database: Session, held: Impact, new: Version) -> list[Outcome]:
    return [_outcome(database, contract, new) for contract in held.contracts]


def _outcome(database: Session, contract: Contract, new: Version) -> Outcome:
    try:
        becoming = would_become(database, contract, new)
    except Refusal as refusal:
        return Outcome(contract, problem=message(refusal))
    except (BankError, UnknownName):
        return Outcome(contract, problem=_("Its texts cannot be put together with this version."))
    comparison = becoming.comparison
    html = "" if comparison.equal else render_inline(comparison, language=chosen_language())
    return Outcome(contract, html, becoming.missing)
