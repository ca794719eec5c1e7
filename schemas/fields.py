"""One strict marshmallow field for each simple type of blank.

An answer left empty (no text, null) counts as not given, whatever its type; whether that is a
problem is decided by the schema, which knows the blanks a contract needs.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, TypeVar

from marshmallow import fields, missing

from clausebank.bank.model import Bilingual, Blank
from clausebank.memo import Memo
from clausebank.wording.phrase import plain_figures
from clausebank.wording.values import Money, Period
from schemas.problems import message, refused
from schemas.text import clean

T = TypeVar("T")
SUM = re.compile(r"([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(\.[0-9]{1,2})?")
SHARE = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WHOLE = re.compile(r"-?[0-9]{1,12}")
FIRST_YEAR, LAST_YEAR = 1900, 2199
LINE, LINES = 500, 5000
_KEPT = 1 << 8
"""How many answers a field remembers."""


def is_empty(raw: object) -> bool:
    """Tell whether nothing was given: null, blanks, an empty list or a mapping of such."""
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, Mapping):
        return all(is_empty(value) for value in raw.values())
    return raw is None or raw in ([], ())


class BlankField(fields.Field[T], Generic[T]):
    """A field that fills one blank: ``read`` and ``write`` are inverse to each other."""

    verb = Bilingual("填写", "Fill in")

    def __init__(self, blank: Blank, **options: Any) -> None:
        super().__init__(**options)
        self.blank = blank
        self._typed = lru_cache(2 * _KEPT)(self._entered)
        self._read: Memo[Any] = Memo(_KEPT)
        self._written: Memo[object] = Memo(_KEPT)
        self.low, self.high = (
            None if limit is None else self.limit(limit) for limit in (blank.minimum, blank.maximum)
        )

    @abstractmethod
    def read(self, raw: object) -> T:
        """Return the value of what a person entered; ValidationError tells what to enter."""

    @abstractmethod
    def write(self, value: T) -> object:
        """Return a value as a person would enter it."""

    def limit(self, text: str) -> Any:
        """Return a limit of the vocabulary in the form ``measure`` compares with."""
        return self.measure(self.read(text))

    def measure(self, value: T) -> Any:
        """Return what the limits are compared with."""
        return value

    def check(self, value: T) -> None:
        """Refuse a value beyond the limits of the blank."""
        size = self.measure(value)
        if (self.low is not None and size < self.low) or (self.high is not None and size > self.high):
            raise refused(*self.told(self.blank.minimum, self.blank.maximum))

    def told(self, low: str | None, high: str | None) -> tuple[str, str]:
        """Return the words for values beyond the limits, in both languages."""
        return between(low, high, self.blank)

    def absent(self) -> Any:
        """Return the messages asking for an answer that was left out."""
        label, verb = self.blank.label, self.verb
        return [message(f"请{verb.zh}“{label.zh}”。", f"{verb.en} “{label.en}”.")]

    def deserialize(
        self,
        value: Any,
        attr: str | None = None,  # noqa: ARG002 (marshmallow's signature)
        data: Mapping[str, Any] | None = None,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> Any:
        """Return the value, or ``missing`` where nothing was given; equal input gives the same object."""
        if type(value) is str:
            return self._typed(value)
        return self._read((), known(value), lambda: self._entered(value))

    def _entered(self, value: Any) -> Any:
        return missing if is_empty(value) else super().deserialize(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> T:  # noqa: ARG002
        result = self.read(value)
        self.check(result)
        return result

    def _serialize(self, value: T | None, attr: str | None, obj: Any, **kwargs: Any) -> object:  # noqa: ARG002
        return self.written(value)

    def written(self, value: T | None) -> object:
        """Return a value as a person would enter it, None for none; what comes may be changed."""
        if value is None:
            return None
        result = self._written.of(value, self.write)
        return result if type(result) is str else copied(result)


class PlainField(BlankField[T]):
    """A field whose values are entered as they are."""

    def write(self, value: T) -> T:
        """Return the value."""
        return value

    def written(self, value: T | None) -> T | None:
        """Return the value, None for none."""
        return value


def known(raw: object) -> object:
    """Return what was entered in a form that is equal only for the same input of the same types."""
    if type(raw) is str:
        return raw
    if isinstance(raw, Mapping):
        return tuple([(name, value if type(value) is str else known(value)) for name, value in raw.items()])
    if isinstance(raw, list | tuple):
        return list, *map(known, raw)
    return type(raw), raw


def copied(written: object) -> object:
    """Return written companies and rows as data of one's own, which may be changed."""
    if isinstance(written, dict):
        return {name: copied(value) for name, value in written.items()}
    if isinstance(written, list):
        return [copied(value) for value in written]
    return written


