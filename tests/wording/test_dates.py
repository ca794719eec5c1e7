"""Terms between two dates, under both ways of naming the last day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebank.wording.dates import months_begun, term_between, whole_months
from clausebank.wording.values import Period, Unit

CASES = [
    ("2026-01-01", "2026-12-31", "12个月"),
    ("2026-01-01", "2027-01-01", "12个月"),
    ("2026-03-15", "2028-03-14", "24个月"),
    ("2024-02-29", "2025-02-28", "12个月"),
    ("2026-02-28", "2026-03-27", "1个月"),
    ("2026-01-31", "2026-02-28", "1个月"),
    ("2026-01-30", "2026-02-28", "1个月"),
    ("2026-01-31", "2026-03-30", "2个月"),
    ("2026-12-31", "2027-01-30", "1个月"),
    ("2026-01-01", "2026-01-31", "1个月"),
    ("2026-01-01", "2026-01-30", "30日"),
    ("2026-01-01", "2026-01-01", "1日"),
    ("2026-03-01", "2026-03-28", "28日"),
]
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(("first", "last", "term"), CASES)
def test_it_counts_whole_months_else_days(first: str, last: str, term: str) -> None:
    assert str(term_between(date.fromisoformat(first), date.fromisoformat(last))) == term


@given(days, st.integers(1, 120))
def test_a_term_ending_the_day_before_its_corresponding_day_is_whole(first: date, months: int) -> None:
    years, month = divmod(first.month - 1 + months, 12)
    try:
        corresponding = date(first.year + years, month + 1, first.day)
    except ValueError:
        return
    assert whole_months(first, corresponding - timedelta(days=1)) == months
    assert whole_months(first, corresponding) == months


@given(days, st.integers(1, 5000))
def test_a_term_in_days_counts_both_ends(first: date, length: int) -> None:
    term = term_between(first, first + timedelta(days=length - 1))
    assert term == Period(length, Unit.DAY) or term.unit is Unit.MONTH


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2027, 1, 1), date(2027, 12, 31), 12),
        (date(2027, 1, 1), date(2028, 1, 1), 12),
        (date(2027, 1, 15), date(2028, 1, 20), 13),
        (date(2027, 1, 31), date(2027, 2, 28), 1),
        (date(2027, 1, 31), date(2027, 3, 1), 2),
        (date(2027, 1, 1), date(2027, 1, 1), 1),
    ],
)
def test_it_counts_the_months_begun(first, last, months):
    assert months_begun(first, last) == months
