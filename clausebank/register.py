"""What is asked of the register of contracts: which of them, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self


class Order(StrEnum):
    """What the register can be sorted by: a column of ``contract``."""

    MADE = "created_at"
    NUMBER = "number"
    CLIENT = "client_name"
    STARTS = "starts_on"
    ENDS = "ends_on"
    AMOUNT = "amount"

    @property
    def can_be_empty(self) -> bool:
        """Tell whether a contract may have no value there."""
        return self in {Order.STARTS, Order.ENDS, Order.AMOUNT}


@dataclass(frozen=True, slots=True)
class Sorting:
    """An order and its direction; contracts without a value come last whatever the direction."""

    order: Order = Order.MADE
    descending: bool = True
    empty_first: bool = False

    def turned(self) -> Self:
        """Return the same order read from its end."""
        return replace(self, descending=not self.descending, empty_first=not self.empty_first)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the contracts must be; what is left empty does not matter.

    ``words`` all stand in the number, the title or what was filled in; ``party`` in the name of a party.
    Days are the first and the last one that counts, amounts are in 分.
    """

    words: str = ""
    party: str = ""
    kind: str = ""
    state: str = ""
    made_since: datetime | None = None
    made_before: datetime | None = None
    starts_from: date | None = None
    starts_until: date | None = None
    ends_from: date | None = None
    ends_until: date | None = None
    least: int | None = None
    most: int | None = None
