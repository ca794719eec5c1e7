"""Terms between two dates, by the calendar of the Civil Code, articles 200 to 204."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from clausebank.wording.values import Period, Unit

MONTHS = 12


def term_between(first: date, last: date) -> Period:
    """Return the term from the first to the last day: whole months where it is, else days.

    Both days belong to the term when it is counted in days.
    """
    months = whole_months(first, last)
    return _length(months, Unit.MONTH) if months else _length((last - first).days + 1, Unit.DAY)


@lru_cache(maxsize=1 << 9)
def _length(number: int, unit: Unit) -> Period:
    """Return a period; for equal terms the same object, so that what was made of it is found again."""
    return Period(number, unit)


@lru_cache(maxsize=1 << 9)
def whole_months(first: date, last: date) -> int | None:
    """Return how many whole months there are between two days, None when it is no whole number.

    A month ends on the day before the corresponding day (1 January to 31 January) or on the
    corresponding day itself (1 January to 1 February, art. 202); where the last month has no
    corresponding day, it ends on its last day.
    """
    apart = (last.year - first.year) * MONTHS + last.month - first.month
    return next((n for n in (apart, apart + 1) if n > 0 and last in _ends(first, n)), None)


def months_begun(first: date, last: date) -> int:
    """Return the number of months from the first day on, an unfinished last one counted as one."""
    apart = (last.year - first.year) * MONTHS + last.month - first.month
    return whole_months(first, last) or apart + (last > _ends(first, apart)[0])


def last_of_term(first: date, length: Period) -> date:
    """Return the last day of a term of days, months or years, the first day included.

    A term of months ends on the day before the corresponding day, or on the last day of the month
    where it has no such day (art. 202), so that ``term_between`` reads the length back.
    """
    if length.unit is Unit.DAY:
        return first + timedelta(days=length.number - 1)
    return _ends(first, months_of(length))[0]


def moved(day: date, by: Period) -> date:
    """Return a day moved by days, or by months or years to the corresponding day (art. 202)."""
    return day + timedelta(days=by.number) if by.unit is Unit.DAY else _ends(day, months_of(by))[-1]


def months_of(length: Period) -> int:
    """Return how many months a period of months or years has; ValueError for other units."""
    if length.unit not in {Unit.MONTH, Unit.YEAR}:
        raise ValueError(f"not counted by months: {length}")
    return length.number * (MONTHS if length.unit is Unit.YEAR else 1)


def _ends(first: date, months: int) -> tuple[date, ...]:
    """Return the days on which a term of so many months may end, the corresponding day last."""
    years, month = divmod(first.month - 1 + months, MONTHS)
    year, month = first.year + years, month + 1
    length = monthrange(year, month)[1]
    if first.day > length:
        return (date(year, month, length),)
    corresponding = date(year, month, first.day)
    return (corresponding - timedelta(days=1), corresponding)
