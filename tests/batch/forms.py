"""Filling the spreadsheet form as a person would."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from webapp.batch.form import FIRST, NAMES, SAMPLE


class Form:
    """A form being filled; rows count from 0, the first is the row below the example."""

    def __init__(self, data: bytes) -> None:
        self.book: Workbook = load_workbook(BytesIO(data))

    def page(self, name: str):
        return next(page for page in self.book if name in self._names(page))

    def _names(self, page) -> dict[str, int]:
        return {cell.value: cell.column for cell in page[NAMES] if cell.value}

    def cell(self, row: int, name: str):
        page = self.page(name)
        return page.cell(FIRST + row, self._names(page)[name])

    def put(self, row: int, **values: Any) -> None:
        for name, value in values.items():
            self.cell(row, name.replace("__", ".")).value = value

    def copy_example(self, row: int, key: str | None = None) -> None:
        """Fill a row with the example row, and the lists of the contract with theirs."""
        for index, page in enumerate(self.book.worksheets):
            names = self._names(page)
            if "row" not in names:
                continue
            samples = [line for line in page.iter_rows(min_row=SAMPLE) if "示例" in str(line[0].value)]
            for sample in samples:
                line = FIRST + row if index == 0 else page.max_row + 1
                for name, column in names.items():
                    value = sample[column - 1].value
                    page.cell(line, column).value = key if name == "row" else value

    def save(self) -> bytes:
        stream = BytesIO()
        self.book.save(stream)
        return stream.getvalue()
