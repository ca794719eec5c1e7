"""Walking a document for the rules: every printed run with the place it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clausebank.document import (
    REGISTER_CAPTION,
    Article,
    Block,
    Document,
    Filled,
    Inline,
    Inlines,
    Paragraph,
    Signature,
    Table,
    items,
    plain,
)
from clausebank.findings import Finding, Level


@dataclass(frozen=True, slots=True)
class Place:
    """A run of inlines, the clause it belongs to and the anchor to jump to.

    ``register`` marks cells of the attachment list, whose references are no citations.
    ``attachment`` is the id of the attachment it stands in.
    """

    inlines: Inlines
    anchor: str
    clause: str = ""
    attachment: str = ""
    register: bool = False


def places(document: Document) -> Iterator[Place]:
    """Yield every run of the contract in reading order."""
    for line in (document.cover.number, *document.cover.lines):
        yield Place(line.value, "cover")
    for part in document.parts:
        for article in part.articles:
            yield from _article_places(article, "")
    for signatory in document.signature.signatories:
        yield Place(signatory.name, "signature")
    for attachment in document.attachments:
        yield Place(attachment.requirement, attachment.anchor, attachment=attachment.id)
        for article in attachment.articles:
            yield from _article_places(article, attachment.id)


def _article_places(article: Article, attachment: str) -> Iterator[Place]:
    for section in article.sections:
        anchor = article.anchor
        for block in section.blocks:
            for run, anchor in _runs(block, anchor):  # noqa: B020 (tables stay at the last paragraph)
                register = isinstance(block, Table) and block.caption == REGISTER_CAPTION
                yield Place(run, anchor, section.clause, attachment, register)


def _runs(block: Block, anchor: str) -> Iterator[tuple[Inlines, str]]:
    match block:
        case Paragraph():
            yield block.inlines, block.anchor
            yield from ((item.inlines, item.anchor) for item in items(block))
        case Table():
            for row in (block.header, *block.rows):
                yield from ((cell, anchor) for cell in row)
        case Signature():
            yield from ((signatory.name, anchor) for signatory in block.signatories)


def inlines(document: Document) -> Iterator[tuple[Place, Inline]]:
    """Yield every inline with its place."""
    for place in places(document):
        for inline in place.inlines:
            yield place, inline


def text(place: Place) -> str:
    """Return the printed text of a place."""
    return plain(place.inlines)


def blank_at(place: Place) -> str:
    """Return the blank whose answer stands in a place, where it is a single one."""
    names = [inline.name for inline in place.inlines if isinstance(inline, Filled)]
    return names[0] if len(names) == 1 else ""


def found(
    rule: str,
    level: Level,
    place: Place | None,
    zh: str,
    en: str,
    *,
    blank: str = "",
    snippet: str = "",
    basis: str = "",
) -> Finding:
    """Return a finding at a place; without one it concerns the contract as a whole."""
    return Finding(
        rule,
        level,
        zh,
        en,
        place=place.anchor if place else "",
        clause=place.clause if place else "",
        blank=blank,
        snippet=snippet,
        basis=basis,
    )
