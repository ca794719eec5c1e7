"""The answers of the next contract: those of the old one, changed by the policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from clausebank.bank.model import Blank, BlankType
from clausebank.findings import Finding, Level
from clausebank.renewal.amounts import new_fee, percent_between, scaled, times
from clausebank.renewal.dates import Term, dates_of_term, next_term, rolled_text
from clausebank.renewal.policy import ByTable, Policy
from clausebank.wording.dates import moved
from clausebank.wording.money import figures
from clausebank.wording.values import Answers, Company, Money, Period, Row, Unit, Value

START, END, SIGNED, NUMBER, FEE = (
    "service_start_date", "service_end_date", "signing_date", "contract_number", "fee_total",
)  # fmt: skip
OWN = frozenset({START, END, SIGNED, NUMBER, "signing_place"})
PARTIES = ("client", "provider", "third_party_company")
PRICES = {"rate_card": "price"}
BUDGETS = {"care_activities": "budget"}
BUDGET_SUMS = ("third_party_fee",)
PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Chain:
    """Where a contract stands among its renewals: the first number, its own, and how many there were."""

    first: str
    number: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Renewed:
    """The answers of the next contract, and what has to be mended or looked at."""

    answers: Answers
    findings: tuple[Finding, ...]


def renewed(
    answers: Answers, blanks: Mapping[str, Blank], policy: Policy, chain: Chain, today: date
) -> Renewed:
    """Return the answers of the contract that follows one with these; an error finding forbids to make it."""
    old = term_of(answers)
    if old is None:
        zh, en = "没有服务起止日，无法推算续签期限。", "Without both dates of the term it cannot be renewed."
        return Renewed(answers, (Finding("REN-01", Level.ERROR, zh, en, blank=END),))
    new = next_term(old, policy.term)
    values = {name: value for name, value in answers.items() if name != SIGNED}
    values |= _rolled(answers, blanks, policy, old)
    values |= _signing(answers, policy)
    values |= {START: new.first, END: new.last, NUMBER: new_number(policy.number, chain, new)}
    if policy.signing_date is not None:
        values[SIGNED] = policy.signing_date
    fees, wrong = _fees(values, policy, chain, old, new)
    values |= fees
    findings = [
        *wrong,
        *_after_the_end(values, blanks, new),
        *_dates_in_texts(answers, values, blanks, old),
        *_proposed_late(answers, old, today),
        *_signed_late(values, new),
    ]
    return Renewed(values, tuple(findings))


def term_of(answers: Answers) -> Term | None:
    """Return the term of a contract; None where a date is missing or the end is before the start."""
    first, last = answers.get(START), answers.get(END)
    if isinstance(first, date) and isinstance(last, date) and first <= last:
        return Term(first, last)
    return None


def new_number(pattern: str, chain: Chain, new: Term) -> str:
    """Return the number of a renewal by a pattern of PLACES."""
    places = {
        "first": chain.first,
        "number": chain.number,
        "count": str(chain.count + 1),
        "year": str(new.first.year),
    }
    return PLACE.sub(lambda place: places.get(place[1], place[0]), pattern)


# --- who signs -----------------------------------------------------------------------------------


def _signing(answers: Answers, policy: Policy) -> Iterator[tuple[str, Value]]:
    """Yield the parties whose signatories change."""
    for role in PARTIES:
        company = answers.get(role)
        if isinstance(company, Company):
            for signatory in policy.signatories:
                if signatory.company in {company.uscc, company.name}:
                    company = replace(company, **signatory.fields)
            yield role, company


# --- days ----------------------------------------------------------------------------------------


def _rolled(
    answers: Answers, blanks: Mapping[str, Blank], policy: Policy, old: Term
) -> Iterator[tuple[str, Value]]:
    """Yield the answers in which days of the old term move."""
    for name, value in answers.items():
        blank = blanks.get(name)
        if blank is not None and name not in OWN:
            yield name, _rolled_value(value, blank, policy, old)


def _rolled_value(value: Value, blank: Blank, policy: Policy, old: Term) -> Value:
    match value:
        case date():
            return moved(value, old.length)
        case str() if blank.type is BlankType.TEXT and policy.text_dates:
            return rolled_text(value, old)
        case tuple():
            columns = {column.name: column for column in blank.fields}
            return tuple(
                {
                    name: _rolled_value(cell, columns[name], policy, old) if name in columns else cell
                    for name, cell in row.items()
                }
                for row in value
            )
    return value


def _after_the_end(values: Answers, blanks: Mapping[str, Blank], new: Term) -> Iterator[Finding]:
    """REN-05: a day of a schedule that lies after the new term."""
    for path, value in _leaves(values, blanks):
        if isinstance(value, date) and path not in OWN and value > new.last:
            zh = f"顺延后的日期 {value} 晚于新的服务届满日 {new.last}，请核对。"
            en = f"Moved to {value}, which is after the new end of the term ({new.last}): check it."
            yield Finding("REN-05", Level.WARNING, zh, en, blank=path)


def _dates_in_texts(
    answers: Answers, values: Answers, blanks: Mapping[str, Blank], old: Term
) -> Iterator[Finding]:
    """REN-06: a text whose dates were moved, or that still speaks of the old term."""
    before = dict(_leaves(answers, blanks))
    for path, value in _leaves(values, blanks):
        if not isinstance(value, str) or path in OWN:
            continue
        if value != before.get(path):
            zh, en = "文字中的日期已顺延，请核对。", "Dates in this text were moved: check them."
            yield Finding("REN-06", Level.INFO, zh, en, blank=path, snippet=value)
        elif left := dates_of_term(value, old):
            zh = f"文字中提到原服务期限内的时间（{'、'.join(left)}），请核对。"
            en = f"This text still speaks of the old term ({', '.join(left)}): check it."
            yield Finding("REN-06", Level.WARNING, zh, en, blank=path, snippet=value)


def _leaves(answers: Answers, blanks: Mapping[str, Blank]) -> Iterator[tuple[str, Value]]:
    """Yield every date and text with its flat name; keys of choices are no texts."""
    wanted = {BlankType.DATE, BlankType.TEXT}
    for name, value in answers.items():
        blank = blanks.get(name)
        if blank is None:
            continue
        if isinstance(value, tuple):
            columns = {column.name for column in blank.fields if column.type in wanted}
            cells = ((i, c, cell) for i, row in enumerate(value) for c, cell in row.items() if c in columns)
            yield from ((f"{name}.{index}.{column}", cell) for index, column, cell in cells)
        elif blank.type in wanted:
            yield name, value


def _signed_late(values: Answers, new: Term) -> Iterator[Finding]:
    """REN-10: the contract is signed after its services have begun."""
    signed = values.get(SIGNED)
    if isinstance(signed, date) and signed > new.first:
        zh = f"签订日期 {signed} 晚于服务起始日 {new.first}，应当写明此前服务的结算。"
        en = f"Signed on {signed}, after the services begin ({new.first}): say how earlier services are settled."
        yield Finding("REN-10", Level.WARNING, zh, en, blank=SIGNED)


# --- money ---------------------------------------------------------------------------------------


def _fees(
    answers: Answers, policy: Policy, chain: Chain, old: Term, new: Term
) -> tuple[dict[str, Value], list[Finding]]:
    """Return the fee and the amounts that change with it; shares stay, so what is computed follows."""
    fee = answers.get(FEE)
    if not isinstance(fee, Money) or fee.fen <= 0:
        return {}, []
    undecided = policy.follows_term is None and not isinstance(policy.fee, ByTable)
    if undecided and old.length != new.length:
        zh = f"期限由{old.length}变为{new.length}，请说明服务费是否随期限增减。"
        en = f"The term changes from {old.length} to {new.length}: say whether the fee follows it."
        return {}, [Finding("REN-04", Level.ERROR, zh, en, blank=FEE)]
    base = times(fee, _stretch(old, new)) if policy.follows_term else fee
    total = new_fee(base, policy.fee, chain.number)
    if total is None:
        zh, en = f"费用表中没有合同 {chain.number}。", f"The table of fees lacks the contract {chain.number}."
        return {}, [Finding("REN-03", Level.ERROR, zh, en, blank=FEE)]
    if total.fen <= 0:
        zh = f"调整后的服务费为{total.yuan:,.2f}元，应当大于零。"
        return {}, [Finding("REN-09", Level.ERROR, zh, f"The new fee is {total.yuan:,.2f} yuan.", blank=FEE)]
    values: dict[str, Value] = {FEE: total}
    if policy.prices:
        values |= _columns(answers, PRICES, _each(Fraction(total.fen, base.fen)))
    if policy.budgets:
        share = Fraction(total.fen, fee.fen)
        values |= _columns(answers, BUDGETS, lambda amounts: scaled(amounts, share))
        sums = ((name, answers.get(name)) for name in BUDGET_SUMS)
        values |= {name: times(value, share) for name, value in sums if isinstance(value, Money)}
    return values, list(_above_the_cap(answers, base, total))


def _stretch(old: Term, new: Term) -> Fraction:
    """Return how many times as long the new term is: by months where both are whole, else by days."""
    one, other = old.length, new.length
    if one.unit is other.unit:
        return Fraction(other.number, one.number)
    return Fraction((new.last - new.first).days + 1, (old.last - old.first).days + 1)


Scale = Callable[[tuple[Money, ...]], tuple[Money, ...]]


def _each(ratio: Fraction) -> Scale:
    """Return what multiplies every amount by itself, but never below one 分."""
    return lambda amounts: tuple(max(times(amount, ratio), Money(min(1, amount.fen))) for amount in amounts)


def _columns(answers: Answers, names: Mapping[str, str], scale: Scale) -> Iterator[tuple[str, Value]]:
    """Yield the lists that have a column of amounts to scale."""
    for name, column in names.items():
        rows = answers.get(name)
        if isinstance(rows, tuple):
            yield name, _with_column(rows, column, scale)


def _with_column(rows: tuple[Row, ...], column: str, scale: Scale) -> tuple[Row, ...]:
    amounts = [amount for row in rows if isinstance(amount := row.get(column), Money)]
    fresh = iter(scale(tuple(amounts)))
    return tuple({**row, column: next(fresh)} if isinstance(row.get(column), Money) else row for row in rows)


def _above_the_cap(answers: Answers, base: Money, total: Money) -> Iterator[Finding]:
    """REN-07: the fee rises by more than the old contract allows at a renewal."""
    cap = answers.get("renewal_price_cap")
    if isinstance(cap, Decimal) and (total.fen - base.fen) * 100 > base.fen * cap:
        rise = percent_between(base, total)
        zh = f"服务费由{figures(base)}变为{figures(total)}，上浮{rise}%，超过原合同约定的续签价格幅度{cap}%。"
        en = f"The fee rises by {rise}% ({figures(base)} to {figures(total)}), above the {cap}% the old contract allows."
        yield Finding("REN-07", Level.WARNING, zh, en, blank=FEE)


def _proposed_late(answers: Answers, old: Term, today: date) -> Iterator[Finding]:
    """REN-08: the time the old contract sets for proposing a renewal is over."""
    notice = answers.get("renewal_notice")
    if not isinstance(notice, Period) or notice.unit not in {Unit.DAY, Unit.MONTH, Unit.YEAR}:
        return
    until = moved(old.last, Period(-notice.number, notice.unit))
    if today > until:
        zh = f"原合同要求在届满前至少{notice}（{until}以前）提出续签，该期限已过，须对方同意。"
        en = f"The old contract asks to propose a renewal at least {notice} before its end (by {until}); that is over."
        yield Finding("REN-08", Level.WARNING, zh, en, blank="renewal_notice")
