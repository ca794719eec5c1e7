"""A clause text as a lawyer reads it on a page: blanks, roles, terms, references and conditions told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from clausebank.assembly.frame import ROLE_NAMES
from clausebank.assembly.naming import Naming
from clausebank.assembly.number import CIRCLED
from clausebank.bank.language import (
    BlankMark,
    BlockText,
    ClauseText,
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
from clausebank.bank.model import Bank
from clausebank.document import Definition, Text, Use
from clausebank.templates import Template


class Bit(NamedTuple):
    """A stretch of a text: plain, or what its ``kind`` says; ``target`` is the blank, clause or role it names."""

    kind: str
    text: str
    target: str = ""


Bits = tuple[Bit, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or an item; ``condition`` says in words when it is taken, empty for always."""

    number: str
    bits: Bits
    items: tuple[Passage, ...] = ()
    condition: str = ""
    caption: str = ""
    conspicuous: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    cells: tuple[Bits, ...]
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; ``repeated`` is the list it takes a row for each entry of, empty for none."""

    caption: str
    header: tuple[Bits, ...]
    rows: tuple[Row, ...]
    repeated: str = ""


Blocks = tuple[Passage | Grid, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads clause texts; attachments are called as the templates call them."""

    bank: Bank
    templates: Mapping[str, Template]

    def read(self, text: ClauseText) -> Blocks:
        """Return the blocks of a clause text."""
        return tuple(self._blocks(text.blocks))

    def _blocks(self, blocks: tuple[BlockText, ...]) -> Iterator[Passage | Grid]:
        numbers = count(1)
        for block in blocks:
            match block:
                case ParagraphText():
                    yield self._paragraph(block, str(next(numbers)) if block.numbered else "")
                case TableText():
                    yield self._table(block)
                case GeneratedText():
                    yield Passage("", (Bit("made", Naming(self.bank).generated(block)),))

    def _paragraph(self, text: ParagraphText, number: str) -> Passage:
        bits, items = self._bits(text.marks), tuple(self._items(text.items))
        condition = Naming(self.bank).condition(text.condition)
        return Passage(number, bits, items, condition, text.caption, text.conspicuous)

    def _items(self, items: tuple[ItemText, ...], depth: int = 0) -> Iterator[Passage]:
        for index, item in enumerate(items, 1):
            number = CIRCLED[index - 1] if depth else f"（{index}）"
            below = tuple(self._items(item.items, depth + 1))
            yield Passage(number, self._bits(item.marks), below, Naming(self.bank).condition(item.condition))

    def _table(self, table: TableText) -> Grid:
        def cells(runs: tuple[Marks, ...]) -> tuple[Bits, ...]:
            return tuple(self._bits(run, table.source) for run in runs)

        def when(condition: Condition) -> str:
            return Naming(self.bank, table.source).condition(condition)

        rows = tuple(Row(cells(row.cells), when(row.condition)) for row in table.rows)
        repeated = Naming(self.bank).label(table.source) if table.source else ""
        return Grid(table.caption, cells(table.header), rows, repeated)

    def _bits(self, marks: Marks, source: str = "") -> Bits:
        return tuple(self._bit(mark, Naming(self.bank, source)) for mark in marks)

    def _bit(self, mark: Mark, naming: Naming) -> Bit:
        match mark:
            case Text():
                return Bit("text", mark.text)
            case Definition():
                return Bit("definition", mark.text)
            case Use():
                return Bit("use", mark.text)
            case RoleMark():
                return Bit("role", ROLE_NAMES[mark.role], mark.role.value)
            case BlankMark():
                return Bit("blank", naming.blank(mark), naming.source or mark.name.split(".")[0])
            case ReferenceMark(kind="clause"):
                return Bit("reference", f"《{naming.reference(mark)}》", mark.id)
            case ReferenceMark():
                return Bit("reference", f"《{self._title(mark)}》")

    def _title(self, mark: ReferenceMark) -> str:
        """Return the title of a part, an article or an attachment, from the first template that has it."""
        titles = (t for template in self.templates.values() for t in _titles(template, mark.kind))
        return next((title for id_, title in titles if id_ == mark.id), mark.id)


def _titles(template: Template, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the id and title of every part, article or attachment of a template."""
    match kind:
        case "attachment":
            yield from ((one.id, one.title.zh) for one in template.attachments)
        case "article":
            yield from ((one.id, one.title.zh) for one in template.articles())
        case "part":
            yield from ((one.id, one.title.zh) for one in template.parts)
