"""Which contracts may be seen: every query over contracts begins here; the session adds who looks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from clausebank.storage.models import Contract


def select_contracts(*columns: Any) -> Select[Any]:
    """Begin a query over contracts: of these columns, or of whole rows when none is named."""
    return select(*(columns or (Contract,))).select_from(Contract)