def between(low: str | None, high: str | None, blank: Blank) -> tuple[str, str]:
    """Return the words asking for a value within limits, with the blank's unit."""
    zh_unit, en_unit = (blank.unit.zh, f" {blank.unit.en}") if blank.unit else ("", "")
    zh = "、".join(
        f"不{word}{limit}{zh_unit}" for word, limit in (("小于", low), ("大于", high)) if limit is not None
    )
    en = " and ".join(
        f"at {word} {limit}{en_unit}" for word, limit in (("least", low), ("most", high)) if limit is not None
    )
    return f"应当{zh}，请修改。", f"Enter a value of {en}."


def in_quotes(raw: object) -> Bilingual:
    """Return the advice to quote a number that came as such (JSON, YAML), where it would lose digits."""
    return (
        Bilingual("", "") if isinstance(raw, str) else Bilingual("，加引号作为文字", ", in quotation marks")
    )


class MoneyField(BlankField[Money]):
    """A sum in yuan as text: ``480000.00`` or ``480,000.00``."""

    def read(self, raw: object) -> Money:
        """Read figures with at most two decimals, never a float."""
        match = SUM.fullmatch(raw.strip()) if isinstance(raw, str) else None
        if match is None:
            quoted = in_quotes(raw)
            raise refused(
                f"请写金额（元），如“{self.blank.example}”：半角数字，最多两位小数{quoted.zh}。",
                f"Enter a sum in yuan such as “{self.blank.example}”: digits with at most two decimals{quoted.en}.",
            )
        return Money(int(Decimal(match[0].replace(",", "")).scaleb(2)))

    def write(self, value: Money) -> str:
        """Return the sum in yuan with two decimals."""
        return f"{value.yuan:.2f}"


class PercentField(BlankField[Decimal]):
    """A percentage as text without the sign: ``0.05`` is 0.05 %."""

    def read(self, raw: object) -> Decimal:
        """Read figures with at most four decimals."""
        text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
        if not isinstance(text, str) or not SHARE.fullmatch(text.strip()):
            quoted = in_quotes(raw)
            raise refused(
                f"请写百分比的数字，如“{self.blank.example}”：半角数字，最多四位小数，不写百分号{quoted.zh}。",
                f"Enter the figure of a percentage such as “{self.blank.example}”: at most four decimals, "
                f"no percent sign{quoted.en}.",
            )
        return Decimal(plain_figures(Decimal(text.strip())))

    def write(self, value: Decimal) -> str:
        """Return the figure without needless zeros."""
        return plain_figures(value)


class DateField(BlankField[date]):
    """A day as ISO text: ``2026-03-01``."""

    def read(self, raw: object) -> date:
        """Read a day of the calendar; a date as YAML gives it is taken too."""
        if isinstance(raw, date) and not isinstance(raw, datetime):
            raw = raw.isoformat()
        try:
            day = date.fromisoformat(raw) if isinstance(raw, str) and DAY.fullmatch(raw) else None
        except ValueError:
            day = None
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise refused(
                f"请写日历上有的日期，格式为“{self.blank.example}”（年-月-日，{FIRST_YEAR}至{LAST_YEAR}年）。",
                f"Enter a day of the calendar as “{self.blank.example}” (year-month-day, {FIRST_YEAR} to {LAST_YEAR}).",
            )
        return day

    def write(self, value: date) -> str:
        """Return the day as ISO text."""
        return value.isoformat()


