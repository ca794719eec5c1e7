"""The summary of a batch of renewals as XLSX: what changed, in whose favour, and what was found."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openpyxl import Workbook

from webapp.batch.sheets import line

SUMMARY = "续签汇总 renewals.xlsx"
SIDES = {
    "client": "委托方有利 client",
    "neutral": "中立 neutral",
    "provider": "服务方有利 provider",
    "mixed": "不一 mixed",
}
LEVELS = {"error": "错误 error", "warning": "警告 warning", "info": "提示 info"}
OF = {"problem": "不能续签 problem", "renewal": "续签 renewal", "contract": "新合同 new contract"}
Row = tuple[object, ...]
Data = Mapping[str, Any]
Columns = tuple[tuple[str, int], ...]

CONTRACTS: Columns = (
    ("原合同编号 Old number", 24),
    ("新合同编号 New number", 24),
    ("合同类型 Kind", 24),
    ("原届满日 Old end", 14),
    ("新起始日 New start", 14),
    ("新届满日 New end", 14),
    ("原服务费 Old fee", 16),
    ("新服务费 New fee", 16),
    ("费用变化 Fee change", 14),
    ("填写项变化 Answers changed", 14),
    ("文本变化 Lines changed", 14),
    ("偏向委托方 To the client", 14),
    ("偏向服务方 To the provider", 14),
    ("错误 Errors", 10),
    ("警告 Warnings", 10),
    ("状态 State", 16),
)
ANSWERS: Columns = (
    ("原合同编号 Old number", 24), ("填写项 Field", 40), ("Field", 40), ("原内容 Old", 50), ("新内容 New", 50),
)  # fmt: skip
TEXTS: Columns = (("原合同编号 Old number", 24), ("变化 Change", 120))
FAVOURS: Columns = (
    ("原合同编号 Old number", 24), ("主题或者数值 Topic or figure", 40), ("Topic or figure", 40),
    ("原立场 Old", 24), ("新立场 New", 24),
)  # fmt: skip
FINDINGS: Columns = (
    ("原合同编号 Old number", 24), ("来自 Of", 20), ("规则 Rule", 12), ("级别 Level", 16),
    ("填写项 Field", 40), ("说明", 60), ("Message", 60),
)  # fmt: skip


SHEETS: tuple[tuple[str, Columns], ...] = (
    ("续签 Renewals", CONTRACTS),
    ("填写项 Answers", ANSWERS),
    ("文本 Texts", TEXTS),
    ("立场 Favour", FAVOURS),
    ("检查 Findings", FINDINGS),
)


def summary_of(rows: Iterable[tuple[Data, str]]) -> bytes:
    """Return the summary of proposals, each with the state of its row in words; no cell is a formula.

    Every row is read once and let go, however many there are.
    """
    book = Workbook(write_only=True)
    sheets = [_sheet(book, title, columns) for title, columns in SHEETS]
    for data, state in rows:
        for sheet, found in zip(sheets, _rows(data, state), strict=True):
            for row in found:
                sheet.append(line(sheet, row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet(book: Workbook, title: str, columns: Columns) -> Any:
    page = book.create_sheet(title)
    for number, (_, width) in enumerate(columns):
        page.column_dimensions[chr(ord("A") + number)].width = width
    page.freeze_panes = "A2"
    page.append(line(page, [heading for heading, _ in columns], head=True))
    return page


def _rows(data: Data, state: str) -> tuple[Iterable[Row], ...]:
    """Return the rows of one renewal for each sheet."""
    texts = [(data["number"], text) for text in data["texts"]]
    return [_contract(data, state)], _answers(data), texts, _favours(data), _findings(data)


def _contract(data: Data, state: str) -> Row:
    old, new = data["fee"] or ("", "")
    sides = [shift["new"] for shift in data["favours"]]
    levels = [finding["level"] for finding in data["findings"]]
    return (
        data["number"],
        data["new_number"],
        data["kind"],
        data["ends_on"],
        data["new_starts_on"],
        data["new_ends_on"],
        old,
        new,
        data["fee_percent"],
        len(data["answers"]),
        len(data["texts"]),
        sides.count("client"),
        sides.count("provider"),
        levels.count("error"),
        levels.count("warning"),
        state,
    )


def _answers(data: Data) -> Iterator[Row]:
    for change in data["answers"]:
        label = change["label"]
        yield data["number"], label["zh"], label["en"], change["old"], change["new"]


def _favours(data: Data) -> Iterator[Row]:
    if data["fee_percent"]:
        side = SIDES["client" if data["fee_percent"].startswith("-") else "provider"]
        yield data["number"], f"服务费 {data['fee_percent']}", f"Fee {data['fee_percent']}", "", side
    for shift in data["favours"]:
        label = shift["label"]
        yield data["number"], label["zh"], label["en"], SIDES[shift["old"]], SIDES[shift["new"]]


def _findings(data: Data) -> Iterator[Row]:
    for finding in data["findings"]:
        said = finding["message"]
        yield (
            data["number"],
            OF[finding["of"]],
            finding["rule"],
            LEVELS[finding["level"]],
            finding["label"]["zh"] or finding["clause"],
            said["zh"],
            said["en"],
        )
