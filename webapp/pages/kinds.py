"""The first page: what waits for whoever is logged in, and the kinds of contract that can be drafted."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clausebank.assembly.select import topics_with_stances
from clausebank.bank.model import Bilingual
from clausebank.people import Action
from clausebank.storage.versions import name_of
from clausebank.templates import Template, load_purposes
from webapp.access import needs
from webapp.current import person, workspace
from webapp.times import shown_time
from webapp.waiting import waiting

bp = Blueprint("kinds", __name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """A card: a template, what it is for, and what it holds, counted; a kind of one's own may say nothing."""

    template: Template
    purpose: Bilingual | None
    clauses: int
    topics: int


@bp.get("/")
@needs(Action.READ)
def index() -> ResponseReturnValue:
    """Show what waits and a card for every kind; who drafts nothing sees the contracts."""
    if not person().may(Action.DRAFT):
        return redirect(url_for("contracts.index"), 303)
    place, purposes = workspace(), load_purposes()
    kinds = [
        Kind(
            template,
            purposes.get(template.kind),
            len(set(template.clause_ids())),
            len(topics_with_stances(template, place.bank)),
        )
        for template in place.templates.values()
    ]
    return render_template(
        "kinds.html",
        kinds=kinds,
        titles={kind: template.title for kind, template in place.templates.items()},
        waits=waiting(place, person()),
        moment=shown_time,
        name_of=name_of,
    )
