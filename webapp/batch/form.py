"""The spreadsheet form of a kind: headings, lists to choose from, limits, help and an example row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from clausebank.bank.model import Bilingual, Blank, BlankType
from schemas.fields import LINE, LINES
from webapp.batch.columns import EXAMPLE, KEY, KEY_LABEL, Column, Layout, Sheet
from webapp.batch.sheets import HEAD, HEAD_FONT, SUB, SUB_FONT, WRAP, put

CHOICES = "选项 Choices"
ZH, EN, NAMES, SAMPLE, FIRST = 1, 2, 3, 4, 5
LAST = 20_004
YES_NO = ("是", "否")
FIGURES = {BlankType.MONEY: "#,##0.00", BlankType.PERCENT: "0.####", BlankType.INTEGER: "0"}
DAY, TEXT = "yyyy-mm-dd", "@"
LONGEST_TITLE, LONGEST_PROMPT = 32, 255
GREY = Font(name="等线", italic=True, color="7F7F7F")


def write_form(layout: Layout) -> bytes:
    """Return the form as an XLSX file."""
    book = Workbook()
    choices = book.active
    assert choices is not None
    choices.title = CHOICES
    lists = dict(_write_choices(choices, layout))
    for index, sheet in enumerate(layout.sheets):
        _write_sheet(book.create_sheet(sheet.title, index), sheet, lists)
    _write_help(book.create_sheet("说明 Help"), layout)
    book.active = 0
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_choices(page: Worksheet, layout: Layout) -> Iterator[tuple[str, str]]:
    """Write the choices in a column each; yield the range of each column of the form."""
    chosen = [c for sheet in layout.sheets for c in sheet.columns if c.blank.type is BlankType.CHOICE]
    for number, column in enumerate(chosen, start=1):
        letter = get_column_letter(number)
        put(page.cell(1, number), column.label.zh).font = HEAD_FONT
        page.cell(1, number).fill = HEAD
        page.column_dimensions[letter].width = 32
        for row, choice in enumerate(column.blank.choices, start=2):
            put(page.cell(row, number), choice.label.zh)
        last = len(column.blank.choices) + 1
        yield column.name, f"{quote_sheetname(CHOICES)}!${letter}$2:${letter}${last}"


def _write_sheet(page: Worksheet, sheet: Sheet, lists: dict[str, str]) -> None:
    key = Bilingual("所属行号", "Row it belongs to") if sheet.blank else KEY_LABEL
    _heading(page, 1, key, KEY, optional=False)
    for row in range(SAMPLE, SAMPLE + len(sheet.examples)):
        put(page.cell(row, 1), f"{EXAMPLE.zh} {EXAMPLE.en}").font = GREY
    page.column_dimensions["A"].width = 16
    page.column_dimensions["A"].number_format = TEXT
    for number, column in enumerate(sheet.columns, start=2):
        _heading(page, number, column.label, column.name, optional=column.blank.optional)
        for row, example in enumerate(sheet.examples, start=SAMPLE):
            sample = put(page.cell(row, number), _shown(column.blank, example.get(column.name)))
            sample.font, sample.number_format, sample.alignment = GREY, _format(column.blank), WRAP
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = _width(column)
        page.column_dimensions[letter].number_format = _format(column.blank)
        rule = _rule(column, lists.get(column.name, ""), sheet.examples[0].get(column.name))
        rule.add(f"{letter}{FIRST}:{letter}{LAST}")
        page.add_data_validation(rule)
    page.freeze_panes = f"B{FIRST}"


def _heading(page: Worksheet, number: int, label: Bilingual, name: str, *, optional: bool) -> None:
    star = "" if optional else " *"
    for row, text in ((ZH, f"{label.zh}{star}"), (EN, f"{label.en}{star}"), (NAMES, name)):
        cell: Any = put(page.cell(row, number), text)
        cell.alignment = WRAP
        cell.fill, cell.font = (SUB, SUB_FONT) if row == NAMES else (HEAD, HEAD_FONT)


def _shown(blank: Blank, value: object) -> object:
    """Return a value as a person would enter it into a cell."""
    match blank.type:
        case BlankType.SWITCH:
            return YES_NO[0] if value is True else YES_NO[1]
        case BlankType.CHOICE:
            labels = {choice.key: choice.label.zh for choice in blank.choices}
            return labels.get(str(value), value)
        case BlankType.MONEY | BlankType.PERCENT | BlankType.INTEGER if value is not None:
            return _number(str(value))
        case _:
            return value


def _number(text: str) -> object:
    try:
        return float(Decimal(text.replace(",", "")))
    except InvalidOperation:
        return text


def _format(blank: Blank) -> str:
    return DAY if blank.type is BlankType.DATE else FIGURES.get(blank.type, TEXT)


def _width(column: Column) -> int:
    return 40 if column.blank.multiline else min(max(len(column.label.zh) * 2 + 4, 14), 30)


def _rule(column: Column, choices: str, example: object) -> DataValidation:
    """Return what a spreadsheet checks while typing, with the help it shows."""
    rule = _check(column.blank, choices)
    rule.allow_blank = True
    rule.showInputMessage = rule.showErrorMessage = True
    rule.errorTitle, rule.error = "请修改 Please correct", _prompt(column, example)
    rule.promptTitle, rule.prompt = column.label.zh[:LONGEST_TITLE], _prompt(column, example)
    return rule


def _check(blank: Blank, choices: str) -> DataValidation:
    match blank.type:
        case BlankType.CHOICE:
            return DataValidation(type="list", formula1=choices)
        case BlankType.SWITCH:
            return DataValidation(type="list", formula1=f'"{",".join(YES_NO)}"')
        case BlankType.DATE:
            return DataValidation(
                type="date", operator="between",
                formula1=_serial(blank.minimum, "1900-03-01"), formula2=_serial(blank.maximum, "2199-12-31"),
            )  # fmt: skip
        case BlankType.INTEGER | BlankType.MONEY | BlankType.PERCENT:
            low, high = (
                (blank.minimum or "0").replace(",", ""),
                (blank.maximum or "999999999999").replace(",", ""),
            )
            return DataValidation(
                type="whole" if blank.type is BlankType.INTEGER else "decimal",
                operator="between",
                formula1=low,
                formula2=high,
            )
        case BlankType.PERIOD:
            return DataValidation(type="textLength", operator="between", formula1="2", formula2="10")
        case _:
            most = blank.maximum or str(LINES if blank.multiline else LINE)
            return DataValidation(type="textLength", operator="lessThanOrEqual", formula1=most)


def _serial(given: str | None, default: str) -> str:
    """Return a day as spreadsheets count them."""
    return str((date.fromisoformat(given or default) - date(1899, 12, 30)).days)


def _prompt(column: Column, example: object) -> str:
    blank = column.blank
    unit = f"（{blank.unit.zh} {blank.unit.en}）" if blank.unit else ""
    help_ = f"{blank.help.zh}\n" if blank.help else ""
    rest = f"例如 e.g. {_shown(blank, example)}{unit}"
    if column.suggested is not None:
        rest += f"\n不填时为 If empty: {_shown(blank, column.suggested)}"
    return f"{help_[: max(LONGEST_PROMPT - len(rest), 0)]}{rest}"[:LONGEST_PROMPT]


def _write_help(page: Worksheet, layout: Layout) -> None:
    lines = (
        f"{layout.title.zh} · {layout.title.en}（{layout.kind}）",
        "每行一份合同，从第 5 行开始填写；示例行不会生成合同。 One contract a row, from row 5 on; the example row makes none.",
        "第 3 行是系统名称，请勿修改；用不到的列可以删除。 Row 3 holds system names: leave them; unused columns may be deleted.",
        (
            "带 * 的在用到时必须填写，有建议值的除外；不填的取建议值。 Fields with * must be filled where the texts use them, "
            "unless a value is suggested; an empty cell takes the suggested value."
        ),
        (
            "清单（如付款进度）填在各自的工作表，“所属行号”写合同的行号；一行都不填的清单取建议的内容。 Lists have a sheet each; "
            "“Row it belongs to” holds the row of the contract; a list without any row takes what is suggested."
        ),
        (
            "行号可以自定，不得重复；不填的取表格中的行数。 Rows may be named freely, each once; an empty one takes the "
            "number of the line in the sheet."
        ),
        "银行账号等长数字请保持文本格式。 Keep long digits such as account numbers as text.",
    )
    page.column_dimensions["A"].width = 100
    for row, text in enumerate(lines, start=1):
        put(page.cell(row, 1), text).alignment = WRAP
