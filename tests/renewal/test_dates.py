"""The next term and the days that move with it: Civil Code 200 to 204, leap days, ends of months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebank.renewal.dates import Term, dates_of_term, next_term, rolled_text
from clausebank.wording.dates import last_of_term, moved, term_between, whole_months
from clausebank.wording.values import Period, Unit

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
months = st.integers(1, 120)


def term(first: str, last: str) -> Term:
    return Term(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("2027-01-01", "2027-12-31"), ("2028-01-01", "2028-12-31")),
        (("2027-03-01", "2028-02-29"), ("2028-03-01", "2029-02-28")),
        (("2028-02-29", "2029-02-28"), ("2029-03-01", "2030-02-28")),
        (("2026-03-01", "2027-02-28"), ("2027-03-01", "2028-02-29")),
        (("2027-01-01", "2028-01-01"), ("2028-01-02", "2029-01-01")),
        (("2027-08-31", "2028-02-29"), ("2028-03-01", "2028-08-31")),
        (("2027-01-15", "2027-02-14"), ("2027-02-15", "2027-03-14")),
        (("2027-01-31", "2027-02-28"), ("2027-03-01", "2027-03-31")),
        (("2027-01-01", "2027-01-10"), ("2027-01-11", "2027-01-20")),
    ],
)
def test_a_kept_term_is_as_long_as_the_old_one(old, new):
    assert next_term(term(*old)) == term(*new)


@pytest.mark.parametrize(
    ("length", "last"),
    [("2年", "2029-12-31"), ("6个月", "2028-06-30"), ("2个月", "2028-02-29"), ("31日", "2028-01-31")],
)
def test_a_given_length_counts_from_the_new_start(length, last):
    assert next_term(term("2027-01-01", "2027-12-31"), Period.parse(length)).last == date.fromisoformat(last)


@given(days, months)
def test_the_length_of_a_term_of_months_is_read_back(first, number):
    assert whole_months(first, last_of_term(first, Period(number, Unit.MONTH))) == number


@given(days, st.integers(1, 4000))
def test_a_term_of_days_counts_both_ends(first, number):
    assert (last_of_term(first, Period(number, Unit.DAY)) - first).days == number - 1


@given(days, months)
def test_renewals_follow_each_other_without_gap_and_keep_their_length(first, number):
    one = Term(first, last_of_term(first, Period(number, Unit.MONTH)))
    for _ in range(3):
        two = next_term(one)
        assert two.first == one.last + timedelta(days=1)
        assert two.length == one.length == Period(number, Unit.MONTH)
        one = two


@given(days, days)
def test_any_term_is_followed_by_one_that_reads_as_long(first, last):
    old = Term(min(first, last), max(first, last))
    new = next_term(old)
    assert new.length == old.length or term_between(new.first, new.last).unit is Unit.MONTH


@given(days, months)
def test_a_day_moves_to_the_corresponding_day_or_to_the_end_of_a_shorter_month(day, number):
    later = moved(day, Period(number, Unit.MONTH))
    assert (later.year - day.year) * 12 + later.month - day.month == number
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("text", "rolled"),
    [
        ("2027年9月", "2028年9月"),
        ("2027年1月下旬，2027年12月31日以前", "2028年1月下旬，2028年12月31日以前"),
        ("2027年度总结", "2028年度总结"),
        ("2025年度优秀供应商，2026年12月31日", "2025年度优秀供应商，2026年12月31日"),
        ("2027年2月30日", "2027年2月30日"),
        ("登记第2027SR0000001号", "登记第2027SR0000001号"),
    ],
)
def test_dates_of_the_old_term_move_within_a_text(text, rolled):
    assert rolled_text(text, term("2027-01-01", "2027-12-31")) == rolled


def test_years_stay_where_the_term_is_no_whole_year_and_months_where_it_is_counted_in_days():
    half, days_ = term("2027-01-01", "2027-06-30"), term("2027-01-01", "2027-01-20")

    assert rolled_text("2027年3月；2027年度", half) == "2027年9月；2027年度"
    assert rolled_text("2027年1月5日；2027年1月", days_) == "2027年1月25日；2027年1月"
    assert dates_of_term("2027年度、2026年度、2027年3月", half) == ["2027年", "2027年3月"]
