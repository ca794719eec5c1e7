"""Checking every row before anything is made: what is wrong, in which cell, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError

from clausebank.bank.model import Bilingual
from webapp.batch.columns import KEY, KEY_LABEL, Layout
from webapp.batch.reading import InputRow, Spot
from webapp.partial import Message, flat_messages

NUMBER = "contract_number"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing to mend: the row, the field with its labels, the cell and what it holds."""

    row: str
    field: str
    label: Bilingual
    value: str
    zh: str
    en: str
    spot: Spot

    def data(self) -> dict[str, Any]:
        """Return the problem for a machine, as plain data."""
        return {
            "row": self.row,
            "field": self.field,
            "label": {"zh": self.label.zh, "en": self.label.en},
            "value": self.value,
            "message": {"zh": self.zh, "en": self.en},
            "sheet": self.spot.sheet,
            "line": self.spot.line,
            "cell": self.spot.cell,
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that can be made, and the problems of the others."""

    good: tuple[InputRow, ...]
    problems: tuple[RowProblem, ...]
    total: int

    @property
    def bad(self) -> int:
        """How many rows cannot be made."""
        return self.total - len(self.good)


def check_rows(rows: tuple[InputRow, ...], schema: Schema, layout: Layout) -> Checked:
    """Validate every row by itself and against the others."""
    numbers = Counter(_number(row) for row in rows)
    keys = Counter(row.key for row in rows)
    good: list[InputRow] = []
    problems: list[RowProblem] = []
    for row in rows:
        found = [*_repeated(row, keys, numbers), *_invalid(row, schema, layout)]
        problems += found
        if not found:
            good.append(row)
    return Checked(tuple(good), tuple(problems), len(rows))


def _number(row: InputRow) -> str:
    return str(row.raw.get(NUMBER) or "").strip()


def _repeated(row: InputRow, keys: Mapping[str, int], numbers: Mapping[str, int]) -> Iterator[RowProblem]:
    """Yield what a row has in common with another though it must be its own."""
    sheet = next(iter(row.spots.values())).sheet if row.spots else ""
    if keys[row.key] > 1:
        zh, en = "行号重复，请改为不同的行号。", "This row name is used twice: give each row its own."
        yield RowProblem(row.key, KEY, KEY_LABEL, row.key, zh, en, Spot(sheet, row.line, 1 if sheet else 0))
    if _number(row) and numbers[_number(row)] > 1:
        zh, en = (
            "合同编号重复，请改为不同的编号。",
            "This contract number is used twice: give each contract its own.",
        )
        spot = row.spots.get(NUMBER, Spot(sheet, row.line))
        yield RowProblem(
            row.key, NUMBER, Bilingual("合同编号", "Contract number"), _number(row), zh, en, spot
        )


def _invalid(row: InputRow, schema: Schema, layout: Layout) -> Iterator[RowProblem]:
    messages: dict[str, tuple[Message, ...]] = {}
    try:
        schema.load(row.raw)
    except ValidationError as error:
        messages = dict(flat_messages(error.messages))
    for path, said in {**messages, **row.unusable}.items():
        for one in said:
            yield RowProblem(
                row=row.key,
                field=path,
                label=layout.label(path),
                value=_value(row, path),
                zh=one["zh"],
                en=one["en"],
                spot=_spot(row, path),
            )


def _value(row: InputRow, path: str) -> str:
    return row.shown.get(path, "") if row.spots else _at(row.raw, path.split("."))


def _at(raw: Any, path: Iterable[str]) -> str:
    """Return what plain data holds at a path, nothing where it has no such place."""
    for step in path:
        if isinstance(raw, Mapping):
            raw = raw.get(step)
        elif isinstance(raw, list) and step.isdigit() and int(step) < len(raw):
            raw = raw[int(step)]
        else:
            return ""
    return "" if raw is None or isinstance(raw, Mapping | list) else str(raw)


def _spot(row: InputRow, path: str) -> Spot:
    """Return the cell of a field; of a whole list or company its first cell, else the row."""
    if path in row.spots:
        return row.spots[path]
    below = (spot for name, spot in row.spots.items() if name.startswith(f"{path}."))
    sheet = next(iter(row.spots.values())).sheet if row.spots else ""
    return next(below, Spot(sheet, row.line))
