"""What is asked of the register, from the address of its page or the options of its command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from marshmallow import ValidationError

from clausebank.bank.model import Bilingual, Blank, BlankType, Choice
from clausebank.register import Order, Sorting, Wanted
from schemas.fields import BlankField, ChoiceField, DateField, IntegerField, MoneyField
from schemas.problems import Message, message

DAY = "2027-12-31"
LONGEST_WINDOW = 3650
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the register; ``problems`` are the messages at what could not be read."""

    wanted: Wanted
    sorting: Sorting = field(default_factory=Sorting)
    after: UUID | None = None
    before: UUID | None = None
    expiring: int | None = None
    problems: Mapping[str, list[Message]] = field(default_factory=dict)


def _blank(name: str, type_: BlankType, zh: str, en: str, example: object, **more: Any) -> Blank:
    return Blank(name, type_, Bilingual(zh, en), "register", example, **more)


STATES = (
    Choice("final", Bilingual("定稿", "Final"), ""),
    Choice("draft", Bilingual("草稿", "Draft"), ""),
)
DAYS, MONEY = BlankType.DATE, BlankType.MONEY
BLANKS = (
    _blank("state", BlankType.CHOICE, "状态", "State", "final", choices=STATES),
    _blank("expiring", BlankType.INTEGER, "到期天数", "Days to the end", 90, maximum=str(LONGEST_WINDOW)),
    _blank("ends_from", DAYS, "届满日自", "Ends from", DAY),
    _blank("ends_until", DAYS, "届满日至", "Ends until", DAY),
    _blank("starts_from", DAYS, "起始日自", "Starts from", DAY),
    _blank("starts_until", DAYS, "起始日至", "Starts until", DAY),
    _blank("made_from", DAYS, "生成日自", "Made from", DAY),
    _blank("made_until", DAYS, "生成日至", "Made until", DAY),
    _blank("least", MONEY, "金额不低于", "Amount at least", "480000.00"),
    _blank("most", MONEY, "金额不高于", "Amount at most", "480000.00"),
)
FIELDS: Mapping[BlankType, type[BlankField[Any]]] = {
    BlankType.CHOICE: ChoiceField,
    BlankType.INTEGER: IntegerField,
    BlankType.DATE: DateField,
    BlankType.MONEY: MoneyField,
}
PAIRS = (("ends_from", "ends_until"), ("starts_from", "starts_until"), ("made_from", "made_until"))


def read_ask(given: Mapping[str, str], today: date) -> Ask:
    """Read a question; what is empty or unknown does not matter, what is unreadable has its message.

    A sort is the name of a column, with a minus for the largest first: ``-created_at``.
    """
    values, problems = _values(given)
    sort = given.get("sort", "")
    known = sort.removeprefix("-") in set(Order)
    if sort and not known:
        problems["sort"] = [_unsorted()]
    wanted = Wanted(
        words=given.get("q", "")[:LONGEST_TEXT],
        party=given.get("party", "")[:LONGEST_TEXT],
        kind=given.get("kind", ""),
        state=values.get("state", ""),
        made_since=_midnight(values.get("made_from")),
        made_before=_midnight(values.get("made_until"), timedelta(days=1)),
        **_window(values, today),
        starts_from=values.get("starts_from"),
        starts_until=values.get("starts_until"),
        least=values["least"].fen if "least" in values else None,
        most=values["most"].fen if "most" in values else None,
    )
    return Ask(
        wanted,
        Sorting(Order(sort.removeprefix("-")), sort.startswith("-")) if known else Sorting(),
        after=_id(given.get("after", "")),
        before=_id(given.get("before", "")),
        expiring=values.get("expiring"),
        problems=problems,
    )


def _values(given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, list[Message]]]:
    values: dict[str, Any] = {}
    problems: dict[str, list[Message]] = {}
    for blank in BLANKS:
        raw = given.get(blank.name, "").strip()
        if not raw:
            continue
        try:
            values[blank.name] = FIELDS[blank.type](blank).deserialize(raw)
        except ValidationError as error:
            problems[blank.name] = cast("list[Message]", error.messages)
    for first, last in (*PAIRS, ("least", "most")):
        if first in values and last in values and values[first] > values[last]:
            problems[last] = [_turned(first)]
    return {name: value for name, value in values.items() if name not in problems}, problems


def _unsorted() -> Message:
    orders = "、".join(Order)
    return message(f"请选择其中一列：{orders}。", f"Choose one of: {orders.replace('、', ', ')}.")


def _turned(first: str) -> Message:
    label = next(blank.label for blank in BLANKS if blank.name == first)
    return message(f"不能小于“{label.zh}”，请修改。", f"Enter nothing below “{label.en}”.")


def _window(values: Mapping[str, Any], today: date) -> dict[str, date | None]:
    """Return the days between which a contract ends: those given, within those of ``expiring``."""
    first, last = values.get("ends_from"), values.get("ends_until")
    if "expiring" in values:
        end = today + timedelta(days=values["expiring"])
        first, last = max(first or today, today), min(last or end, end)
    return {"ends_from": first, "ends_until": last}


def _midnight(day: date | None, later: timedelta = timedelta(0)) -> datetime | None:
    """Return the start of a day in the machine's time zone, as a moment in UTC."""
    return None if day is None else datetime.combine(day + later, datetime.min.time()).astimezone(UTC)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
