"""The register as a spreadsheet: rows written as they are read, cells typed, none ever a formula."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from clausebank.bank.model import Bilingual
from clausebank.storage.models import Contract
from clausebank.wording.values import Money
from webapp.batch.sheets import line, put

COLUMNS = (
    (Bilingual("合同编号", "Number"), 22),
    (Bilingual("名称", "Title"), 34),
    (Bilingual("委托方", "Client"), 34),
    (Bilingual("服务方", "Provider"), 34),
    (Bilingual("起始日", "Starts"), 12),
    (Bilingual("届满日", "Ends"), 12),
    (Bilingual("金额（元，含税）", "Amount (yuan, with tax)"), 20),
    (Bilingual("状态", "State"), 8),
    (Bilingual("生成日", "Made"), 12),
    (Bilingual("合同标识", "Id"), 38),
)
TITLE = Bilingual("合同登记", "Contracts")
STATES = {"final": Bilingual("定稿", "Final"), "draft": Bilingual("草稿", "Draft")}
DAY, SUM = "yyyy-mm-dd", "#,##0.00"


def write_register(contracts: Iterable[Contract], target: IO[bytes], language: str) -> int:
    """Write contracts as an XLSX file into an open file; returns how many."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(TITLE[language])
    for number, (_, width) in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.append(line(sheet, [label[language] for label, _ in COLUMNS], head=True))
    count = 0
    for count, contract in enumerate(contracts, start=1):  # noqa: B007 (the last one is how many)
        sheet.append(list(_cells(sheet, contract, language)))
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{count + 1}"
    book.save(target)
    return count


def _cells(sheet: WriteOnlyWorksheet, contract: Contract, language: str) -> Iterable[Any]:
    for text in (contract.number, contract.title, contract.client_name, contract.provider_name):
        yield put(WriteOnlyCell(sheet), text)
    yield _typed(sheet, contract.starts_on, DAY)
    yield _typed(sheet, contract.ends_on, DAY)
    yield _typed(sheet, None if contract.amount is None else Money(contract.amount).yuan, SUM)
    yield put(WriteOnlyCell(sheet), STATES[contract.state][language])
    yield _typed(sheet, contract.created_at.astimezone().date(), DAY)
    yield put(WriteOnlyCell(sheet), str(contract.id))


def _typed(sheet: WriteOnlyWorksheet, value: date | Decimal | None, form: str) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.value = value
    cell.number_format = form
    return cell
