"""The policy of a renewal: what the next contract takes over and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Union

from clausebank.document import Stance
from clausebank.wording.values import Money, Period

NUMBER = "{first}-R{count}"
PLACES = ("first", "number", "count", "year")
POLICY = Path(__file__).parent / "vocabulary"
"""The questions a person answers to make a policy, declared as the blanks of contracts are."""


class Texts(StrEnum):
    """Which versions of the clauses a renewal takes.

    ``pinned``: those of the contract, in its own template. ``newest``: the approved ones and the
    template in force. ``mandatory``: those of the contract, but the approved ones of clauses that are
    marked mandatory in the bank or named by the policy.
    """

    PINNED = "pinned"
    NEWEST = "newest"
    MANDATORY = "mandatory"


@dataclass(frozen=True, slots=True)
class ByPercent:
    """The fee changes by a share of itself; below zero it goes down."""

    percent: Decimal


@dataclass(frozen=True, slots=True)
class BySum:
    """The fee changes by a sum of 分; below zero it goes down."""

    fen: int


@dataclass(frozen=True, slots=True)
class ByTable:
    """The new fee of each contract, by its number."""

    fees: Mapping[str, Money]


FeeChange = Union[ByPercent, BySum, ByTable]  # noqa: UP007 (a name for the union)


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs for a company from now on; ``fields`` are fields of the company by name.

    ``company`` is its credit code or its full name.
    """

    company: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Policy:
    """How contracts are renewed.

    ``term`` is None to keep the length of the term, ``fee`` None to keep the fee. ``follows_term`` says
    whether the fee follows the length of the term; None is undecided. ``prices`` and ``budgets`` tell
    whether unit prices and budgets change with the fee. ``mandatory`` holds ids of clauses and topics.
    ``stance`` None keeps the stances of the contract; ``figures`` lets figures nobody edited follow a
    change of stance. ``number`` is a pattern of PLACES.
    """

    term: Period | None = None
    fee: FeeChange | None = None
    follows_term: bool | None = None
    prices: bool = True
    budgets: bool = False
    text_dates: bool = True
    texts: Texts = Texts.PINNED
    mandatory: frozenset[str] = frozenset()
    stance: Stance | None = None
    stance_for: Mapping[str, Stance] = field(default_factory=dict)
    figures: bool = True
    signatories: tuple[Signatory, ...] = ()
    number: str = NUMBER
    signing_date: date | None = None
