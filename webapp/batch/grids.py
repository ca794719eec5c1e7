"""Files as grids of cells: XLSX, CSV and JSON lines, refused when they are no such thing."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clausebank.embedded import MAX_BYTES, MAX_MEMBERS
from webapp.answers_file import InputError
from webapp.batch.cells import Raw

MAX_FILE = 50 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 2_000
TYPES = (".xlsx", ".csv", ".jsonl")

Line = tuple[int, tuple[Raw, ...]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet of a file: its lines by their number, those without any content left out."""

    title: str
    lines: tuple[Line, ...]


def read_workbook(data: bytes, name: str) -> list[Grid]:
    """Return the sheets of a workbook; InputError when it is none or too large."""
    from openpyxl import load_workbook

    _check_package(data, name)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True)
        return [Grid(sheet.title, tuple(_lines(sheet, name))) for sheet in book.worksheets]
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part leads to
        raise InputError(name, "不是有效的 XLSX 文件", "not a valid XLSX file") from error


def _check_package(data: bytes, name: str) -> None:
    """Refuse what is no package, or one that unpacks to too much."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise InputError(name, "不是有效的 XLSX 文件", "not a valid XLSX file") from error
    names = [member.filename for member in members]
    size = sum(member.file_size for member in members)
    if len(names) > MAX_MEMBERS or len(set(names)) < len(names) or size > 2 * MAX_BYTES:
        raise InputError(name, "XLSX 文件过大或者结构异常", "the XLSX file is too large or malformed")


def _lines(sheet: Any, name: str) -> Iterator[Line]:
    sheet.reset_dimensions()
    count = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        filled = max((n for n, cell in enumerate(cells, start=1) if cell.value not in {None, ""}), default=0)
        if filled:
            count += 1
            _limit(count, name)
            yield number, tuple(_raw(cell) for cell in cells[:filled])


def _raw(cell: Any) -> Raw:
    if cell.value is None:
        return Raw(None)
    return Raw(cell.value, cell.number_format, cell.data_type if cell.data_type in {"f", "e"} else "")


def read_csv(data: bytes, name: str) -> Grid:
    """Return a CSV file, comma or semicolon or tab, UTF-8 or GB 18030."""
    text = _text(data, name)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[Line] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _limit(len(lines) + 1, name)
                lines.append((reader.line_num, tuple(Raw(cell or None) for cell in cells)))
    except csv.Error as error:
        place = f"{name}:{reader.line_num}"
        raise InputError(place, "不是有效的 CSV（引号不成对）", f"invalid CSV: {error}") from error
    return Grid(name, tuple(lines))


def _text(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(name, "编码不是 UTF-8 或者 GB 18030", "neither UTF-8 nor GB 18030")


def read_json_lines(data: bytes, name: str) -> list[tuple[int, dict[str, Any]]]:
    """Return the answers of each line of a JSONL file; InputError names the first wrong line."""
    found: list[tuple[int, dict[str, Any]]] = []
    for number, text in enumerate(_text(data, name).split("\n"), start=1):
        if not text.strip():
            continue
        _limit(len(found) + 1, name)
        try:
            answers = json.loads(text, parse_constant=_refuse, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            zh, en = f"不是有效的 JSON：{error}", f"invalid JSON: {error}"
            raise InputError(f"{name}:{number}", zh, en) from error
        if not isinstance(answers, dict):
            raise InputError(f"{name}:{number}", "应为 JSON 对象", "a JSON object is expected")
        found.append((number, answers))
    return found


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise ValueError(f"duplicate key {double}")
    return dict(pairs)


def _limit(count: int, name: str) -> None:
    if count > MAX_ROWS:
        raise InputError(
            name, f"超过 {MAX_ROWS} 行，请分成几个文件", f"more than {MAX_ROWS} rows: split the file"
        )
