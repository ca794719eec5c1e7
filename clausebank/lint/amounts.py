"""Amount rules AMT-01 to AMT-03: words against figures, shares and sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from clausebank.document import Document
from clausebank.findings import Finding, Level
from clausebank.lint.places import blank_at, found
from clausebank.lint.searches import both_amounts
from clausebank.lint.sheets import hits
from clausebank.wording.money import parse_rmb_words
from clausebank.wording.values import Money, Value

WHOLE = Decimal(100)


def words_and_figures(document: Document) -> Iterator[Finding]:
    """AMT-01: a sum whose capital words and figures differ."""
    for place, match in hits(document, both_amounts):
        if _differ(match[1], match[2]):
            zh, en = f"大小写金额不一致：{match[0]}。", f"Words and figures differ: {match[0]}."
            yield found("AMT-01", Level.ERROR, place, zh, en, blank=blank_at(place), snippet=match[0])


@lru_cache(maxsize=1 << 10)
def _differ(words: str, figures: str) -> bool:
    try:
        return parse_rmb_words(words) != Money(int(Decimal(figures.replace(",", "")) * 100))
    except ValueError:
        return True


def payment_shares(document: Document) -> Iterator[Finding]:
    """AMT-02: instalments whose shares are not 100 %, or whose amounts are not the total."""
    rows = _rows(document, "payment_schedule")
    shares = [row["share"] for row in rows if isinstance(row.get("share"), Decimal)]
    total = sum((share for share in shares if isinstance(share, Decimal)), Decimal(0))
    if rows and total != WHOLE:
        zh, en = (
            f"付款比例合计{total.normalize():f}%，应为100%。",
            f"The shares add up to {total.normalize():f}%.",
        )
        yield found("AMT-02", Level.ERROR, None, zh, en, blank="payment_schedule")
        return
    fee = document.answers.get("fee_total")
    amounts = [amount.fen for row in rows if isinstance(amount := row.get("amount"), Money)]
    if amounts and isinstance(fee, Money) and sum(amounts) != fee.fen:
        zh, en = "各期付款金额之和与服务费总额不符。", "The instalments do not add up to the total fee."
        yield found("AMT-02", Level.ERROR, None, zh, en, blank="payment_schedule")


def products(document: Document) -> Iterator[Finding]:
    """AMT-03: a row whose quantity times unit price is not its amount."""
    for name, rows in document.answers.items():
        for number, row in enumerate(rows if isinstance(rows, tuple) else (), 1):
            if "unit_price" not in row:
                continue
            quantity, price, amount = (row.get(key) for key in ("quantity", "unit_price", "amount"))
            if not (isinstance(quantity, int) and isinstance(price, Money) and isinstance(amount, Money)):
                continue
            if abs(quantity * price.fen - amount.fen) > 1:
                zh, en = (
                    f"第{number}行金额计算不符。",
                    f"Row {number}: quantity times price is not the amount.",
                )
                yield found("AMT-03", Level.ERROR, None, zh, en, blank=name)


def _rows(document: Document, name: str) -> tuple[Mapping[str, Value], ...]:
    rows = document.answers.get(name)
    return rows if isinstance(rows, tuple) else ()


AMOUNT_RULES = (words_and_figures, payment_shares, products)
