"""The wording of an answer in the contract, chosen by the type of its blank."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from clausebank.bank.model import Blank, BlankType
from clausebank.errors import UnknownName
from clausebank.wording.money import figures, rmb_in_words
from clausebank.wording.numbers import chinese_number
from clausebank.wording.values import Company, Money, Period, Value

# A type whose set is empty is never printed: switches serve conditions, lists serve tables.
WORDINGS: Mapping[BlankType, frozenset[str]] = {
    BlankType.MONEY: frozenset({"", "in_words", "figures"}),
    BlankType.PERCENT: frozenset({""}),
    BlankType.DATE: frozenset({"", "iso"}),
    BlankType.PERIOD: frozenset({""}),
    BlankType.INTEGER: frozenset({"", "in_words"}),
    BlankType.CHOICE: frozenset({""}),
    BlankType.TEXT: frozenset({""}),
    BlankType.COMPANY: frozenset({""}),
    BlankType.SWITCH: frozenset(),
    BlankType.LIST: frozenset(),
}


def phrase(value: Value, blank: Blank, wording: str = "") -> str:
    """Return how an answer reads; UnknownName for a wording its type does not have."""
    if wording not in WORDINGS[blank.type]:
        raise UnknownName("写法", f"{blank.name}|{wording}")
    match value:
        case Money():
            return _money(value, wording)
        case Decimal():
            return f"{plain_figures(value)}%"
        case date():
            return value.isoformat() if wording == "iso" else f"{value.year}年{value.month}月{value.day}日"
        case Period():
            return str(value)
        case int():
            return chinese_number(value) if wording == "in_words" else str(value)
        case Company():
            return value.name
        case str():
            return _choice_text(value, blank) if blank.type is BlankType.CHOICE else value
        case _:
            raise TypeError(blank.name)


def plain_figures(number: Decimal) -> str:
    """Return a decimal in figures without needless zeros: 0.05, 5, 100."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(sum_: Money, wording: str) -> str:
    match wording:
        case "in_words":
            return rmb_in_words(sum_)
        case "figures":
            return figures(sum_)
        case _:
            return f"{rmb_in_words(sum_)}（{figures(sum_)}）"


def _choice_text(key: str, blank: Blank) -> str:
    for choice in blank.choices:
        if choice.key == key:
            return choice.text
    raise UnknownName("选项", f"{blank.name} = {key}")
