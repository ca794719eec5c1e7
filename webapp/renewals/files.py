"""What a person hands in for renewals: the policy, a list of contracts, a table of new fees."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from clausebank.bank.model import Bank
from clausebank.renewal.policy import Policy
from schemas.renewals import policy_of, policy_schema, policy_vocabulary
from webapp.answers_file import InputError, read_answers
from webapp.batch.cells import Raw, UnusableCell, text_of
from webapp.batch.grids import Grid, read_csv, read_workbook

HEADINGS = frozenset(
    {"id", "number", "contract", "contract number", "old number", "合同", "合同编号", "编号", "原合同编号"}
)
TYPES = (".txt", ".csv", ".xlsx")
NUMBER, FEE = 0, 1


def read_policy(
    path: str, bank: Bank, fees: list[dict[str, str]] | None = None
) -> tuple[Policy, dict[str, Any]]:
    """Return the policy in a file, and what was written there; ValidationError with every problem."""
    raw = read_answers(path)
    if fees is not None:
        raw = {**raw, "fee": "table", "fee_table": fees}
    schema = policy_schema(bank)
    values = schema.load(raw)
    return policy_of(values), dict(schema.dump(values))


def read_names(data: bytes, name: str) -> list[str]:
    """Return the ids or numbers in the first column of a file; InputError when it holds none."""
    names = [cells[NUMBER].shown.strip() for _, cells in _lines(data, name) if cells[NUMBER].shown.strip()]
    if not names:
        raise InputError(name, "没有合同编号", "it names no contract")
    return names


def read_fees(data: bytes, name: str) -> list[dict[str, str]]:
    """Return the table of new fees in a file: number and fee of a contract a row."""
    rows = [
        {"number": cells[NUMBER].shown.strip(), "fee": _sum(cells[FEE], f"{name}:{line}")}
        for line, cells in _lines(data, name)
        if len(cells) > FEE
    ]
    if not rows:
        raise InputError(name, "没有费用", "it holds no fees")
    return rows


def _sum(cell: Raw, place: str) -> str:
    """Return a sum as a person would type it."""
    blank = next(column for column in policy_vocabulary().blanks["fee_table"].fields if column.name == "fee")
    try:
        return text_of(cell, blank).strip().strip("¥￥元 ")
    except UnusableCell as error:
        raise InputError(place, error.zh, error.en) from error


def _lines(data: bytes, name: str) -> list[tuple[int, tuple[Raw, ...]]]:
    """Return the lines of the first sheet, a heading left out."""
    lines = list(_grid(data, name).lines)
    if lines and lines[0][1][NUMBER].shown.strip().casefold() in HEADINGS:
        del lines[0]
    return lines


def _grid(data: bytes, name: str) -> Grid:
    match PurePath(name).suffix.lower():
        case ".xlsx":
            return read_workbook(data, name)[0]
        case ".csv" | ".txt":
            return read_csv(data, name)
    listed = "、".join(TYPES)
    raise InputError(name, f"文件类型应为 {listed}", f"the file must be one of {', '.join(TYPES)}")
