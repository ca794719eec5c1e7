"""The document tree as the plain data that contract.typ lays out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from clausebank.document import (
    Article,
    Attachment,
    Block,
    Definition,
    Document,
    Gap,
    Inline,
    Inlines,
    Item,
    Paragraph,
    Reference,
    Signature,
    Table,
    articles,
    items,
    plain,
    runs,
    sections,
)
from clausebank.render.text import CONTENTS, REQUIREMENT, heading

Data = dict[str, object]
Run = str | list[str]

LONG_CELL = 400
"""A row with a cell of more characters may break over pages, so that nothing is ever cut off."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What the data of a block depends on besides the block."""

    links: frozenset[str]
    emphasis: bool


def layout_data(document: Document, *, draft: bool, emphasis: bool, attached: bool) -> Data:
    """Return everything the layout needs, as JSON types."""
    cover, look = document.cover, _Look(_links(document), emphasis)
    return {
        "title": document.title,
        "number": plain(cover.number.value).replace("\n", " "),
        "draft": draft,
        "attached": attached,
        "contents": CONTENTS,
        "cover": {
            "number": [cover.number.label, _runs(cover.number.value, look)],
            "lines": [[line.label, _runs(line.value, look)] for line in cover.lines],
        },
        "blocks": list(_blocks(document, look)),
    }


def _blocks(document: Document, look: _Look) -> Iterator[Data]:
    last = document.parts[-1].articles[-1] if document.parts and document.parts[-1].articles else None
    for part in document.parts:
        if part.number:
            yield _heading("part", part.number, part.title, part.anchor, level=1, entry=1)
        for article in part.articles:
            yield from _article(article, look, level=2 if part.number else 1, entry=2, keep=article is last)
    yield {"kind": "closing", "words": document.closing, "columns": _columns(document.signature, look)}
    for attachment in document.attachments:
        yield from _attachment(attachment, look)


def _attachment(attachment: Attachment, look: _Look) -> Iterator[Data]:
    yield _heading("attachment", attachment.number, attachment.title, attachment.anchor, level=1, entry=1)
    if not attachment.articles:
        yield {"kind": "requirement", "runs": [REQUIREMENT, *_runs(attachment.requirement, look)]}
    for article in attachment.articles:
        yield from _article(article, look, level=2, entry=0, keep=False)


def _article(article: Article, look: _Look, *, level: int, entry: int, keep: bool) -> Iterator[Data]:
    listed = entry if article.number else 0
    yield _heading("article", article.number, article.title, article.anchor, level=level, entry=listed)
    blocks = [block for section in article.sections for block in section.blocks]
    for block, following in pairwise([*blocks, None]):
        if block is not None:
            last = keep if following is None else isinstance(following, Signature)
            yield _block(block, look, keep=last)


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
        "runs": _runs(paragraph.inlines, look),
        "items": [_item(item, look) for item in paragraph.items],
        "anchor": paragraph.anchor if paragraph.anchor in look.links else None,
        "strong": paragraph.conspicuous and look.emphasis,
        "keep": keep,
    }


def _item(item: Item, look: _Look) -> Data:
    return {
        "number": item.number,
        "runs": _runs(item.inlines, look),
        "items": [_item(sub, look) for sub in item.items],
        "anchor": item.anchor if item.anchor in look.links else None,
    }


def _table(table: Table, look: _Look) -> Data:
    return {
        "kind": "table",
        "caption": table.caption,
        "header": [_runs(cell, look) for cell in table.header],
        "rows": [_row(row, look) for row in table.rows],
        "widths": list(table.widths),
        "aligns": [align.value for align in table.aligns],
    }


def _row(row: Sequence[Inlines], look: _Look) -> Data:
    longest = max((len(plain(cell)) for cell in row), default=0)
    return {"cells": [_runs(cell, look) for cell in row], "breakable": longest > LONG_CELL}


def _columns(signature: Signature, look: _Look) -> list[Data]:
    return [
        {"heading": party.heading, "name": _runs(party.name, look), "lines": list(party.lines)}
        for party in signature.signatories
    ]


# --- runs ----------------------------------------------------------------------------------------


def _runs(inlines: Inlines, look: _Look) -> list[Run]:
    """Return the runs of a text; plain neighbours are one run, so that they are set as one."""
    joined: list[Run] = []
    for run in (piece for inline in inlines for piece in _broken(_run(inline, look))):
        if isinstance(run, str) and joined and isinstance(joined[-1], str):
            joined[-1] += run
        else:
            joined.append(run)
    return joined


def _run(inline: Inline, look: _Look) -> Run:
    match inline:
        case Definition():
            return ["strong", inline.text]
        case Gap():
            return ["gap", inline.text]
        case Reference(anchor=str(anchor)) if anchor in look.links:
            return ["link", inline.text, anchor]
        case _:
            return inline.text


def _broken(run: Run) -> Iterable[Run]:
    """Split a plain run at its line feeds."""
    if not isinstance(run, str) or "\n" not in run:
        return (run,)
    first, *others = run.split("\n")
    return (first, *(piece for line in others for piece in (["break"], line)))


# --- links ---------------------------------------------------------------------------------------


def _links(document: Document) -> frozenset[str]:
    """Return the anchors that something refers to and that stand in the document."""
    return frozenset(_targets(document)) & frozenset(_anchors(document))


def _targets(document: Document) -> Iterator[str]:
    texts = [run for section in sections(document) for block in section.blocks for run in runs(block)]
    texts += [attachment.requirement for attachment in document.attachments]
    for inline in (inline for text in texts for inline in text):
        if isinstance(inline, Reference) and inline.anchor:
            yield inline.anchor


def _anchors(document: Document) -> Iterator[str]:
    yield from (part.anchor for part in document.parts if part.number)
    yield from (attachment.anchor for attachment in document.attachments)
    for article in articles(document):
        yield article.anchor
        for section in article.sections:
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    yield block.anchor
                    yield from (item.anchor for item in items(block))
