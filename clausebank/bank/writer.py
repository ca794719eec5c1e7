"""Writing clause texts: the canonical form, which parses back to an equal tree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clausebank.bank.language import (
    BlankMark,
    BlockText,
    ClauseText,
    Comparison,
    Condition,
    GeneratedText,
    ItemText,
    Mark,
    Marks,
    ParagraphText,
    ReferenceMark,
    RoleMark,
    TableText,
)
from clausebank.document import Align, Definition, Text, Use


def write(text: ClauseText) -> str:
    """Return the canonical text of a clause: one line a paragraph, blank lines between blocks."""
    return "\n\n".join("\n".join(_block_lines(block)) for block in text.blocks) + (
        "\n" if text.blocks else ""
    )


def write_inlines(marks: Marks) -> str:
    """Return the text of a run of marks."""
    return "".join(_mark_text(mark) for mark in marks)


def _block_lines(block: BlockText) -> Iterator[str]:
    match block:
        case ParagraphText():
            if block.caption:
                yield f"## {block.caption}"
            sign = "{!} " if block.conspicuous else ""
            yield ("" if block.numbered else "> ") + _framed(block, sign)
            if block.items:
                yield ""
            for item in block.items:
                yield f"- {_framed(item)}"
                yield from (f"  - {_framed(sub)}" for sub in item.items)
        case TableText():
            yield from _table_lines(block)
        case GeneratedText():
            yield " ".join(("::: " + block.kind, *block.roles))
            yield ":::"


def _framed(holder: ParagraphText | ItemText, sign: str = "") -> str:
    text = _line_safe(write_inlines(holder.marks))
    anchor = f" {{#{holder.anchor}}}" if holder.anchor else ""
    return f"{_condition_text(holder.condition)}{sign}{text}{anchor}"


def _line_safe(text: str) -> str:
    """Escape what would be read as a sign at the start of a line or cell."""
    return "\\" + text if text[:1] in {"-", ">", "#", ":"} else text


def _condition_text(condition: Condition) -> str:
    if not condition:
        return ""
    return "{? " + ", ".join(map(_comparison_text, condition)) + "} "


def _comparison_text(comparison: Comparison) -> str:
    match comparison.operator:
        case "set":
            return comparison.name
        case "unset":
            return f"!{comparison.name}"
        case operator:
            return f"{comparison.name} {operator} {comparison.value}"


def _mark_text(mark: Mark) -> str:
    match mark:
        case Text():
            return re.sub(r"([\\{}*\[\]])", r"\\\1", mark.text)
        case Definition():
            return f"**“{mark.term}”**"
        case Use():
            return f"[[{mark.term}]]"
        case BlankMark():
            return "{{" + mark.name + (f"|{mark.wording}" if mark.wording else "") + "}}"
        case RoleMark():
            return "{" + mark.role + "}"
        case ReferenceMark(kind="clause"):
            return "{@" + mark.id + (f"#{mark.anchor}" if mark.anchor else "") + "}"
        case ReferenceMark():
            return "{@" + f"{mark.kind}:{mark.id}" + ("|titled" if mark.titled else "") + "}"


def _table_lines(table: TableText) -> Iterator[str]:
    head = ["::: table", *([table.caption] if table.caption else [])]
    yield " ".join([*head, *(["for", table.source] if table.source else [])])
    if table.header:
        yield _row_line([_cell_text(cell) for cell in table.header])
        yield _row_line([_rule_text(w, a) for w, a in zip(table.widths, table.aligns, strict=True)])
    for row in table.rows:
        cells = [_cell_text(cell) for cell in row.cells]
        cells[0] = _condition_text(row.condition) + cells[0]
        yield _row_line(cells)
    yield ":::"


def _row_line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell_text(marks: Marks) -> str:
    return _line_safe(write_inlines(marks)).replace("|", "\\|")


def _rule_text(width: int, align: Align) -> str:
    left = ":" if align is Align.CENTER else ""
    right = ":" if align in {Align.CENTER, Align.RIGHT} else ""
    return f"{left}{'-' * width}{right}"
