"""The text of a contract as the plain blocks a peer is given: finished words, nothing left to compute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clausebank.document import Article, Block, Document, Item, Paragraph, Signature, Table, contents, plain
from clausebank.render.text import CONTENTS, REQUIREMENT, heading, paragraph_text


@dataclass(frozen=True)
class Line:
    """A paragraph and what it is: ``title``, ``heading``, ``clause`` or ``item``; a table has rows instead."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def lines(document: Document) -> Iterator[Line]:
    """Yield the whole contract in reading order, with its numbers."""
    cover = document.cover
    yield Line("title", document.title)
    for line in (cover.number, *cover.lines):
        yield Line("clause", f"{line.label}：{plain(line.value)}")
    yield Line("heading", CONTENTS)
    for entry in contents(document):
        yield Line("clause", heading(entry.number, entry.title))
    for part in document.parts:
        if part.number:
            yield Line("heading", heading(part.number, part.title))
        for article in part.articles:
            yield from _article(article)
    yield Line("clause", document.closing)
    yield from _block(document.signature)
    for attachment in document.attachments:
        yield Line("heading", heading(attachment.number, attachment.title))
        if not attachment.articles:
            yield Line("clause", REQUIREMENT + plain(attachment.requirement))
        for article in attachment.articles:
            yield from _article(article)


def _article(article: Article) -> Iterator[Line]:
    yield Line("heading", heading(article.number, article.title))
    for section in article.sections:
        for block in section.blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[Line]:
    match block:
        case Paragraph():
            yield Line("clause", paragraph_text(block))
            for item in block.items:
                yield from _item(item)
        case Table():
            if block.caption:
                yield Line("clause", block.caption)
            rows = (block.header, *block.rows) if block.header else block.rows
            yield Line("table", rows=tuple(tuple(plain(cell) for cell in row) for row in rows))
        case Signature():
            parties = block.signatories
            names = tuple(party.heading + plain(party.name) for party in parties)
            yield Line("table", rows=(names, *zip(*(party.lines for party in parties), strict=True)))


def _item(item: Item) -> Iterator[Line]:
    yield Line("item", f"{item.number}{plain(item.inlines)}")
    for sub in item.items:
        yield from _item(sub)
