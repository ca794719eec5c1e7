"""Facts of a contract that lists are made of: parties, term and amount, read from its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from clausebank.document import Role

FEN = 100
LARGEST = 2**63 - 1  # what a BIGINT column holds


@dataclass(frozen=True, slots=True)
class Facts:
    """What a register shows of a contract; a name is empty and the rest None where nothing was answered.

    ``starts_on`` and ``ends_on`` are the first and the last day of the services, both included;
    ``amount`` is the total fee including tax in 分.
    """

    client_name: str = ""
    provider_name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    amount: int | None = None


def facts_of(answers: Mapping[str, Any]) -> Facts:
    """Read the facts from answers as they are stored; what is missing or unreadable is left out.

    All kinds ask for the same blanks here: ``client``, ``provider``, ``service_start_date``,
    ``service_end_date`` and ``fee_total``.
    """
    return Facts(
        client_name=_name(answers.get(Role.CLIENT)),
        provider_name=_name(answers.get(Role.PROVIDER)),
        starts_on=_day(answers.get("service_start_date")),
        ends_on=_day(answers.get("service_end_date")),
        amount=_fen(answers.get("fee_total")),
    )


def _name(company: object) -> str:
    name = company.get("name") if isinstance(company, Mapping) else None
    return name.strip() if isinstance(name, str) else ""


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None


def _fen(yuan: object) -> int | None:
    try:
        fen = int(Decimal(yuan) * FEN) if isinstance(yuan, str) else None
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return fen if fen is not None and 0 <= fen <= LARGEST else None
