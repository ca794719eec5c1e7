"""Derived values: what follows from other answers and is therefore never asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from clausebank.memo import Memo
from clausebank.wording.dates import months_begun, term_between
from clausebank.wording.values import Answers, Money, Row, Value

PARTIES = 2
WHOLE = Decimal(100)

Rule = Callable[[Answers], Value | None]


_derived: Memo[dict[str, Value]] = Memo(1 << 9)


def derive(answers: Answers) -> dict[str, Value]:
    """Return the answers with every derived value that can be computed from them."""
    given = tuple(map(answers.get, _all_sources()))
    return {**answers, **_derived(given, (), lambda: _made(answers))}


def _made(answers: Answers) -> dict[str, Value]:
    derived = {name: rule(answers) for name, rule in DERIVED.items()}
    return {name: value for name, value in derived.items() if value is not None}


@cache
def sources(name: str) -> frozenset[str]:
    """Return the answers a derived value is computed from: those its rule looks at, whatever they are."""
    watched = _Watched()
    DERIVED[name](watched)
    return frozenset(watched.seen)


@cache
def _all_sources() -> tuple[str, ...]:
    return tuple(sorted(frozenset().union(*map(sources, DERIVED))))


class _Watched(dict[str, Value]):
    """No answers, but a record of those that were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.seen.add(name)
        return default


def service_term(answers: Answers) -> Value | None:
    """Return the time from the service start date to the end date, both included."""
    start, end = answers.get("service_start_date"), answers.get("service_end_date")
    if not (isinstance(start, date) and isinstance(end, date)) or end < start:
        return None
    return term_between(start, end)


def contract_year(answers: Answers) -> Value | None:
    """Return the year of the services, or the first and the last one: 2027年度, 2027年度至2029年度."""
    start, end = answers.get("service_start_date"), answers.get("service_end_date")
    if not (isinstance(start, date) and isinstance(end, date)) or end < start:
        return None
    return f"{start.year}年度" + (f"至{end.year}年度" if end.year > start.year else "")


def fee_net(answers: Answers) -> Value | None:
    """Return the total fee without value-added tax, rounded to 分."""
    total, rate = answers.get("fee_total"), answers.get("tax_rate")
    if not (isinstance(total, Money) and isinstance(rate, str)):
        return None
    return _portion(total, WHOLE, WHOLE + Decimal(rate), ROUND_HALF_UP)


def fee_tax(answers: Answers) -> Value | None:
    """Return the value-added tax in the total fee, so that net and tax add up to it."""
    total, net = answers.get("fee_total"), fee_net(answers)
    return Money(total.fen - net.fen) if isinstance(total, Money) and isinstance(net, Money) else None


def copies_total(answers: Answers) -> Value | None:
    """Return the number of originals of both parties together."""
    each = answers.get("copies_each")
    return each * PARTIES if isinstance(each, int) else None


def payment_schedule(answers: Answers) -> Value | None:
    """Return the payment schedule with the amount of each row, order kept."""
    rows, total = answers.get("payment_schedule"), answers.get("fee_total")
    if not (isinstance(rows, tuple) and isinstance(total, Money)):
        return None
    return tuple(
        {**row, "amount": amount} if amount is not None else row
        for row, amount in zip(rows, _amounts(rows, total), strict=True)
    )


def service_months(answers: Answers) -> Value | None:
    """Return the number of months for which the monthly fee falls due."""
    start, end = answers.get("service_start_date"), answers.get("service_end_date")
    if not (isinstance(start, date) and isinstance(end, date)) or end < start:
        return None
    return months_begun(start, end)


def first_payment_amount(answers: Answers) -> Value | None:
    """Return the first payment, rounded down to 分."""
    total, share = answers.get("fee_total"), answers.get("first_payment_percent")
    if not (isinstance(total, Money) and isinstance(share, Decimal)):
        return None
    return _portion(total, share, WHOLE, ROUND_DOWN)


def monthly_amount(answers: Answers) -> Value | None:
    """Return an equal monthly part of what the first payment leaves, rounded down to 分."""
    total, first, months = answers.get("fee_total"), first_payment_amount(answers), service_months(answers)
    if not (isinstance(total, Money) and isinstance(first, Money) and isinstance(months, int)):
        return None
    return Money((total.fen - first.fen) // months)


def last_month_amount(answers: Answers) -> Value | None:
    """Return what is left for the last month, so that all payments add up to the total."""
    total, first, months = answers.get("fee_total"), first_payment_amount(answers), service_months(answers)
    month = monthly_amount(answers)
    if not (isinstance(total, Money) and isinstance(first, Money) and isinstance(month, Money)):
        return None
    return Money(total.fen - first.fen - month.fen * (months - 1)) if isinstance(months, int) else None


def _amounts(rows: tuple[Row, ...], total: Money) -> list[Money | None]:
    """Return each row's share of the total, rounded down; the last row takes what that leaves."""
    shares = [share for row in rows if isinstance(share := row.get("share"), Decimal)]
    if len(shares) < len(rows) or sum(shares) != WHOLE:
        return [_row_amount(row, total) for row in rows]
    amounts = [_portion(total, share, WHOLE, ROUND_DOWN) for share in shares[:-1]]
    return [*amounts, Money(total.fen - sum(amount.fen for amount in amounts))]


def _row_amount(row: Row, total: Money) -> Money | None:
    """Return the amount of a row of an unfinished schedule."""
    share = row.get("share")
    return _portion(total, share, WHOLE, ROUND_DOWN) if isinstance(share, Decimal) else None


def _portion(total: Money, part: Decimal, whole: Decimal, rounding: str) -> Money:
    return Money(int((total.fen * part / whole).quantize(Decimal(1), rounding)))


DERIVED: Mapping[str, Rule] = {
    "service_term": service_term,
    "contract_year": contract_year,
    "fee_net": fee_net,
    "fee_tax": fee_tax,
    "copies_total": copies_total,
    "payment_schedule": payment_schedule,
    "service_months": service_months,
    "first_payment_amount": first_payment_amount,
    "monthly_amount": monthly_amount,
    "last_month_amount": last_month_amount,
}
