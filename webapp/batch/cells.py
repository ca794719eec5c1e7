"""One cell: from what a spreadsheet holds to the text a form would send."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from clausebank.bank.model import Bilingual, Blank, BlankType
from schemas.forms import ON

SAFE_DIGITS = 15
YES = frozenset({"是", "yes", "y", "true", "on", "1", "√", "✓"})
NO = frozenset({"否", "no", "n", "false", "off", "0", "×"})
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?: 00:00(?::00)?)?", re.ASCII)


class UnusableCell(ValueError):  # noqa: N818 (reads better without Error)
    """A cell holds something that cannot be taken as it is; says what to do."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class Raw:
    """What a file holds in a cell; ``kind`` is ``f`` for a formula, ``e`` for an error."""

    value: object
    format: str = ""
    kind: str = ""

    @property
    def shown(self) -> str:
        """The cell as a report quotes it."""
        day = self.value.date() if isinstance(self.value, datetime) and self.value.time() == time() else None
        return "" if self.value is None else str(day or self.value)


def text_of(raw: Raw, blank: Blank) -> str:
    """Return a cell as the field of a form would send it; UnusableCell says what to do instead."""
    if raw.kind == "f":
        raise UnusableCell(
            "单元格是公式，请改为数值（选择性粘贴“数值”）。", "This is a formula: paste it as a value."
        )
    if raw.kind == "e":
        raise UnusableCell(
            f"单元格是错误值 {raw.value}，请填写内容。", f"This is the error {raw.value}: enter a value."
        )
    match raw.value:
        case bool():
            text = "TRUE" if raw.value else "FALSE"
        case datetime() | date() | time():
            text = _day(raw.value, blank)
        case int() | float():
            text = _figures(raw.value, raw.format, blank)
        case _:
            text = raw.shown
    return _chosen(text, blank) if text.strip() else ""


def _day(value: date | time, blank: Blank) -> str:
    if blank.type is not BlankType.DATE:
        raise UnusableCell(
            "电子表格把内容变成了日期，请把单元格设为文本后重新填写。",
            "The spreadsheet turned this into a date: make the cell text and enter it again.",
        )
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)


def _figures(value: float, form: str, blank: Blank) -> str:
    """Return a number with the digits a spreadsheet keeps; a cell shown in percent counts as such."""
    number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{SAFE_DIGITS}g}")
    if not number.is_finite() or abs(number) >= 10**SAFE_DIGITS:
        raise UnusableCell(
            "超过15位的数字在电子表格中会丢失末位，请把单元格设为文本后重新填写。",
            "Spreadsheets lose digits beyond 15: make the cell text and enter it again.",
        )
    percent = form.endswith("%")
    plain = format((number * 100 if percent else number).normalize(), "f")
    return f"{plain}%" if percent and blank.type is not BlankType.PERCENT else plain


def _chosen(text: str, blank: Blank) -> str:
    match blank.type:
        case BlankType.SWITCH:
            return _switch(text)
        case BlankType.CHOICE:
            return _choice(text.strip(), blank)
        case BlankType.DATE:
            found = DAY.fullmatch(text.strip())
            return f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}" if found else text
        case _:
            return text


def _switch(text: str) -> str:
    """Return what a checkbox sends: ``on``, or another text for no."""
    if text.strip().casefold() in YES:
        return ON
    if text.strip().casefold() in NO:
        return "off"
    raise UnusableCell("请填“是”或者“否”。", "Enter 是 (yes) or 否 (no).")


def _choice(text: str, blank: Blank) -> str:
    """Return the key of a choice that was given by its label; anything else is left to the schema."""
    if any(choice.key == text for choice in blank.choices):
        return text
    labelled = [choice.key for choice in blank.choices if text in {choice.label.zh, choice.label.en}]
    if len(labelled) == 1:
        return labelled[0]
    listed = Bilingual(
        "、".join(choice.label.zh for choice in blank.choices),
        ", ".join(f"{choice.label.zh} ({choice.label.en})" for choice in blank.choices),
    )
    raise UnusableCell(f"请选择其中一项：{listed.zh}。", f"Choose one of: {listed.en}.")
