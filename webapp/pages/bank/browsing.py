"""Browsing the bank: clauses by topic, what a search finds, the texts of a clause side by side, the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from clausebank.balance import ladder
from clausebank.bank.model import Bilingual, Clause
from clausebank.compare import compare
from clausebank.compare.clauses import clause_document
from clausebank.compare.html import render_inline
from clausebank.document import Stance
from clausebank.people import Action
from clausebank.storage.impact import citing, contracts_by_version, kinds_taking
from clausebank.storage.models import ClauseVersion, Status
from clausebank.storage.search import Filters, What, search
from clausebank.storage.versions import (
    OPEN,
    VOCABULARY,
    clause_history,
    clause_series,
    newest_approved,
    open_versions,
    template_series,
)
from clausebank.wording.reading import shown
from webapp.access import needs
from webapp.clausetext import Blocks, Reader
from webapp.current import workspace
from webapp.i18n import chosen_language
from webapp.pages.bank.shared import PAGE, bp, page, page_asked
from webapp.times import start_of_day

ASKED = ("q", "topic", "stance", "status", "kind", "since", "until")
VIEWS = ("marks", "source")
RECENT = 8


@dataclass(frozen=True, slots=True)
class Card:
    """A text of a clause as its card shows it; without a version the neutral text stands in."""

    stance: Stance
    version: ClauseVersion | None
    blocks: Blocks = ()
    marks: str = ""
    contracts: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A value that differs by stance, in words."""

    label: Bilingual
    suggested: Mapping[Stance, str]


@bp.get("/")
@needs(Action.READ)
def index() -> str:
    """Show the clauses by topic, or what a search finds."""
    bank = workspace().bank
    given = {name: request.args.get(name, "").strip() for name in ASKED}
    hits = None
    with workspace().database.reading() as database:
        if any(given.values()):
            hits = search(
                database,
                given["q"],
                What.CLAUSE,
                _filters(given),
                offset=(page_asked() - 1) * PAGE,
                limit=PAGE,
            )
        waiting = {row.clause_id for row in open_versions(database) if isinstance(row, ClauseVersion)}
    by_topic = {
        topic: [clause for clause in bank.clauses.values() if clause.topic == topic]
        for topic in bank.vocabulary.topics
    }
    return page(
        "index.html", given=given, hits=hits, by_topic=by_topic, topics=bank.vocabulary.topics,
        kinds=workspace().templates, waiting=waiting, page=page_asked(), size=PAGE,
    )  # fmt: skip


@bp.get("/clauses/<clause_id>")
@needs(Action.READ)
def clause(clause_id: str) -> ResponseReturnValue:
    """Show the texts of a clause side by side, where it is used, and its history."""
    place = workspace()
    found = place.bank.clauses.get(clause_id)
    with place.database.reading() as database:
        rows = clause_history(database, clause_id) or abort(404)
        if found is None:
            return redirect(url_for("bank.versions", name=str(clause_series(clause_id, rows[0].stance))))
        held = contracts_by_version(database, [row.id for row in rows])
    view = request.args.get("view", "")
    cited = [place.bank.clauses[id_] for id_ in citing(place.bank, clause_id)]
    return page(
        "clause.html", clause=found, topic=place.bank.vocabulary.topics.get(found.topic),
        view=view if view in VIEWS else "", cards=_cards(found, rows, held, view), rows=rows, recent=RECENT,
        open=[row for row in rows if row.status in OPEN], figures=_figures(found), cited=cited,
        kinds={kind: place.templates[kind] for kind in kinds_taking(place.templates, clause_id)},
        contracts=sum(held.values()),
    )  # fmt: skip


@bp.get("/templates")
@needs(Action.READ)
def templates() -> str:
    """List the templates and the vocabulary with their versions, and every blank."""
    place = workspace()
    with place.database.reading() as database:
        current = {kind: newest_approved(database, template_series(kind)) for kind in place.templates}
        vocabulary = newest_approved(database, VOCABULARY)
    blanks = place.bank.vocabulary.blanks.values()
    return page(
        "templates.html", templates=place.templates, current=current, vocabulary=vocabulary,
        groups=place.bank.vocabulary.groups,
        by_group={g: [b for b in blanks if b.group == g] for g in place.bank.vocabulary.groups},
    )  # fmt: skip


def _filters(given: Mapping[str, str]) -> Filters:
    since, until = start_of_day(given["since"]), start_of_day(given["until"])
    return Filters(
        given["topic"], given["stance"], given["status"], given["kind"],
        since, until + timedelta(days=1) if until else None,
    )  # fmt: skip


def _cards(found: Clause, rows: Sequence[ClauseVersion], held: Mapping[int, int], view: str) -> list[Card]:
    """Return a card for each stance."""
    place = workspace()
    reader = Reader(place.bank, place.templates)
    approved = sorted((row for row in rows if row.status == Status.APPROVED), key=lambda row: row.number)
    current = {row.stance: row for row in approved}
    cards = []
    for stance in Stance:
        variant, row = found.variants.get(stance), current.get(stance)
        if variant is None or row is None:
            cards.append(Card(stance, None))
            continue
        marks = _marks(found, stance) if view == "marks" and stance is not Stance.NEUTRAL else ""
        cards.append(Card(stance, row, reader.read(variant.body), marks, held[row.id]))
    return cards


def _marks(found: Clause, stance: Stance) -> str:
    """Return the neutral text with what a one-sided text changes in it."""
    neutral, other = (
        clause_document(found, found.variants[s], workspace().bank) for s in (Stance.NEUTRAL, stance)
    )
    return render_inline(compare(neutral, other), language=chosen_language())


def _figures(found: Clause) -> list[Figure]:
    return [
        Figure(blank.label, {stance: shown(value, blank) for stance, value in suggested.items()})
        for blank, suggested in ladder(found, workspace().bank)
    ]
