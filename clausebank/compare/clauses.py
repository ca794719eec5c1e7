"""A clause text as a document of its own, so that two variants or versions compare like contracts.

Blanks show as gaps, roles by their names, references by the title of their clause, conditions in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from clausebank.assembly.fill import check_path
from clausebank.assembly.frame import ROLE_NAMES
from clausebank.assembly.number import CIRCLED
from clausebank.assembly.references import key
from clausebank.bank.language import (
    BlankMark,
    BlockText,
    Comparison,
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
from clausebank.bank.model import Bank, Clause, Variant, Vocabulary
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

_GENERATED = {"parties": "合同双方信息表", "attachments": "附件清单", "signature": "签署栏"}
_OPERATORS = {"=": "为", "!=": "不为", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"}
_STATES = {"set": "已填写或者启用", "unset": "未填写或者未启用"}


def clause_document(clause: Clause, variant: Variant, bank: Bank) -> Document:
    """Return the text of a variant as a document with a single article, every condition shown."""
    blocks = tuple(_Writer(bank, clause.id).blocks(variant.body.blocks))
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
    """Writes the blocks of a clause text; ``source`` is the list a table repeats for."""

    bank: Bank
    clause: str
    source: str = ""

    @property
    def vocabulary(self) -> Vocabulary:
        return self.bank.vocabulary

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
                    yield _Writer(self.bank, self.clause, block.source).table(block)
                case GeneratedText():
                    names = "、".join(ROLE_NAMES[role] for role in block.roles)
                    shown = f"〔{_GENERATED[block.kind]}{f'：{names}' if names else ''}〕"
                    yield Paragraph("", anchor, (Text(shown),))

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
        shown = "，且".join(self.comparison(comparison) for comparison in condition)
        before = (Text(f"〔仅当：{shown}〕"),) if shown else ()
        return (*before, *(self.inline(mark) for mark in marks))

    def comparison(self, comparison: Comparison) -> str:
        """Return a comparison in words."""
        name = self.label(comparison.name)
        if comparison.operator in _STATES:
            return f"{name}{_STATES[comparison.operator]}"
        return f"{name}{_OPERATORS[comparison.operator]}{self.choice(comparison)}"

    def choice(self, comparison: Comparison) -> str:
        """Return the value of a comparison: the label of a choice, else as it is written."""
        blank = check_path(self.vocabulary, comparison.name, self.source)
        labels = {choice.key: choice.label.zh for choice in (blank.choices if blank else ())}
        return labels.get(comparison.value, comparison.value)

    def inline(self, mark: Mark) -> Inline:
        """Return what stands for a mark."""
        match mark:
            case RoleMark():
                return Text(ROLE_NAMES[mark.role])
            case BlankMark():
                wording = f"（{mark.wording}）" if mark.wording else ""
                return Gap(mark.name, self.label(mark.name) + wording)
            case ReferenceMark():
                clause = self.bank.clauses.get(mark.id) if mark.kind == "clause" else None
                title = clause.title.zh if clause else mark.id
                return Reference(
                    key(mark), None, title, "《", "》" + (f"#{mark.anchor}" if mark.anchor else "")
                )
        return mark

    def label(self, name: str) -> str:
        """Return what a blank is called, and whose field it is."""
        blank = check_path(self.vocabulary, name, self.source)
        root, dot, _ = name.partition(".")
        holder = self.vocabulary.blanks.get(root) if dot and root != "row" else None
        prefix = f"{holder.label.zh}的" if holder else ""
        return prefix + (blank.label.zh if blank else name)
