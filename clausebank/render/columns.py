"""Column widths of a table: the shares its author gave, widened where words would be cut apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from clausebank.document import Inlines, Table, plain

ROW = 86
"""How many letters, each half as wide as a Chinese character, fill a line of a table."""

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


def _needed(column: Sequence[Inlines]) -> float:
    """Return the letters that the widest piece of a column takes which should not be cut apart."""
    cells = list(map(plain, column))
    short = (2.0 * len(cell) for cell in cells if len(cell) <= _SHORT)
    pieces = (_LETTER * len(piece) for cell in cells for piece in _UNBROKEN.findall(cell))
    return _PADDING + max(*short, 0.0, min(max(pieces, default=0.0), _MOST))
