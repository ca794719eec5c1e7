"""From a file of rows to the raw answers of each contract, and where each answer stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from openpyxl.utils import get_column_letter

from schemas.forms import nest
from webapp.answers_file import InputError
from webapp.batch.cells import Raw, UnusableCell, text_of
from webapp.batch.columns import EXAMPLE, KEY, KEY_LABEL, Column, Layout, Sheet
from webapp.batch.grids import TYPES, Grid, Line, read_csv, read_json_lines, read_workbook
from webapp.partial import Messages
from webapp.workbench import tidied

HEADINGS = 10
OWNER = frozenset({"所属行号", "row it belongs to"})
EXAMPLES = frozenset({EXAMPLE.zh, EXAMPLE.en.casefold(), f"{EXAMPLE.zh} {EXAMPLE.en}".casefold()})


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an answer stands or would stand: ``column`` is 0 where the file has none for it."""

    sheet: str
    line: int
    column: int = 0

    @property
    def cell(self) -> str:
        """The name of the cell: ``C7``."""
        return f"{get_column_letter(self.column)}{self.line}" if self.column else ""


@dataclass(frozen=True, slots=True)
class InputRow:
    """One contract of a file: the answers as the schema takes them, the texts and spots of its cells."""

    line: int
    key: str
    raw: Mapping[str, Any]
    shown: Mapping[str, str] = field(default_factory=dict)
    spots: Mapping[str, Spot] = field(default_factory=dict)
    unusable: Messages = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet of the file matched with one of the form."""

    title: str
    key: int | None
    columns: Mapping[int, tuple[str, Column]]
    lines: tuple[Line, ...]

    def rows(self) -> Iterator[tuple[str, Line]]:
        """Yield the lines with their keys, the example left out."""
        for number, cells in self.lines:
            raw = cells[self.key] if self.key is not None and self.key < len(cells) else Raw(None)
            key = _key(raw)
            if key.casefold() not in EXAMPLES:
                yield key, (number, cells)


def read_rows(data: bytes, name: str, layout: Layout) -> tuple[InputRow, ...]:
    """Return the contracts of a file; InputError when it cannot be read as rows of this kind."""
    match PurePath(name).suffix.lower():
        case ".xlsx":
            rows = _from_grids(read_workbook(data, name), layout, name)
        case ".csv":
            rows = _from_grids([read_csv(data, name)], layout, name)
        case ".jsonl":
            rows = [InputRow(line, str(line), raw) for line, raw in read_json_lines(data, name)]
        case _:
            raise InputError(
                name, f"文件类型应为 {'、'.join(TYPES)}", f"the file must be one of {', '.join(TYPES)}"
            )
    if not rows:
        raise InputError(name, "没有填写任何一行", "no row is filled in")
    return tuple(rows)


def _from_grids(grids: list[Grid], layout: Layout, name: str) -> list[InputRow]:
    tables = {
        blank_name: table
        for grid in grids
        for blank_name, table in _match(grid, layout, name, len(grids) == 1)
    }
    if "" not in tables:
        raise InputError(
            name,
            f"没有找到“{layout.main.title}”工作表的列名，请使用下载的表格",
            f"the headings of the sheet “{layout.main.title}” were not found: use the downloaded form",
        )
    below = {list_: _by_key(table) for list_, table in tables.items() if list_}
    rows = [_row(key, line, tables, below, layout) for key, line in tables[""].rows()]
    _refuse_strays(rows, tables, below)
    return rows


def _match(grid: Grid, layout: Layout, name: str, alone: bool) -> Iterator[tuple[str, _Table]]:  # noqa: FBT001
    """Yield the sheet of the form that a grid's headings belong to, by names before labels.

    Labels alone count where the sheet bears its title or the file has no other.
    """
    best: tuple[int, int, Sheet] | None = None
    for index, (_, cells) in enumerate(grid.lines[:HEADINGS]):
        for sheet in layout.sheets:
            names = {column.name for column in sheet.columns}
            exact = sum(raw.shown.strip() in names for raw in cells)
            known = sum(_find(sheet, raw.shown, layout) is not None for raw in cells)
            if not (exact or alone or sheet.title == grid.title):
                continue
            score = exact * 1000 + known
            if score and (best is None or score > best[0]):
                best = score, index, sheet
    if best is None:
        return
    _, index, sheet = best
    headings = grid.lines[index][1]
    columns = {n: found for n, raw in enumerate(headings) if (found := _find(sheet, raw.shown, layout))}
    _refuse_headings(headings, columns, grid.lines[index][0], grid.title, name)
    keys = [n for n, raw in enumerate(headings) if _is_key(raw.shown)]
    yield (
        sheet.blank.name if sheet.blank else "",
        _Table(grid.title, keys[0] if keys else None, columns, grid.lines[index + 1 :]),
    )


def _find(sheet: Sheet, heading: str, layout: Layout) -> tuple[str, Column] | None:
    """Return the field of a heading; on the sheet of contracts also a list's: ``schedule.0.stage``."""
    text = heading.replace("*", "").strip()
    column = sheet.find(text)
    if column is not None:
        return column.name, column
    root, _, rest = text.partition(".")
    index, _, last = rest.partition(".")
    below = layout.lists.get(root) if sheet.blank is None and index.isascii() and index.isdigit() else None
    found = below.find(f"{root}.{last}") if below else None
    return (f"{root}.{int(index)}.{last}", found) if found else None


