"""The places of a contract sheet by sheet, each searched once however many contracts it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any, NamedTuple, TypeVar

from clausebank.document import Article, Block, Document, Inlines, Paragraph
from clausebank.lint.places import Place, block_places, last_anchor
from clausebank.lint.searches import FIRSTS, Search, may_find
from clausebank.memo import Memo

T = TypeVar("T")
Hits = tuple[tuple[Place, Any], ...]


class Sheet(NamedTuple):
    """A stretch of a contract: its printed text, and what was found in it.

    ``hits`` holds what each search found, in reading order; ``firsts`` only the first of each kind.
    """

    text: str
    hits: Mapping[Search, Hits]
    firsts: Mapping[Search, Mapping[str, tuple[Place, Any]]]


def _searched(places: Iterable[Place]) -> Sheet:
    texts: list[str] = []
    hits: dict[Search, Hits] = {}
    firsts: dict[Search, dict[str, tuple[Place, Any]]] = {}
    for place in places:
        words = [inline.text for inline in place.inlines]
        whole = "".join(words)
        texts.append(whole)
        wanted = map(may_find, map(type, place.inlines), words)
        for find in next(wanted, ()) if len(words) == 1 else frozenset().union(*wanted):
            if find in FIRSTS:
                for name, hit in find(place, whole):
                    firsts.setdefault(find, {}).setdefault(name, (place, hit))
            elif found := tuple((place, hit) for hit in find(place, whole)):
                hits[find] = hits.get(find, ()) + found
    return Sheet("\n".join(texts), hits, firsts)


def _joined(sheets: Iterable[Sheet]) -> Sheet:
    sheets = tuple(sheets)
    hits: dict[Search, Hits] = {}
    firsts: dict[Search, dict[str, tuple[Place, Any]]] = {}
    for sheet in sheets:
        for find, found in sheet.hits.items():
            hits[find] = hits.get(find, ()) + found
        for find, named in sheet.firsts.items():
            first = firsts.setdefault(find, {})
            for name, hit in named.items():
                first.setdefault(name, hit)
    return Sheet("\n".join(sheet.text for sheet in sheets), hits, firsts)


_all: Memo[tuple[Sheet, ...]] = Memo(4)  # of the contracts being linted: every rule reads the same ones
_lines: Memo[Sheet] = Memo(1 << 9)
_articles: Memo[Sheet] = Memo(1 << 9)
_blocks: Memo[Sheet] = Memo(1 << 12)


def sheets(document: Document) -> tuple[Sheet, ...]:
    """Return the sheets of a contract; what was read in an earlier contract is not read again."""
    return _all.of(document, lambda document: tuple(_sheets(document)))


def _sheets(document: Document) -> Iterator[Sheet]:
    for line in (document.cover.number, *document.cover.lines):
        yield _line(line.value, "cover")
    for part in document.parts:
        for article in part.articles:
            yield _article(article, "")
    for party in document.signature.signatories:
        yield _line(party.name, "signature")
    for attachment in document.attachments:
        yield _line(attachment.requirement, attachment.anchor, attachment.id)
        for article in attachment.articles:
            yield _article(article, attachment.id)


def _line(inlines: Inlines, anchor: str, attachment: str = "") -> Sheet:
    place = Place(inlines, anchor, attachment=attachment)
    return _lines((inlines,), (anchor, attachment), lambda: _searched((place,)))


def _article(article: Article, attachment: str) -> Sheet:
    return _articles((article,), attachment, lambda: _joined(_blocks_of(article, attachment)))


def _blocks_of(article: Article, attachment: str) -> Iterator[Sheet]:
    """Yield the sheets of the blocks; tables and signatures stand at the paragraph before them."""
    for section in article.sections:
        before: Paragraph | None = None
        for block in section.blocks:
            if isinstance(block, Paragraph):
                before, at = block, block.anchor
            else:
                at = last_anchor(before) if before else article.anchor
            place = (at, section.clause, attachment)
            yield _blocks((block,), place, partial(_block, block, *place))


def _block(block: Block, anchor: str, clause: str, attachment: str) -> Sheet:
    return _searched(block_places(block, anchor, clause, attachment))


def hits(document: Document, find: Callable[[Place, str], Iterable[T]]) -> list[tuple[Place, T]]:
    """Return what one of the SEARCHES found in each place, in reading order."""
    return _hits.of(document, _gathered).get(find, [])


_hits: Memo[dict[Search, list[tuple[Place, Any]]]] = Memo(4)


def _gathered(document: Document) -> dict[Search, list[tuple[Place, Any]]]:
    found: dict[Search, list[tuple[Place, Any]]] = {}
    for sheet in sheets(document):
        for find, hits in sheet.hits.items():
            found.setdefault(find, []).extend(hits)
    return found


def firsts(
    document: Document, find: Callable[[Place, str], Iterable[tuple[str, T]]], known: AbstractSet[str]
) -> dict[str, tuple[Place, T]]:
    """Return the first place and hit of each name one of the FIRSTS found, less those ``known``."""
    found: dict[str, tuple[Place, T]] = {}
    for sheet in sheets(document):
        named = sheet.firsts.get(find)
        if named and not named.keys() <= known:
            for name, hit in named.items():
                if name not in known:
                    found.setdefault(name, hit)
    return found
