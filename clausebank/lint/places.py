"""Places: every printed run of a contract with the clause and anchor it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from clausebank.document import (
    REGISTER_CAPTION,
    Block,
    Filled,
    Inlines,
    Paragraph,
    Signature,
    Table,
    items,
    plain,
)
from clausebank.findings import Finding, Level


class Place(NamedTuple):
    """A run of inlines, the clause it belongs to and the anchor to jump to.

    ``register`` marks cells of the attachment list, whose references are no citations.
    ``attachment`` is the id of the attachment it stands in.
    """

    inlines: Inlines
    anchor: str
    clause: str = ""
    attachment: str = ""
    register: bool = False


def block_places(block: Block, anchor: str, clause: str, attachment: str) -> Iterator[Place]:
    """Yield the places of a block; those of a table stand at the ``anchor`` before it."""
    register = isinstance(block, Table) and block.caption == REGISTER_CAPTION
    for run, at in _runs(block, anchor):
        yield Place(run, at, clause, attachment, register)


def last_anchor(paragraph: Paragraph) -> str:
    """Return where a table that follows a paragraph stands."""
    *_, last = paragraph.anchor, *(item.anchor for item in items(paragraph))
    return last


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
