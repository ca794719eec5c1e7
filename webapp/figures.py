"""Figures as a person types or pastes them."""

from __future__ import annotations

import unicodedata

from clausebank.bank.model import BlankType

NUMBERS = {BlankType.MONEY, BlankType.PERCENT, BlankType.INTEGER, BlankType.PERIOD, BlankType.DATE}


def plain_number(text: str) -> str:
    """Return a figure half-width, without sign or unit around it."""
    return unicodedata.normalize("NFKC", text).strip().strip("¥%元").replace(" ", "")
