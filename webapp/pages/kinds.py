"""The first page: the kinds of contract that can be drafted."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clausebank.assembly.select import topics_with_stances
from clausebank.people import Action
from clausebank.templates import Template
from webapp.access import needs
from webapp.current import person, workspace

bp = Blueprint("kinds", __name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """A card: a template with what it holds, counted."""

    template: Template
    clauses: int
    topics: int


@bp.get("/")
@needs(Action.READ)
def index() -> ResponseReturnValue:
    """Show a card for every kind; who drafts nothing sees the contracts."""
    if not person().may(Action.DRAFT):
        return redirect(url_for("contracts.index"), 303)
    bank = workspace().bank
    kinds = [
        Kind(template, len(set(template.clause_ids())), len(topics_with_stances(template, bank)))
        for template in workspace().templates.values()
    ]
    return render_template("kinds.html", kinds=kinds)
