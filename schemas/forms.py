"""Between the flat fields of a page and raw answers.

Names: ``fee_total``; ``client.name``; ``payment_schedule.0.stage``; a period is two fields,
``late_payment_grace.number`` and ``late_payment_grace.unit``; a switch is a checkbox, ``on``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from clausebank.bank.model import Blank, BlankType
from clausebank.wording.values import Unit

Flat = dict[str, str]
ON = "on"
INDEX_LENGTH = 6
# 个工作日 ends with 日, so the longer units are tried first.
UNITS = sorted(Unit, key=len, reverse=True)


def nest(pairs: Iterable[tuple[str, str]], blanks: Iterable[Blank]) -> dict[str, Any]:
    """Return the raw answers of a form that showed these blanks; other names are passed over.

    As browsers send nothing for them, a switch without a field is off and a list without one empty.
    Rows are taken in the order of their indices, which may have holes.
    """
    tree: dict[str, Any] = {}
    for name, text in pairs:
        _put(tree, name.split("."), text)
    return _gather(tree, blanks)


def _put(tree: dict[str, Any], path: list[str], text: str) -> None:
    for step in path[:-1]:
        below = tree.get(step)
        if not isinstance(below, dict):
            below = tree[step] = {}
        tree = below
    tree[path[-1]] = text


def _gather(tree: Mapping[str, Any], blanks: Iterable[Blank]) -> dict[str, Any]:
    made = {blank.name: _raw(tree.get(blank.name), blank) for blank in blanks}
    return {name: raw for name, raw in made.items() if raw is not None}


def _raw(node: Any, blank: Blank) -> Any:
    """Return the raw answer of one blank, None where the form had no field for it."""
    match blank.type:
        case BlankType.SWITCH:
            return node == ON
        case BlankType.LIST:
            rows = node if isinstance(node, dict) else {}
            return [_gather(rows[index], blank.fields) for index in _indices(rows)]
        case BlankType.PERIOD if isinstance(node, dict):
            number = str(node.get("number", "")).strip()
            return f"{number}{node.get('unit', '')}" if number else ""
        case _:
            return node


def _indices(rows: Mapping[str, Any]) -> list[str]:
    found = (key for key in rows if key.isascii() and key.isdigit() and len(key) <= INDEX_LENGTH)
    return sorted((key for key in found if isinstance(rows[key], dict)), key=int)


def flatten(raw: Mapping[str, Any], blanks: Iterable[Blank]) -> Flat:
    """Return the fields of a form that show these raw answers; ``nest`` reads them back."""
    flat: Flat = {}
    for blank in blanks:
        if blank.name in raw:
            flat |= _fields(raw[blank.name], blank)
    return flat


def _fields(raw: Any, blank: Blank) -> Flat:
    match blank.type:
        case BlankType.SWITCH:
            return {blank.name: ON} if raw is True else {}
        case BlankType.PERIOD:
            number, unit = _split(_text(raw))
            return {f"{blank.name}.number": number, f"{blank.name}.unit": unit}
        case BlankType.COMPANY if isinstance(raw, Mapping):
            return {f"{blank.name}.{name}": _text(value) for name, value in raw.items()}
        case BlankType.LIST if isinstance(raw, list | tuple):
            rows = (flatten(row, blank.fields) for row in raw if isinstance(row, Mapping))
            return {
                f"{blank.name}.{i}.{name}": text for i, row in enumerate(rows) for name, text in row.items()
            }
        case _:
            return {blank.name: _text(raw)}


def _text(raw: Any) -> str:
    return "" if raw is None else str(raw)


def _split(text: str) -> tuple[str, str]:
    """Split a period into number and unit, also one that is not valid."""
    unit = next((str(unit) for unit in UNITS if text.endswith(unit)), "")
    return text.removesuffix(unit).strip(), unit
