"""The first page: the kinds of contract that can be drafted."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template

from clausebank.assembly.select import topics_with_stances
from clausebank.templates import Template
from webapp.current import workspace

bp = Blueprint("kinds", __name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """A card: a template with what it holds, counted."""

    template: Template
    clauses: int
    topics: int


@bp.get("/")
def index() -> str:
    """Show a card for every kind."""
    bank = workspace().bank
    kinds = [
        Kind(template, len(set(template.clause_ids())), len(topics_with_stances(template, bank)))
        for template in workspace().templates.values()
    ]
    return render_template("kinds.html", kinds=kinds)
