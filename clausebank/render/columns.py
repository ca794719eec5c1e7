"""Column widths of a table: the shares its author gave, widened where words would be cut apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from clausebank.document import Inlines, Table, plain

ROW = 86
"""How many letters, each half as wide as a Chinese character, fill a line of a table."""

FEW_LINES = 12
"""A table of no more lines stays on one page."""

_PADDING, _LETTER, _MOST, _SHORT = 3.5, 1.3, 18.0, 4
_UNBROKEN = re.compile(r"[!-~¥]+")
_FINE = 10


def fitted(table: Table) -> tuple[int, ...]:
    """Return shares in which figures, dates and short words stay on one line, as far as there is room."""
    given = [ROW * width / sum(table.widths) for width in table.widths]
    wanted = [_needed(column) for column in zip(table.header or [()] * len(given), *table.rows, strict=True)]
    lacking = sum(max(want - have, 0) for want, have in zip(wanted, given, strict=True))
    spare = sum(max(have - want, 0) for want, have in zip(wanted, given, strict=True))
    if not lacking or lacking >= spare:
        return table.widths
    kept = 1 - lacking / spare
    widths = (
        want + kept * (have - want) if have > want else want for want, have in zip(wanted, given, strict=True)
    )
    return tuple(round(_FINE * width) for width in widths)


def rooms(widths: Sequence[int]) -> list[int]:
    """Return how many letters a line of each column holds."""
    total = sum(widths)
    return [max(ROW * width // total - 2, 1) for width in widths]


def lines_of(cell: Inlines, room: int) -> int:
    """Return how many lines a cell takes in a column of that room; a Chinese character is as wide as two letters."""
    text = plain(cell)
    return _letters(text) // room + text.count("\n") + 1


@lru_cache(maxsize=1 << 12)
def _letters(text: str) -> int:
    return 2 * len(text) - sum(map(str.isascii, text))


def is_short(table: Table, widths: Sequence[int]) -> bool:
    """Tell whether a table with columns of these widths takes so few lines that it is not divided."""
    room = rooms(widths)
    rows = (table.header, *table.rows) if table.header else table.rows
    return len(rows) <= FEW_LINES and sum(max(map(lines_of, row, room)) for row in rows) <= FEW_LINES


def _needed(column: Sequence[Inlines]) -> float:
    """Return the letters that the widest piece of a column takes which should not be cut apart."""
    return _PADDING + max([_widest(plain(cell)) for cell in column], default=0.0)


@lru_cache(maxsize=1 << 12)
def _widest(text: str) -> float:
    short = 2.0 * len(text) if len(text) <= _SHORT else 0.0
    pieces = (_LETTER * len(piece) for piece in _UNBROKEN.findall(text))
    return max(short, min(max(pieces, default=0.0), _MOST))
