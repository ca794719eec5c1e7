"""Fees and what depends on them: exact to the 分."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebank.renewal.amounts import new_fee, percent_between, scaled, times
from clausebank.renewal.policy import ByPercent, BySum, ByTable
from clausebank.wording.values import Money

sums = st.integers(0, 10**14).map(Money)
ratios = st.fractions(0, 100)


@given(st.lists(sums, max_size=40), ratios)
def test_scaled_amounts_add_up_to_the_scaled_sum(amounts, ratio):
    result = scaled(amounts, ratio)

    assert len(result) == len(amounts)
    assert sum(a.fen for a in result) == times(Money(sum(a.fen for a in amounts)), ratio).fen
    assert all(Money(int(a.fen * ratio)) == r for a, r in zip(amounts[:-1], result[:-1], strict=True))
    assert all(a.fen >= 0 for a in result)


@given(st.lists(sums, min_size=1, max_size=40))
def test_an_unchanged_fee_changes_no_amount(amounts):
    assert scaled(amounts, Fraction(1)) == tuple(amounts)


@given(sums, ratios)
def test_a_sum_is_rounded_half_up_and_never_by_more_than_half_a_fen(amount, ratio):
    off = times(amount, ratio).fen - amount.fen * ratio
    assert Fraction(-1, 2) < off <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("fee", "change", "result"),
    [
        (48_000_000, None, 48_000_000),
        (48_000_000, ByPercent(Decimal(5)), 50_400_000),
        (48_000_000, ByPercent(Decimal("-3.5")), 46_320_000),
        (10, ByPercent(Decimal(5)), 11),
        (1, ByPercent(Decimal("0.0001")), 1),
        (48_000_000, BySum(-1), 47_999_999),
        (48_000_000, ByTable({"A-1": Money(7)}), 7),
    ],
)
def test_the_fee_changes_by_percent_by_a_sum_or_by_a_table(fee, change, result):
    assert new_fee(Money(fee), change, "A-1") == Money(result)


def test_a_contract_the_table_lacks_has_no_new_fee():
    assert new_fee(Money(1), ByTable({}), "A-1") is None


def test_the_change_is_told_to_two_decimals():
    assert percent_between(Money(30_000), Money(31_000)) == Decimal("3.33")
