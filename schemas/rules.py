"""Rules across answers; each is applied only where all the answers it speaks of are given and valid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from clausebank.assembly.derive import derive
from clausebank.bank.model import Vocabulary
from clausebank.memo import Memo
from clausebank.wording.money import figures
from clausebank.wording.phrase import plain_figures
from clausebank.wording.values import Answers, Money, Period, Unit
from schemas.problems import Message, message
from schemas.relations import ADMITTED, ORDERED, PARTIES, Said, misordered, not_admitted, same_party

Problems = dict[str, Any]
WHOLE = Decimal(100)
YEAR = Period(1, Unit.YEAR).hours


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of the answers named ``of``; its message stands at the field ``at``."""

    of: tuple[str, ...]
    at: str
    check: Callable[[Answers], Message | None]


def broken(answers: Mapping[str, Any], vocabulary: Vocabulary) -> Problems:
    """Return the messages of every broken rule by field.

    Companies and lists of which only a part is valid come as plain dicts and lists: no rule reads them.
    """
    valid = derive({name: value for name, value in answers.items() if not isinstance(value, dict | list)})
    problems: Problems = {}
    for path, said in _said(valid, vocabulary):
        name, _, part = path.partition(".")
        holder, key = (problems.setdefault(name, {}), part) if part else (problems, name)
        holder.setdefault(key, []).append({**said})
    return problems


_Found = tuple[tuple[str, Message], ...]
_found: Memo[_Found] = Memo(1 << 10)


def _said(valid: Answers, vocabulary: Vocabulary) -> Iterator[tuple[str, Message]]:
    """Yield what each check says; one whose answers are those of an earlier contract is not made again."""
    for number, (names, check) in enumerate(_CHECKS):
        owners = (vocabulary, *map(valid.get, names))
        yield from _found(owners, number, lambda check=check: tuple(check(valid, vocabulary)))  # type: ignore[misc]


def end_after_start(answers: Answers) -> Message | None:
    """The services end after they start."""
    start, end = answers["service_start_date"], answers["service_end_date"]
    assert isinstance(start, date)
    assert isinstance(end, date)
    if end > start:
        return None
    return message(
        f"服务届满日（{end}）应当晚于服务起始日（{start}），请修改其中一项。",
        f"The service end date ({end}) must be after the start date ({start}): change one of them.",
    )


def shares_are_whole(answers: Answers) -> Message | None:
    """The shares of the payment schedule add up to 100 %."""
    rows = answers["payment_schedule"]
    assert isinstance(rows, tuple)
    shares = [share for row in rows if isinstance(share := row.get("share"), Decimal)]
    total = sum(shares, Decimal(0))
    if not shares or total == WHOLE:
        return None
    apart = plain_figures(abs(WHOLE - total))
    zh, en = (
        (f"超出{apart}%", f"{apart}% too much") if total > WHOLE else (f"还差{apart}%", f"{apart}% missing")
    )
    return message(
        f"付款比例合计{plain_figures(total)}%，应为100%，{zh}，请调整各期比例。",
        f"The shares add up to {plain_figures(total)}%, not 100%: {en}. Adjust the instalments.",
    )


def fixed_cap_below_main(answers: Answers) -> Message | None:
    """A third party's cap in yuan is not above the provider's cap."""
    cap = answers["third_party_cap_amount"]
    assert isinstance(cap, Money)
    return _above_main(cap, answers)


def percent_cap_below_main(answers: Answers) -> Message | None:
    """A third party's cap in percent of the total fee is not above the provider's cap."""
    percent, total = answers["third_party_cap_percent"], answers["fee_total"]
    assert isinstance(percent, Decimal)
    assert isinstance(total, Money)
    return _above_main(Money(int(total.fen * percent / WHOLE)), answers)


def _above_main(cap: Money, answers: Answers) -> Message | None:
    """Compare with the provider's cap, which is measured by the annual fee."""
    total, percent, term = (answers[name] for name in ("fee_total", "liability_cap_percent", "service_term"))
    assert isinstance(total, Money)
    assert isinstance(percent, Decimal)
    assert isinstance(term, Period)
    main = Money(int(total.fen * min(YEAR / term.hours, Decimal(1)) * percent / WHOLE))
    if cap <= main:
        return None
    return message(
        f"第三方责任限额（{figures(cap)}）不得高于服务方的责任限额（年度服务费的{plain_figures(percent)}%，"
        f"即{figures(main)}），请调低。",
        f"The third party's cap ({figures(cap)}) must not exceed the provider's ({plain_figures(percent)}% of the "
        f"annual fee, {figures(main)}): lower it.",
    )


CAPS = ("fee_total", "liability_cap_percent", "service_term")
RULES: tuple[Rule, ...] = (
    Rule(("service_start_date", "service_end_date"), "service_end_date", end_after_start),
    Rule(("payment_schedule",), "payment_schedule", shares_are_whole),
    Rule(("third_party_cap_amount", *CAPS), "third_party_cap_amount", fixed_cap_below_main),
    Rule(("third_party_cap_percent", *CAPS), "third_party_cap_percent", percent_cap_below_main),
)


def _checked(rule: Rule) -> Callable[[Answers, Vocabulary], Said]:
    def said(answers: Answers, _: Vocabulary) -> Said:
        if answers.keys() >= {*rule.of} and (words := rule.check(answers)):
            yield rule.at, words

    return said


_CHECKS: tuple[tuple[tuple[str, ...], Callable[[Answers, Vocabulary], Said]], ...] = (
    (tuple(dict.fromkeys(name for pair in ORDERED for name in pair)), misordered),
    (PARTIES, same_party),
    (("third_party_kind", *ADMITTED.values()), not_admitted),
    *((rule.of, _checked(rule)) for rule in RULES),
)
"""Each check with the names of all the answers it reads."""