def _is_key(heading: str) -> bool:
    text = heading.strip()
    return text in {KEY, KEY_LABEL.zh} or text.casefold() in {KEY_LABEL.en.casefold(), *OWNER}


def _refuse_headings(
    headings: tuple[Raw, ...], columns: Mapping[int, tuple[str, Column]], line: int, title: str, name: str
) -> None:
    """Refuse headings nobody knows, and two columns for one field."""
    wrong = [
        f"{get_column_letter(n + 1)}{line} {raw.shown}"
        for n, raw in enumerate(headings)
        if raw.shown.strip() and n not in columns and not _is_key(raw.shown)
    ]
    names = [field_name for field_name, _ in columns.values()]
    wrong += sorted({field_name for field_name in names if names.count(field_name) > 1})
    if wrong:
        listed = "，".join(wrong)
        zh = f"不认识或者重复的列：{listed}；请使用下载的表格或者删除这些列"
        raise InputError(f"{name} {title}", zh, f"unknown or repeated columns: {listed}; take them out")


def _by_key(table: _Table) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for key, line in table.rows():
        if any(raw.shown.strip() for index, raw in enumerate(line[1]) if index in table.columns):
            found.setdefault(key, []).append(line)
    return found


def _key(raw: Raw) -> str:
    number = raw.value
    return str(int(number)) if isinstance(number, float) and number.is_integer() else raw.shown.strip()


def _row(
    key: str,
    line: Line,
    tables: Mapping[str, _Table],
    below: Mapping[str, dict[str, list[Line]]],
    layout: Layout,
) -> InputRow:
    """Gather the cells of a contract from its own line and those of its lists."""
    key = key or str(line[0])
    cells = list(_cells(tables[""], line, ""))
    for name, lines in below.items():
        for index, one in enumerate(lines.get(key, ())):
            cells += _cells(tables[name], one, f"{name}.{index}.")
    typed, unusable = _typed(cells)
    given = {path.split(".")[0] for path in typed}
    blanks = [blank for blank in layout.blanks if blank.name in given]
    return InputRow(
        line=line[0],
        key=key,
        raw=nest(tidied(typed, blanks), blanks),
        shown={path: raw.shown for path, _, _, raw in cells},
        spots={path: spot for path, spot, _, _ in cells},
        unusable=unusable,
    )


_Cell = tuple[str, Spot, Column, Raw]


def _cells(table: _Table, line: Line, prefix: str) -> Iterator[_Cell]:
    number, raws = line
    for index, (name, column) in table.columns.items():
        path = prefix + name.rsplit(".", 1)[1] if prefix else name
        raw = raws[index] if index < len(raws) else Raw(None)
        yield path, Spot(table.title, number, index + 1), column, raw


def _typed(cells: list[_Cell]) -> tuple[dict[str, str], Messages]:
    """Return the filled cells as a form would send them, and what cannot be taken."""
    typed: dict[str, str] = {}
    unusable: dict[str, tuple[Mapping[str, str], ...]] = {}
    for path, _, column, raw in cells:
        try:
            text = text_of(raw, column.blank)
        except UnusableCell as error:
            unusable[path] = ({"zh": error.zh, "en": error.en},)
            text = ""
        if text or path in unusable:
            typed[path] = text
    return typed, unusable


def _refuse_strays(
    rows: list[InputRow], tables: Mapping[str, _Table], below: Mapping[str, dict[str, list[Line]]]
) -> None:
    """Refuse rows of lists that belong to no contract."""
    keys = {row.key for row in rows}
    strays = [
        (f"{tables[name].title}!A{lines[0][0]}", key)
        for name, found in below.items()
        for key, lines in found.items()
        if key not in keys
    ]
    if strays:
        zh = "，".join(f"{place} 行号“{key}”" for place, key in strays)
        en = ", ".join(f"{place} row “{key}”" for place, key in strays)
        raise InputError(
            strays[0][0], f"清单中的行没有对应的合同：{zh}", f"rows of lists without a contract: {en}"
        )