class PeriodField(BlankField[Period]):
    """A number and a unit: ``30日``, ``10个工作日``, ``3年``."""

    def read(self, raw: object) -> Period:
        """Read a period of at least one unit, unless the blank allows none."""
        try:
            period = Period.parse(raw) if isinstance(raw, str) else None
        except ValueError:
            period = None
        if period is None or (period.number == 0 and not str(self.blank.minimum).startswith("0")):
            raise refused(
                f"请写期限，如“{self.blank.example}”：数字加小时、日、个工作日、个月或者年。",
                f"Enter a period such as “{self.blank.example}”: a number and 小时 (hours), 日 (days), "
                "个工作日 (working days), 个月 (months) or 年 (years).",
            )
        return period

    def measure(self, value: Period) -> Decimal:
        """Return the average length, so that any unit may be chosen."""
        return value.hours

    def write(self, value: Period) -> str:
        """Return the contract wording."""
        return str(value)


class IntegerField(PlainField[int]):
    """A whole number, as number or as digits; not negative unless the blank allows it."""

    def __init__(self, blank: Blank, **options: Any) -> None:
        super().__init__(blank, **options)
        self.low = self.low or 0

    def read(self, raw: object) -> int:
        """Read a whole number; neither fractions nor yes and no."""
        text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
        if not isinstance(text, str) or not WHOLE.fullmatch(text.strip()):
            raise refused(
                f"请写整数，如“{self.blank.example}”：半角数字，没有小数。",
                f"Enter a whole number such as “{self.blank.example}”.",
            )
        return int(text)

    def told(self, low: str | None, high: str | None) -> tuple[str, str]:
        """Return the words for numbers beyond the limits."""
        return between(low or "0", high, self.blank)


class ChoiceField(PlainField[str]):
    """The key of one of the blank's choices."""

    verb = Bilingual("选择", "Choose")

    def read(self, raw: object) -> str:
        """Read a key; a number stands for its digits."""
        key = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
        if key not in [choice.key for choice in self.blank.choices]:
            zh = "、".join(f"{choice.key}（{choice.label.zh}）" for choice in self.blank.choices)
            en = ", ".join(f"{choice.key} ({choice.label.en})" for choice in self.blank.choices)
            raise refused(f"请选择其中一项：{zh}。", f"Choose one of: {en}.")
        return str(key)


class SwitchField(PlainField[bool]):
    """Yes or no."""

    verb = Bilingual("选择", "Answer")

    def read(self, raw: object) -> bool:
        """Read true or false, nothing that merely looks like it."""
        if not isinstance(raw, bool):
            raise refused("请选择是或者否（true 或者 false）。", "Choose yes or no (true or false).")
        return raw


class TextField(PlainField[str]):
    """Wording that is printed as it is; limits count characters."""

    def __init__(self, blank: Blank, form: Callable[[str], str] = str, **options: Any) -> None:
        super().__init__(blank, **options)
        self.form = form
        self.most = self.high = int(blank.maximum or (LINES if blank.multiline else LINE))

    def limit(self, text: str) -> int:
        """Return the number of characters."""
        return int(text)

    def measure(self, value: str) -> int:
        """Return the number of characters."""
        return len(value)

    def read(self, raw: object) -> str:
        """Read text and bring it into form."""
        if not isinstance(raw, str):
            raise refused("请写文字；数字也要加引号。", "Enter text; put figures in quotation marks.")
        return self.form(clean(raw, multiline=self.blank.multiline))

    def told(self, low: str | None, high: str | None) -> tuple[str, str]:  # noqa: ARG002 (the default is told too)
        """Return how long the text may be."""
        return (
            f"长度应为{low or 1}至{self.most}个字符，请修改。",
            f"Enter {low or 1} to {self.most} characters.",
        )
