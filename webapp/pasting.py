"""Rows pasted from a spreadsheet into a list of the form."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clausebank.bank.model import Bilingual, Blank
from schemas.forms import flatten
from webapp.batch.cells import Raw, UnusableCell, text_of
from webapp.figures import NUMBERS, plain_number

FEWEST_NAMES = 2
NUMBER_NAMES = frozenset({"序号", "no", "no.", "#", "编号"})


@dataclass(frozen=True, slots=True)
class Pasted:
    """Rows as fields of the form, and what could not be taken of them.

    ``wrong`` says by row and column (``0.share``) what to do about a cell; ``unknown`` are headings no column has.
    """

    rows: tuple[Mapping[str, str], ...] = ()
    wrong: Mapping[str, Bilingual] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def read_table(text: str, blank: Blank, first: str = "") -> Pasted:
    """Read cells separated by tabs, or by commas where there is no tab.

    A first row that names columns is their heading. Else the cells fill the columns of the list in order,
    from the one called ``first`` on.
    """
    grid = [row for row in _grid(text) if any(cell.strip() for cell in row)]
    columns, unknown = _headed(grid[0], blank) if grid else ((), ())
    if columns:
        grid = grid[1:]
    else:
        columns, unknown = _from(blank, first), ()
    rows: list[Mapping[str, str]] = []
    wrong: dict[str, Bilingual] = {}
    for index, cells in enumerate(grid):
        fields, faults = _row(cells, columns)
        rows.append(fields)
        wrong |= {f"{index}.{name}": said for name, said in faults.items()}
    return Pasted(tuple(rows), wrong, unknown)


def _grid(text: str) -> list[list[str]]:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    delimiter = "\t" if "\t" in plain else ","
    return list(csv.reader(plain.splitlines(keepends=True), delimiter=delimiter))


def _headed(cells: Sequence[str], blank: Blank) -> tuple[tuple[Blank | None, ...], tuple[str, ...]]:
    """Return the column of each heading, None for those to pass over; nothing when it is no heading."""
    names = {_folded(name): column for column in blank.fields for name in _names(column)}
    found = [names.get(_folded(cell)) for cell in cells]
    known = [column for column in found if column is not None]
    filled = [cell for cell in cells if cell.strip()]
    if len(known) < min(FEWEST_NAMES, len(filled)) or not known:
        return (), ()
    unknown = (
        cell.strip()
        for cell, column in zip(cells, found, strict=True)
        if column is None and cell.strip() and _folded(cell) not in NUMBER_NAMES
    )
    return tuple(column if column and not column.derived else None for column in found), tuple(unknown)


def _names(column: Blank) -> Iterator[str]:
    yield from (column.name, column.label.zh, column.label.en)


def _folded(text: str) -> str:
    return " ".join(text.replace("*", " ").split()).casefold()


def _from(blank: Blank, first: str) -> tuple[Blank, ...]:
    columns = [column for column in blank.fields if not column.derived]
    start = next((index for index, column in enumerate(columns) if column.name == first), 0)
    return tuple(columns[start:])


def _row(
    cells: Sequence[str], columns: Sequence[Blank | None]
) -> tuple[dict[str, str], dict[str, Bilingual]]:
    """Return the fields of a row; a cell that cannot be taken stays empty and is told."""
    fields: dict[str, str] = {}
    wrong: dict[str, Bilingual] = {}
    for cell, column in zip(cells, columns, strict=False):
        if column is None:
            continue
        try:
            text = text_of(Raw(cell.strip()), column)
            given = plain_number(text) if column.type in NUMBERS else text
            fields |= flatten({column.name: given}, (column,))
        except UnusableCell as error:
            quoted = cell.strip()
            fields |= flatten({column.name: ""}, (column,))
            wrong[column.name] = Bilingual(f"“{quoted}”：{error.zh}", f"“{quoted}”: {error.en}")
    return fields, wrong
