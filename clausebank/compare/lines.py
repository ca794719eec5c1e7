"""A contract as the lines a comparison works on: headings, paragraphs, items, tables, signatures.

The contents are left out: they are computed from the headings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from clausebank.compare.align import Entry
from clausebank.compare.tokens import tokens
from clausebank.document import (
    Article,
    Attachment,
    Block,
    CoverLine,
    Document,
    Inlines,
    Item,
    Paragraph,
    Part,
    Reference,
    Section,
    Signature,
    Table,
    Text,
)
from clausebank.render.text import REQUIREMENT

CELL = "\x1f"
"""Stands between the cells of a row where a table is seen as one text."""


class Kind(StrEnum):
    """What a line is."""

    COVER = "cover"
    TITLE = "title"
    PART = "part"
    ARTICLE = "article"
    ATTACHMENT = "attachment"
    REQUIREMENT = "requirement"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    SUBITEM = "subitem"
    CAPTION = "caption"
    TABLE = "table"
    SIGNATURE = "signature"
    CLOSING = "closing"


class Tokens(NamedTuple):
    """Pieces that stay whole, and the keys they are compared by.

    A key is the piece itself, or the target of a reference, so that computed numbers compare equal.
    """

    texts: tuple[str, ...]
    keys: tuple[str, ...]


_END_OF_CELL = Tokens(("\t",), (CELL,))


@dataclass(frozen=True)
class Line:
    """A line of a contract; ``unit`` is the clause, article … it belongs to.

    A table is one line whose ``rows`` hold the tokens of each cell; ``header`` tells of a heading row.
    """

    kind: Kind
    unit: str
    anchor: str
    number: str
    tokens: Tokens
    rows: tuple[tuple[Tokens, ...], ...] = ()
    header: bool = False
    conspicuous: bool = False

    @cached_property
    def text(self) -> str:
        """What the line says, without its number."""
        return "".join(self.tokens.texts)

    @property
    def entry(self) -> Entry:
        """The line as the alignment sees it: a table pairs with tables of as many columns only."""
        shape = f"{len(self.rows[0])} columns" if self.rows else "words"
        return Entry(self.unit, shape, self.tokens.keys)


def lines(document: Document) -> list[Line]:
    """Return a contract line by line, in the order in which every output shows it."""
    return list(_lines(document))


def words(text: str) -> Tokens:
    """Return plain text as tokens."""
    pieces = tokens(text)
    return Tokens(pieces, pieces)


def inline_tokens(inlines: Inlines) -> Tokens:
    """Return a run of inlines as tokens: plain stretches are cut as one, numbers of references stay apart."""
    found: list[Tokens] = []
    plain = ""
    for inline in inlines:
        if isinstance(inline, Reference):
            found += (words(plain + inline.before), Tokens((inline.number,), (f"→{inline.target}",)))
            plain = inline.after
        else:
            plain += inline.text
    return joined((*found, words(plain))) if found else words(plain)


def joined(runs: Iterable[Tokens]) -> Tokens:
    """Return runs of tokens as one."""
    texts, keys = zip(*runs, strict=True)
    return Tokens(tuple(chain.from_iterable(texts)), tuple(chain.from_iterable(keys)))


def _lines(document: Document) -> Iterator[Line]:
    yield _cover(document.cover.number)
    yield Line(Kind.TITLE, "title", "", "", words(document.title))
    yield from map(_cover, document.cover.lines)
    for part in document.parts:
        if part.number:
            yield _heading(Kind.PART, part)
        yield from _articles(part.articles)
    if document.closing:
        yield Line(Kind.CLOSING, "closing", "signature", "", words(document.closing))
        yield _signature(document.signature, "signature")
    for attachment in document.attachments:
        yield _heading(Kind.ATTACHMENT, attachment)
        if not attachment.articles:
            wanted = inline_tokens((Text(REQUIREMENT), *attachment.requirement))
            yield Line(Kind.REQUIREMENT, attachment.anchor, attachment.anchor, "", wanted)
        yield from _articles(attachment.articles)


def _cover(line: CoverLine) -> Line:
    return Line(
        Kind.COVER, "cover", "cover", "", joined((words(f"{line.label}："), inline_tokens(line.value)))
    )


def _heading(kind: Kind, holder: Part | Article | Attachment) -> Line:
    return Line(kind, holder.anchor, holder.anchor, holder.number, words(holder.title))


def _articles(articles: Iterable[Article]) -> Iterator[Line]:
    for article in articles:
        if article.title:
            yield _heading(Kind.ARTICLE, article)
        for section in article.sections:
            yield from _section(section)


def _section(section: Section) -> Iterator[Line]:
    for block in section.blocks:
        yield from _block(block, section.clause)


def _block(block: Block, unit: str) -> Iterator[Line]:
    match block:
        case Paragraph():
            caption = f"{block.caption}。" if block.caption else ""
            text = inline_tokens((Text(caption), *block.inlines))
            yield Line(Kind.PARAGRAPH, unit, block.anchor, block.number, text, conspicuous=block.conspicuous)
            yield from _items(block.items, unit, Kind.ITEM)
        case Table():
            if block.caption:
                yield Line(Kind.CAPTION, unit, "", "", words(block.caption))
            yield _table(block, unit)
        case Signature():
            yield _signature(block, unit)


def _items(items: tuple[Item, ...], unit: str, kind: Kind) -> Iterator[Line]:
    for item in items:
        yield Line(kind, unit, item.anchor, item.number, inline_tokens(item.inlines))
        yield from _items(item.items, unit, Kind.SUBITEM)


def _table(table: Table, unit: str) -> Line:
    rows = [table.header, *table.rows] if table.header else list(table.rows)
    cells = tuple(tuple(inline_tokens(cell) for cell in row) for row in rows)
    return Line(Kind.TABLE, unit, "", "", _joined(cells), cells, header=bool(table.header))


def _signature(block: Signature, unit: str) -> Line:
    parties = block.signatories
    rows = [tuple(joined((words(party.heading), inline_tokens(party.name))) for party in parties)]
    rows += [tuple(map(words, line)) for line in zip(*(party.lines for party in parties), strict=True)]
    return Line(Kind.SIGNATURE, unit, "", "", _joined(tuple(rows)), tuple(rows))


def _joined(rows: tuple[tuple[Tokens, ...], ...]) -> Tokens:
    return joined(run for row in rows for cell in row for run in (cell, _END_OF_CELL))
