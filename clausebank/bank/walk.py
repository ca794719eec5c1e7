"""Walks over the texts of a bank, and findings at the clause and line where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from clausebank.bank.language import (
    BlankMark,
    BlockText,
    Mark,
    Marks,
    ParagraphText,
    ReferenceMark,
    RoleMark,
    TableText,
    all_marks,
    holders,
)
from clausebank.bank.model import Bank, Clause, Variant
from clausebank.document import Text
from clausebank.findings import Finding, Level

LONGEST_SNIPPET = 60


def variants(bank: Bank) -> Iterator[tuple[Clause, Variant]]:
    """Yield every variant with its clause."""
    for clause in bank.clauses.values():
        for variant in clause.variants.values():
            yield clause, variant


def texts(bank: Bank) -> Iterator[tuple[Clause, int, str]]:
    """Yield every plain wording with its clause and line; captions and table captions included."""
    for clause, variant in variants(bank):
        yield from ((clause, line, m.text) for line, m in all_marks(variant.body) if isinstance(m, Text))
        for block in variant.body.blocks:
            if isinstance(block, ParagraphText | TableText) and block.caption:
                yield clause, block.line, block.caption


def lines(bank: Bank) -> Iterator[tuple[Clause, int, str]]:
    """Yield every paragraph, item, caption and table row in full, as ``plain`` shows its marks."""
    for clause, variant in variants(bank):
        for block in variant.body.blocks:
            yield from ((clause, line, text) for line, text in _block_lines(block))


def _block_lines(block: BlockText) -> Iterator[tuple[int, str]]:
    match block:
        case ParagraphText():
            yield block.line, block.caption
            yield from ((holder.line, plain(holder.marks)) for holder in holders(block))
        case TableText():
            yield block.line, block.caption
            yield from ((block.line, plain(cell)) for cell in block.header)
            yield from ((row.line, "|".join(map(plain, row.cells))) for row in block.rows)


def plain(marks: Marks) -> str:
    """Return the wording of a run of marks; a blank, role or reference is one character."""
    return "".join(map(_word, marks))


def _word(mark: Mark) -> str:
    match mark:
        case BlankMark():
            return "某"
        case RoleMark():
            return "方"
        case ReferenceMark():
            return "条"
        case _:
            return mark.text


def clause_finding(
    rule: str,
    clause: Clause,
    line: int,
    zh: str,
    en: str,
    snippet: str = "",
    level: Level = Level.ERROR,
) -> Finding:
    """Return a finding at a line of a clause's file."""
    place = f"{clause.source}:{line}"
    return Finding(rule, level, zh, en, place, clause.id, snippet=snippet[:LONGEST_SNIPPET])
