"""A clause text as a document of its own, so that two variants or versions compare like contracts.

Blanks show as gaps, roles by their names, references by the title of their clause, conditions in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from clausebank.assembly.frame import ROLE_NAMES
from clausebank.assembly.naming import Naming
from clausebank.assembly.number import CIRCLED
from clausebank.assembly.references import key
from clausebank.bank.language import (
    BlankMark,
    BlockText,
    Condition,
    GeneratedText,
    ItemText,
    Mark,
    Marks,
    ParagraphText,
    ReferenceMark,
    RoleMark,
    RowText,
    TableText,
)
from clausebank.bank.model import Bank, Clause, Variant
from clausebank.document import (
    Article,
    Block,
    Cover,
    CoverLine,
    Document,
    Gap,
    Inline,
    Inlines,
    Item,
    Paragraph,
    Part,
    Reference,
    Section,
    Signatory,
    Signature,
    Table,
    Text,
)


def clause_document(clause: Clause, variant: Variant, bank: Bank) -> Document:
    """Return the text of a variant as a document with a single article, every condition shown."""
    blocks = tuple(_Writer(Naming(bank), clause.id).blocks(variant.body.blocks))
    section = Section(clause.id, variant.stance, variant.version, variant.sha256, clause.title.zh, blocks)
    article = Article(clause.id, "第一条", f"article:{clause.id}", clause.title.zh, (section,))
    topic = (Text(bank.vocabulary.topics[clause.topic].zh),)
    return Document(
        kind="clause",
        title=clause.title.zh,
        cover=Cover(CoverLine("条款", (Text(clause.id),)), (CoverLine("主题", topic),)),
        parts=(Part("clause", "", "part:clause", "", (article,)),),
        closing="",
        signature=Signature((Signatory("", (), ()),)),
        attachments=(),
        labels=ROLE_NAMES,
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the blocks of a clause text."""

    naming: Naming
    clause: str

    def blocks(self, blocks: tuple[BlockText, ...]) -> Iterator[Block]:
        """Yield each block, numbered paragraphs counted."""
        numbers = count(1)
        for index, block in enumerate(blocks, 1):
            anchor = f"{self.clause}/{index}"
            match block:
                case ParagraphText():
                    number = f"1.{next(numbers)}" if block.numbered else ""
                    yield self.paragraph(block, number, anchor)
                case TableText():
                    yield _Writer(Naming(self.naming.bank, block.source), self.clause).table(block)
                case GeneratedText():
                    yield Paragraph("", anchor, (Text(f"〔{self.naming.generated(block)}〕"),))

    def paragraph(self, text: ParagraphText, number: str, anchor: str) -> Paragraph:
        """Return a paragraph with its items."""
        inlines = self.inlines(text.marks, text.condition)
        items = tuple(self.items(text.items, anchor))
        return Paragraph(number, anchor, inlines, items, text.caption, text.conspicuous)

    def items(self, items: tuple[ItemText, ...], anchor: str, depth: int = 0) -> Iterator[Item]:
        """Yield numbered items."""
        for index, item in enumerate(items, 1):
            number = CIRCLED[index - 1] if depth else f"（{index}）"
            inner = f"{anchor}/{index}"
            below = tuple(self.items(item.items, inner, depth + 1))
            yield Item(number, inner, self.inlines(item.marks, item.condition), below)

    def table(self, table: TableText) -> Table:
        """Return a table, its repeated row once."""
        header = tuple(self.inlines(cell) for cell in table.header)
        rows = tuple(tuple(self.row(row)) for row in table.rows)
        return Table(table.caption, header, rows, table.widths, table.aligns)

    def row(self, row: RowText) -> Iterator[Inlines]:
        """Yield the cells of a row."""
        for index, cell in enumerate(row.cells):
            yield self.inlines(cell, () if index else row.condition)

    def inlines(self, marks: Marks, condition: Condition = ()) -> Inlines:
        """Return a run of marks, its condition before it."""
        shown = self.naming.condition(condition)
        before = (Text(f"〔仅当：{shown}〕"),) if shown else ()
        return (*before, *(self.inline(mark) for mark in marks))

    def inline(self, mark: Mark) -> Inline:
        """Return what stands for a mark."""
        match mark:
            case RoleMark():
                return Text(ROLE_NAMES[mark.role])
            case BlankMark():
                return Gap(mark.name, self.naming.blank(mark))
            case ReferenceMark():
                return Reference(key(mark), None, self.naming.reference(mark), "《", "》")
        return mark
