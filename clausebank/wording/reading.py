"""Raw values as the bank holds them, read as typed values: the inverse of how they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from clausebank.bank.model import Blank, BlankType
from clausebank.wording.phrase import phrase
from clausebank.wording.values import Money, Period, Value

FEN = 100


def read_value(raw: Any, blank: Blank) -> Value:
    """Return a suggested value typed; ValueError or ArithmeticError for one ``bank check`` would refuse."""
    match blank.type:
        case BlankType.MONEY:
            return Money(int(Decimal(str(raw)) * FEN))
        case BlankType.PERCENT:
            return Decimal(str(raw))
        case BlankType.PERIOD:
            return Period.parse(str(raw))
        case BlankType.INTEGER:
            return int(raw)
        case BlankType.DATE:
            return date.fromisoformat(str(raw))
        case BlankType.SWITCH:
            return bool(raw)
        case BlankType.LIST:
            columns = {column.name: column for column in blank.fields}
            return tuple({name: read_value(cell, columns[name]) for name, cell in row.items()} for row in raw)
        case _:
            return str(raw)


def shown(value: Value, blank: Blank) -> str:
    """Return a value of any type in short Chinese words; rows of a list are joined by semicolons."""
    match blank.type:
        case BlankType.SWITCH:
            return "是" if value else "否"
        case BlankType.LIST:
            rows = cast("Sequence[Mapping[str, Value]]", value)
            return "；".join(_row(row, blank) for row in rows)
        case BlankType.CHOICE:
            return next((choice.label.zh for choice in blank.choices if choice.key == value), str(value))
        case BlankType.MONEY:
            return phrase(value, blank, "figures")
        case _:
            return phrase(value, blank)


def _row(row: Mapping[str, Value], blank: Blank) -> str:
    cells = (
        shown(row[field.name], field) for field in blank.fields if not field.derived and field.name in row
    )
    return " ".join(cells)
