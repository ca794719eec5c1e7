"""The typed values that fill blanks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self, Union

_PERIOD = re.compile(r"(\d{1,4}) ?(小时|日|个工作日|个月|年)")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """A sum in renminbi, held as an integer of 分 (1/100 yuan)."""

    fen: int

    @property
    def yuan(self) -> Decimal:
        """The same sum in yuan, exact, with two decimals."""
        return Decimal(self.fen).scaleb(-2)


class Unit(StrEnum):
    """Units of a period, as they read in a contract. 日 is a calendar day."""

    HOUR = "小时"
    DAY = "日"
    WORKING_DAY = "个工作日"
    MONTH = "个月"
    YEAR = "年"


_HOURS: Mapping[Unit, Decimal] = {
    Unit.HOUR: Decimal(1),
    Unit.DAY: Decimal(24),
    Unit.WORKING_DAY: Decimal("33.6"),  # five working days a week
    Unit.MONTH: Decimal("730.5"),  # a twelfth of a year
    Unit.YEAR: Decimal(8766),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A number of units; written ``30日``, ``10个工作日``, ``3年``."""

    number: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``30日`` (one blank between number and unit allowed); ValueError otherwise."""
        match = _PERIOD.fullmatch(text.strip())
        if match is None or not match[1].isascii():
            raise ValueError(text)
        return cls(int(match[1]), Unit(match[2]))

    @property
    def hours(self) -> Decimal:
        """How long it is on average, to compare periods of different units."""
        return self.number * _HOURS[self.unit]

    def __str__(self) -> str:
        """Return the contract wording, which ``parse`` reads back."""
        return f"{self.number}{self.unit}"


@dataclass(frozen=True, slots=True)
class Company:
    """A party. ``uscc`` is the 统一社会信用代码 of 18 characters (GB 32100-2015)."""

    name: str
    uscc: str
    address: str
    legal_representative: str
    contact: str
    phone: str
    email: str
    bank: str = ""
    account: str = ""


Row = Mapping[str, "Value"]
Value = Union[Money, Decimal, Period, Company, date, str, int, bool, tuple[Row, ...]]  # noqa: UP007 (recursive)
Answers = Mapping[str, Value]
