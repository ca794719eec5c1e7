"""Conditions: an answer compared with a value, and nothing else."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from clausebank.bank.language import Comparison, Condition
from clausebank.templates import When
from clausebank.wording.values import Money, Period, Unit, Value

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_DAYS: Mapping[Unit, Decimal] = {
    Unit.HOUR: Decimal(1) / 24,
    Unit.DAY: Decimal(1),
    Unit.WORKING_DAY: Decimal(1),
    Unit.MONTH: Decimal(30),
    Unit.YEAR: Decimal(365),
}


def holds(condition: Condition, answers: Mapping[str, Value]) -> bool:
    """Tell whether every comparison holds; one with a missing answer does not, save ``unset``."""
    return all(_compare(comparison, answers.get(comparison.name)) for comparison in condition)


def applies(when: When, answers: Mapping[str, Value]) -> bool:
    """Tell whether each answer named in a template's ``when`` is one of its values."""
    return all(answers.get(name) in values for name, values in when.items())


def _compare(comparison: Comparison, value: Value | None) -> bool:
    if comparison.operator in {"set", "unset"}:
        given = value is not None and value is not False and value not in ("", ())
        return given == (comparison.operator == "set")
    if value is None:
        return False
    other = _like(value, comparison.value)
    return other is not None and _OPERATORS[comparison.operator](*_comparable(value, other))


def _like(value: Value, text: str) -> Value | None:
    """Read the text of a comparison as a value of the same type; None where that cannot be."""
    try:
        match value:
            case bool():
                return {"true": True, "false": False}.get(text)
            case Money():
                return Money(int(Decimal(text) * 100))
            case Decimal():
                return Decimal(text)
            case int():
                return int(text)
            case Period():
                return Period.parse(text)
            case date():
                return date.fromisoformat(text)
            case str():
                return text
    except (ValueError, InvalidOperation):
        return None
    return None


def _comparable(value: Value, other: Value) -> tuple[object, object]:
    """Return both in a form that can be ordered; periods count as days."""
    if isinstance(value, Period) and isinstance(other, Period) and value.unit is not other.unit:
        return value.number * _DAYS[value.unit], other.number * _DAYS[other.unit]
    if isinstance(value, Period) and isinstance(other, Period):
        return value.number, other.number
    return value, other
