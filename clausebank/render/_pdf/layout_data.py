"""The document tree as the plain data that contract.typ lays out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clausebank.document import (
    Article,
    Attachment,
    Block,
    Document,
    Inlines,
    Item,
    Paragraph,
    Signature,
    Table,
    plain,
)
from clausebank.render._pdf.links import links
from clausebank.render._pdf.runs import Run, runs
from clausebank.render.columns import fitted, is_short, lines_of, rooms
from clausebank.render.text import CONTENTS, REQUIREMENT, heading, title_lines

Data = dict[str, object]
Filed = Mapping[str, Sequence[tuple[float, float]]]
"""The sizes in points of the pages attached to an attachment, by its id."""

LONG_CELL = 20
"""A row with a cell of about as many lines may break over pages, so that nothing is ever cut off."""

SHORT_LINE, ROW = 24, 72
"""Latin letters that surely fit a line of the cover or a signature, and a table row."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What the data of a block depends on besides the block."""

    links: frozenset[str]
    emphasis: bool


def layout_data(
    document: Document, *, draft: bool, emphasis: bool, attached: bool, look: str, filed: Filed
) -> Data:
    """Return everything the layout needs, as JSON types."""
    cover, shown = document.cover, _Look(links(document), emphasis)
    return {
        "title": document.title,
        "number": plain(cover.number.value).replace("\n", " "),
        "look": look,
        "draft": draft,
        "attached": attached,
        "contents": CONTENTS,
        "cover": {
            "title": title_lines(document.title),
            "number": [cover.number.label, runs(cover.number.value, shown.links, SHORT_LINE)],
            "lines": [[line.label, runs(line.value, shown.links, SHORT_LINE)] for line in cover.lines],
        },
        "blocks": list(_blocks(document, shown, filed)),
    }


def _blocks(document: Document, look: _Look, filed: Filed) -> Iterator[Data]:
    last = document.parts[-1].articles[-1] if document.parts and document.parts[-1].articles else None
    for part in document.parts:
        if part.number:
            yield _heading("part", part.number, part.title, part.anchor, level=1, entry=1)
        for article in part.articles:
            yield from _article(article, look, level=2 if part.number else 1, entry=2, keep=article is last)
    yield {"kind": "closing", "words": document.closing, "columns": _columns(document.signature, look)}
    for attachment in document.attachments:
        yield from _attachment(attachment, look)
        yield from _sheets(attachment, filed.get(attachment.id, ()))


def _attachment(attachment: Attachment, look: _Look) -> Iterator[Data]:
    yield _heading("attachment", attachment.number, attachment.title, attachment.anchor, level=1, entry=1)
    if not attachment.articles:
        yield {"kind": "requirement", "runs": [REQUIREMENT, *runs(attachment.requirement, look.links)]}
    for article in attachment.articles:
        yield from _article(article, look, level=2, entry=0, keep=False)


def _sheets(attachment: Attachment, sizes: Sequence[tuple[float, float]]) -> Iterator[Data]:
    """Yield a place for each page of the attached file."""
    for number, (width, height) in enumerate(sizes, 1):
        words = f"{attachment.number}《{attachment.title}》所附文件第{number}页，共{len(sizes)}页"
        yield {"kind": "sheet", "words": words, "width": width, "height": height, "first": number == 1}


def _article(article: Article, look: _Look, *, level: int, entry: int, keep: bool) -> Iterator[Data]:
    listed = entry if article.number else 0
    yield _heading("article", article.number, article.title, article.anchor, level=level, entry=listed)
    blocks = [block for section in article.sections for block in section.blocks]
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        kept = keep if following is None else isinstance(following, Signature | Table)
        yield _block(block, look, keep=kept)


def _heading(kind: str, number: str, title: str, anchor: str, *, level: int, entry: int) -> Data:
    """Return a heading; ``entry`` is its level in the contents, 0 when it is not listed."""
    return {"kind": kind, "words": heading(number, title), "anchor": anchor, "level": level, "entry": entry}


def _block(block: Block, look: _Look, *, keep: bool) -> Data:
    """Return a block; ``keep`` holds it on the page of what follows."""
    match block:
        case Paragraph():
            return _paragraph(block, look, keep=keep)
        case Table():
            return _table(block, look)
        case Signature():
            return {"kind": "signature", "columns": _columns(block, look)}


def _paragraph(paragraph: Paragraph, look: _Look, *, keep: bool) -> Data:
    return {
        "kind": "paragraph",
        "number": paragraph.number,
        "caption": f"{paragraph.caption}。" if paragraph.caption else "",
        "runs": runs(paragraph.inlines, look.links),
        "items": [_item(item, look) for item in paragraph.items],
        "anchor": paragraph.anchor if paragraph.anchor in look.links else None,
        "strong": paragraph.conspicuous and look.emphasis,
        "keep": keep,
    }


def _item(item: Item, look: _Look) -> Data:
    return {
        "number": item.number,
        "runs": runs(item.inlines, look.links),
        "items": [_item(sub, look) for sub in item.items],
        "anchor": item.anchor if item.anchor in look.links else None,
    }


def _table(table: Table, look: _Look) -> Data:
    widths = fitted(table)
    room = rooms(widths)
    return {
        "kind": "table",
        "caption": table.caption,
        "header": _cells(table.header, look, room) if table.header else [],
        "rows": [
            {"cells": _cells(row, look, room), "breakable": any(map(_is_long, row, room))}
            for row in table.rows
        ],
        "widths": list(widths),
        "whole": is_short(table, widths),
        "aligns": [align.value for align in table.aligns],
    }


def _cells(cells: Sequence[Inlines], look: _Look, room: Sequence[int]) -> list[list[Run]]:
    return [runs(cell, look.links, letters) for cell, letters in zip(cells, room, strict=True)]


def _is_long(cell: Inlines, room: int) -> bool:
    return lines_of(cell, room) > LONG_CELL


def _columns(signature: Signature, look: _Look) -> list[Data]:
    return [
        {
            "heading": party.heading,
            "name": runs(party.name, look.links, SHORT_LINE),
            "lines": list(party.lines),
        }
        for party in signature.signatories
    ]
