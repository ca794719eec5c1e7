"""Writing spreadsheets: cells that are never formulas, and the looks all our sheets share."""

from __future__ import annotations

from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

LONGEST = 32_767
HEAD = PatternFill("solid", fgColor="1F3A5F")
HEAD_FONT = Font(name="等线", bold=True, color="FFFFFF")
SUB = PatternFill("solid", fgColor="E8EDF3")
SUB_FONT = Font(name="等线", size=9, color="44546A")
BAD = PatternFill("solid", fgColor="F8CBAD")
WRAP = Alignment(wrap_text=True, vertical="top")


def put(cell: Any, value: object) -> Any:
    """Set a cell to a number, or to text that no program takes for a formula."""
    if value is None or isinstance(value, int | float):
        cell.value = value
        return cell
    cell.value = ""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("�", str(value))[:LONGEST]
    return as_text(cell)


def as_text(cell: Any) -> Any:
    """Make a cell plain text whatever it begins with."""
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def line(sheet: Worksheet, values: list[object] | tuple[object, ...], *, head: bool = False) -> list[Any]:
    """Return a row of cells for a sheet that is written as a stream."""
    cells = [put(WriteOnlyCell(sheet), value) for value in values]
    for cell in cells:
        cell.alignment = WRAP
        if head:
            cell.fill, cell.font = HEAD, HEAD_FONT
    return cells
