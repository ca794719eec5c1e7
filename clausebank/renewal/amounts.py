"""Fees and what depends on them, in whole 分: exact fractions, never a float."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from clausebank.renewal.policy import ByPercent, BySum, ByTable, FeeChange
from clausebank.wording.values import Money

HALF = Fraction(1, 2)
WHOLE = 100


def new_fee(fee: Money, change: FeeChange | None, number: str) -> Money | None:
    """Return the fee after a change, rounded half up to 分; None where the table lacks the contract."""
    match change:
        case None:
            return fee
        case ByPercent(percent):
            return times(fee, Fraction(WHOLE + percent) / WHOLE)
        case BySum(fen):
            return Money(fee.fen + fen)
        case ByTable(fees):
            return fees.get(number)


def times(amount: Money, ratio: Fraction) -> Money:
    """Return a sum times a ratio, rounded half up to 分."""
    return Money(floor(amount.fen * ratio + HALF))


def scaled(amounts: Sequence[Money], ratio: Fraction) -> tuple[Money, ...]:
    """Return amounts times a ratio that add up to their sum times the ratio.

    Each is rounded down to 分, the last takes what that leaves.
    """
    if not amounts:
        return ()
    total = times(Money(sum(amount.fen for amount in amounts)), ratio)
    parts = [Money(floor(amount.fen * ratio)) for amount in amounts[:-1]]
    return (*parts, Money(total.fen - sum(part.fen for part in parts)))


def percent_between(old: Money, new: Money) -> Decimal:
    """Return by how many percent a sum changed, to two decimals."""
    return Decimal(round(Fraction(new.fen - old.fen, old.fen) * WHOLE * WHOLE)).scaleb(-2)
