"""Complete example answers of a kind."""

from __future__ import annotations

from copy import deepcopy

from clausebank.assembly.select import Stances, blanks_offered, suggestions
from clausebank.bank.model import Bank
from clausebank.templates import Template


def example_answers(template: Template, bank: Bank, stances: Stances | None = None) -> dict[str, object]:
    """Return valid raw answers to every question: suggested values first, else the blanks' examples."""
    suggested = suggestions(template, bank, stances)
    blanks = blanks_offered(template, bank, stances)
    return {blank.name: deepcopy(suggested.get(blank.name, blank.example)) for blank in blanks}
