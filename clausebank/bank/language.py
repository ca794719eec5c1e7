"""The clause language as a tree (docs/clause-authors.md): what a parsed clause text consists of.

``reader.parse`` makes it from text, ``writer.write`` turns it back; nothing is ever executed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from clausebank.document import Align, Definition, Role, Text, Use


@dataclass(frozen=True, slots=True)
class BlankMark:
    """``{{name|wording}}``; ``name`` may have one dot: a company field or a row column."""

    name: str
    wording: str = ""


@dataclass(frozen=True, slots=True)
class RoleMark:
    """``{client}``: the label of a role."""

    role: Role


@dataclass(frozen=True, slots=True)
class ReferenceMark:
    """``{@fees.total#anchor}`` (kind ``clause``) or ``{@attachment:dpa|titled}``."""

    kind: str
    id: str
    anchor: str = ""
    titled: bool = False


Mark = Text | Definition | Use | BlankMark | RoleMark | ReferenceMark
Marks = tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One answer compared with a value; operators ``set`` and ``unset`` need no value."""

    name: str
    operator: str
    value: str = ""


Condition = tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class ItemText:
    """An item or sub-item."""

    marks: Marks
    items: tuple[ItemText, ...] = ()
    condition: Condition = ()
    anchor: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ParagraphText:
    """A paragraph; ``numbered`` is False for ``> `` paragraphs."""

    marks: Marks
    items: tuple[ItemText, ...] = ()
    condition: Condition = ()
    anchor: str = ""
    caption: str = ""
    numbered: bool = True
    conspicuous: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RowText:
    """A row of cells."""

    cells: tuple[Marks, ...]
    condition: Condition = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class TableText:
    """A table; with ``source`` the first row repeats for each row of that list answer."""

    caption: str
    source: str
    header: tuple[Marks, ...]
    rows: tuple[RowText, ...]
    widths: tuple[int, ...]
    aligns: tuple[Align, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class GeneratedText:
    """A block the assembly makes: ``parties``, ``attachments`` or ``signature`` of roles."""

    kind: str
    roles: tuple[Role, ...] = ()
    line: int = field(default=0, compare=False)


BlockText = ParagraphText | TableText | GeneratedText


@dataclass(frozen=True, slots=True)
class ClauseText:
    """The parsed wording of one variant."""

    blocks: tuple[BlockText, ...]


def all_items(holder: ParagraphText | ItemText) -> Iterator[ItemText]:
    """Yield the items below a paragraph or item, depth first."""
    for item in holder.items:
        yield item
        yield from all_items(item)


def holders(block: ParagraphText) -> Iterator[ParagraphText | ItemText]:
    """Yield a paragraph and the items below it."""
    yield block
    yield from all_items(block)


def all_marks(text: ClauseText) -> Iterator[tuple[int, Mark]]:
    """Yield every inline mark with its line."""
    for block in text.blocks:
        match block:
            case ParagraphText():
                for holder in holders(block):
                    yield from ((holder.line, mark) for mark in holder.marks)
            case TableText():
                yield from ((block.line, mark) for cell in block.header for mark in cell)
                for row in block.rows:
                    yield from ((row.line, mark) for cell in row.cells for mark in cell)


def all_conditions(text: ClauseText) -> Iterator[tuple[int, Condition]]:
    """Yield every condition that is not empty, with its line."""
    for block in text.blocks:
        match block:
            case ParagraphText():
                yield from ((h.line, h.condition) for h in holders(block) if h.condition)
            case TableText():
                yield from ((r.line, r.condition) for r in block.rows if r.condition)
