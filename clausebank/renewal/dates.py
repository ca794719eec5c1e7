"""The next term, and the days that move with it, by the calendar of the Civil Code.

Articles 200 to 204: periods are counted by years, months and days of the calendar (200); the day on
which one begins is not counted, it runs from the next (201); one counted by months or years ends on
the corresponding day of its last month, on the last day of that month where it has none (202). A term
of service names both its days and counts both, as parties may agree (204), so a term of months that
begins on a day ends on the day before the corresponding one. A service runs through holidays: the rule
that a deadline on a holiday ends on the next working day (203) works by law and moves no written date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from clausebank.wording.dates import MONTHS, last_of_term, moved, term_between
from clausebank.wording.values import Period, Unit

_WRITTEN = re.compile(r"(?<!\d)(20\d\d)年(?:(\d{1,2})月(?:(\d{1,2})日)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """A term of service; both days belong to it."""

    first: date
    last: date

    @property
    def length(self) -> Period:
        """Its length in whole months, else in days."""
        return term_between(self.first, self.last)

    def holds(self, first: date, last: date) -> bool:
        """Tell whether a stretch of days touches the term."""
        return first <= self.last and last >= self.first


def next_term(old: Term, length: Period | None = None) -> Term:
    """Return the term that begins on the day after an old one, as long as that unless a length is given."""
    first = old.last + timedelta(days=1)
    return Term(first, last_of_term(first, length or old.length))


def rolled_text(text: str, old: Term) -> str:
    """Return a text with the days, months and years of the old term moved by its length.

    Months move by a term of whole months, years by one of whole years; what does not is left.
    """
    return _WRITTEN.sub(lambda found: _rolled(found, old) or found[0], text)


def dates_of_term(text: str, old: Term) -> list[str]:
    """Return the days, months and years of a term that a text mentions."""
    return [found[0] for found in _WRITTEN.finditer(text) if _touches(found, old)]


def _touches(found: re.Match[str], old: Term) -> bool:
    span = _span(found)
    return span is not None and old.holds(*span)


def _rolled(found: re.Match[str], old: Term) -> str | None:
    span, by = _span(found), old.length
    if span is None or not old.holds(*span):
        return None
    day = moved(span[0], by)
    if found[3]:
        return f"{day.year}年{day.month}月{day.day}日"
    if found[2]:
        return f"{day.year}年{day.month}月" if by.unit is Unit.MONTH else None
    return f"{day.year}年" if by.unit is Unit.MONTH and by.number % MONTHS == 0 else None


def _span(found: re.Match[str]) -> tuple[date, date] | None:
    """Return the first and last day of what is written; None where the calendar has no such day."""
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    last: Callable[[int], int] = lambda number: monthrange(year, number)[1]  # noqa: E731
    return first, first if day else date(year, month or MONTHS, last(month or MONTHS))
