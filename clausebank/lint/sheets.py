"""The places of a contract sheet by sheet, each searched once however many contracts it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from clausebank.document import Article, Block, Document, Inlines, Section, Table
from clausebank.lint.places import Place, block_places, last_anchor, text
from clausebank.lint.searches import FIRSTS, SEARCHES, Needs, Search
from clausebank.memo import Memo

T = TypeVar("T")
Hits = tuple[tuple[Place, Any], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A stretch of a contract: its printed text, and what was found in it.

    ``hits`` holds what each search found, in reading order; ``firsts`` only the first of each kind.
    """

    text: str
    hits: Mapping[Search, Hits]
    firsts: Mapping[Search, Mapping[str, tuple[Place, Any]]]


def _searched(places: Iterable[Place]) -> Sheet:
    read = [(place, text(place)) for place in places]
    whole = "\n".join(words for _, words in read)
    kinds = frozenset(type(inline) for place, _ in read for inline in place.inlines)
    hits = {find: tuple(_found(find, needs, read)) for find, needs in _worth(SEARCHES, kinds, whole)}
    firsts: dict[Search, dict[str, tuple[Place, Any]]] = {}
    for find, needs in _worth(FIRSTS, kinds, whole):
        first = firsts[find] = {}
        for place, (name, hit) in _found(find, needs, read):
            first.setdefault(name, (place, hit))
    return Sheet(whole, _filled(hits), _filled(firsts))


def _worth(
    searches: Mapping[Search, Needs], kinds: frozenset[type], text: str
) -> Iterator[tuple[Search, Needs]]:
    """Yield the searches that can find something in a text with these kinds of inline."""
    for find, needs in searches.items():
        if not needs.kinds.isdisjoint(kinds) and needs.words(text):
            yield find, needs


def _found(find: Search, needs: Needs, read: Iterable[tuple[Place, str]]) -> Iterator[tuple[Place, Any]]:
    for place, words in read:
        if needs.words(words):
            for hit in find(place, words):
                yield place, hit


def _filled(found: Mapping[Search, T]) -> dict[Search, T]:
    return {find: each for find, each in found.items() if each}


def _firsts(find: Search, read: Iterable[tuple[Place, str]]) -> dict[str, tuple[Place, Any]]:
    found: dict[str, tuple[Place, Any]] = {}
    for place, words in read:
        for name, hit in find(place, words):
            found.setdefault(name, (place, hit))
    return found


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
_sections: Memo[Sheet] = Memo(1 << 11)
_blocks: Memo[Sheet] = Memo(1 << 12)
_cells: Memo[Sheet] = Memo(1 << 12)


def sheets(document: Document) -> tuple[Sheet, ...]:
    """Return the sheets of a contract; what was read in an earlier contract is not read again."""
    return _all((document,), (), lambda: tuple(_sheets(document)))


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
    def made() -> Sheet:
        return _joined(_section(section, article.anchor, attachment) for section in article.sections)

    return _articles((article,), attachment, made)


def _section(section: Section, anchor: str, attachment: str) -> Sheet:
    def made() -> Iterator[Sheet]:
        at = anchor
        for block in section.blocks:
            yield _block(block, at, section.clause, attachment)
            at = last_anchor(block, at)

    return _sections((section,), (anchor, attachment), lambda: _joined(made()))


def _block(block: Block, anchor: str, clause: str, attachment: str) -> Sheet:
    """Return the sheet of a block; the cells of a table are often those of another contract's."""
    place = (anchor, clause, attachment)
    made = partial(block_places, block, *place)
    if isinstance(block, Table):
        return _blocks((block,), place, lambda: _joined(map(_cell, made())))
    return _blocks((block,), place, lambda: _searched(made()))


def _cell(place: Place) -> Sheet:
    key = (place.anchor, place.clause, place.attachment, place.register)
    return _cells((place.inlines,), key, lambda: _searched((place,)))


def hits(document: Document, find: Callable[[Place, str], Iterable[T]]) -> list[tuple[Place, T]]:
    """Return what one of the SEARCHES found in each place, in reading order."""
    return _hits((document,), (), lambda: _gathered(sheets(document))).get(find, [])


_hits: Memo[dict[Search, list[tuple[Place, Any]]]] = Memo(4)


def _gathered(sheets: Iterable[Sheet]) -> dict[Search, list[tuple[Place, Any]]]:
    found: dict[Search, list[tuple[Place, Any]]] = {}
    for sheet in sheets:
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
