"""Walking a document for the rules: every printed run with the place it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from clausebank.document import (
    REGISTER_CAPTION,
    Article,
    Block,
    Document,
    Filled,
    Inline,
    Inlines,
    Paragraph,
    Section,
    Signature,
    Table,
    items,
    plain,
)
from clausebank.findings import Finding, Level
from clausebank.memo import Memo

T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class Sheet:
    """The places of one clause, or of what stands around the clauses, and what was found in them so far."""

    places: tuple[Place, ...]
    found: dict[object, tuple[Any, ...]] = field(default_factory=dict)


_sheets: Memo[tuple[Sheet, ...]] = Memo(4)  # of the contracts being linted: every rule reads the same ones
_section_sheets: Memo[Sheet] = Memo(1 << 11)


def sheets(document: Document) -> tuple[Sheet, ...]:
    """Return the sheets of the contract in reading order; a clause read before is not read again."""
    return _sheets((document,), (), lambda: tuple(_made_sheets(document)))


def _made_sheets(document: Document) -> Iterator[Sheet]:
    lines = (document.cover.number, *document.cover.lines)
    yield Sheet(tuple(Place(line.value, "cover") for line in lines))
    for part in document.parts:
        for article in part.articles:
            yield from _article_sheets(article, "")
    yield Sheet(tuple(Place(party.name, "signature") for party in document.signature.signatories))
    for attachment in document.attachments:
        yield Sheet((Place(attachment.requirement, attachment.anchor, attachment=attachment.id),))
        for article in attachment.articles:
            yield from _article_sheets(article, attachment.id)


def _article_sheets(article: Article, attachment: str) -> Iterator[Sheet]:
    for section in article.sections:
        yield _section_sheet(section, article.anchor, attachment)


def _section_sheet(section: Section, anchor: str, attachment: str) -> Sheet:
    made = partial(_section_places, section, anchor, attachment)
    return _section_sheets((section,), (anchor, attachment), lambda: Sheet(tuple(made())))


def _section_places(section: Section, anchor: str, attachment: str) -> Iterator[Place]:
    for block in section.blocks:
        for run, anchor in _runs(block, anchor):  # noqa: B020, PLR1704 (tables stay at the last paragraph)
            register = isinstance(block, Table) and block.caption == REGISTER_CAPTION
            yield Place(run, anchor, section.clause, attachment, register)


def places(document: Document) -> Iterator[Place]:
    """Yield every run of the contract in reading order."""
    for sheet in sheets(document):
        yield from sheet.places


def hits(document: Document, find: Callable[[Place], Iterable[T]]) -> Iterator[tuple[Place, T]]:
    """Yield what ``find`` finds in each place; it looks at the place alone, so one search a clause does."""
    for sheet in sheets(document):
        if find not in sheet.found:
            sheet.found[find] = tuple((place, hit) for place in sheet.places for hit in find(place))
        yield from sheet.found[find]


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
    return hits(document, _inlines)


def _inlines(place: Place) -> Inlines:
    return place.inlines


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
