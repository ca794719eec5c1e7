"""The report on checked rows: as lines, and as the file itself with the bad cells marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import PurePath

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from webapp.batch.checking import RowProblem
from webapp.batch.grids import read_csv
from webapp.batch.sheets import BAD, HEAD, HEAD_FONT, WRAP, as_text, put

TITLE = "问题 Problems"
HEADINGS = (
    ("行号", "Row", 10),
    ("工作表", "Sheet", 20),
    ("单元格", "Cell", 10),
    ("填写项", "Field", 30),
    ("填写的内容", "Value", 30),
    ("如何修改", "What to do", 60),
    ("What to do", "What to do", 60),
)
AUTHOR = "ClauseBank"


def problem_line(problem: RowProblem, language: str) -> str:
    """Return a problem as a line for a person: row, cell, field, what to do."""
    row = f"row {problem.row}" if language == "en" else f"行 {problem.row}"
    held = f" [{problem.value}]" if problem.value else ""
    message = problem.en if language == "en" else problem.zh
    spot = f"{problem.spot.sheet}!{problem.spot.cell}" if problem.spot.cell else ""
    where = " ".join(part for part in (row, spot, problem.label[language]) if part)
    return f"{where}{held}: {message}"


def marked_workbook(data: bytes, name: str, problems: Sequence[RowProblem]) -> bytes:
    """Return the file with its bad cells marked, and a sheet that lists every problem first."""
    book = _book(data, name)
    for sheet in book.worksheets:
        _disarm(sheet)
    for problem in problems:
        _mark(book, problem)
    _list(book.create_sheet(_free_title(book), 0), problems)
    book.active = 0
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is book.worksheets[0]
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _book(data: bytes, name: str) -> Workbook:
    """Open the file as a workbook; JSON lines have no cells to mark."""
    suffix = PurePath(name).suffix.lower()
    if suffix == ".xlsx":
        return load_workbook(BytesIO(data))
    book = Workbook()
    page = book.active
    assert page is not None
    if suffix != ".csv":
        book.remove(page)
        return book
    grid = read_csv(data, name)
    page.title = "CSV"
    for number, cells in grid.lines:
        for column, raw in enumerate(cells, start=1):
            put(page.cell(number, column), raw.value)
    return book


def _disarm(sheet: Worksheet) -> None:
    """Turn every formula into the text it was typed as."""
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.data_type == "f":
                put(cell, cell.value if isinstance(cell.value, str) else "=")
                as_text(cell)


def _mark(book: Workbook, problem: RowProblem) -> None:
    titles = {sheet.title: sheet for sheet in book.worksheets}
    page = titles.get(problem.spot.sheet) or titles.get("CSV")
    if page is None:
        return
    cell = page.cell(problem.spot.line, problem.spot.column or 1)
    cell.fill = BAD
    before = f"{cell.comment.text}\n" if cell.comment and cell.comment.author == AUTHOR else ""
    cell.comment = Comment(
        f"{before}{problem.label.zh}：{problem.zh}\n{problem.en}", AUTHOR, width=360, height=120
    )


def _list(page: Worksheet, problems: Iterable[RowProblem]) -> None:
    for column, (zh, en, width) in enumerate(HEADINGS, start=1):
        cell = put(page.cell(1, column), zh if zh == en else f"{zh} {en}")
        cell.fill, cell.font = HEAD, HEAD_FONT
        page.column_dimensions[cell.column_letter].width = width
    for row, p in enumerate(problems, start=2):
        label = f"{p.label.zh} {p.label.en}（{p.field}）"
        values = (p.row, p.spot.sheet, p.spot.cell or p.spot.line, label, p.value, p.zh, p.en)
        for column, value in enumerate(values, start=1):
            put(page.cell(row, column), value).alignment = WRAP
    page.freeze_panes = "A2"


def _free_title(book: Workbook) -> str:
    """Return the title of our sheet, also in a file that was marked before."""
    if TITLE in book.sheetnames:
        book.remove(book[TITLE])
    return TITLE
