"""A Word file of ours as a flow of paragraphs and tables, each knowing which clause it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from clausebank.compare._redline.names import (
    BOOKMARK,
    NAME,
    PPR,
    SDT,
    SECTION,
    TBL,
    TC,
    TR,
    TRPR,
    P,
    T,
    value,
    w,
)
from clausebank.compare._redline.words import Words, read_words
from clausebank.compare.align import Entry
from clausebank.compare.lines import CELL
from clausebank.render._docx import names

HEADINGS = {
    names.PART,
    names.MAIN.article,
    names.ATTACHED.article,
    names.UNNUMBERED_ARTICLE,
    names.ATTACHMENT,
}
CONTENTS = "contents"
TAG = f"{w('sdtPr')}/{w('tag')}"
_CONTROL_CONTENT = w("sdtContent")
_STYLE = f"{PPR}/{w('pStyle')}"


@dataclass(slots=True)
class Piece:
    """A paragraph, or a table with the gap paragraphs that belong to it.

    ``loose`` is what stands before it between the paragraphs, such as bookmarks of the shell.
    """

    node: etree._Element
    unit: str
    control: etree._Element | None
    words: Words | None
    entry: Entry
    above: list[etree._Element] = field(default_factory=list)
    below: list[etree._Element] = field(default_factory=list)
    loose: list[etree._Element] = field(default_factory=list)

    @property
    def bookmarks(self) -> list[str]:
        """The bookmarks in it."""
        if self.words is not None:
            return self.words.bookmarks
        return [str(mark.get(NAME)) for mark in self.node.iter(BOOKMARK)]


@dataclass(slots=True)
class _Reader:
    """Where the reading stands: the attachment, and how many sections ended."""

    attachment: str = ""
    ends: int = 0

    def unit(self, paragraph: etree._Element, words: Words) -> str:
        """Return what a paragraph outside clauses belongs to."""
        style = value(paragraph, _STYLE)
        if style in HEADINGS:
            name = words.bookmarks[0] if words.bookmarks else "".join(atom.text for atom in words.stretches)
            if style == names.ATTACHMENT:
                self.attachment = name
            return f"{self.attachment} {style} {name}"
        if paragraph.find(f"{PPR}/{SECTION}") is not None:
            self.ends += 1
            return f"end {self.attachment or self.ends}"
        return f"{self.attachment} {style}"


def read_flow(body: etree._Element) -> list[Piece]:
    """Return the paragraphs and tables of a body, headers and footers being bodies too."""
    pieces: list[Piece] = []
    waiting: list[etree._Element] = []
    loose: list[etree._Element] = []
    reader = _Reader()
    for node, control in _nodes(body, None):
        if node.tag not in {P, TBL}:
            loose.append(node)
            continue
        if _is_gap(node):
            after = pieces[-1] if pieces and not waiting else None
            if after is not None and after.node.tag == TBL and not after.below and after.control is control:
                after.below.append(node)
            else:
                waiting.append(node)
            continue
        if node.tag == P:
            pieces += [_paragraph(gap, control, reader) for gap in waiting]
            pieces.append(_paragraph(node, control, reader))
        else:
            pieces.append(_table(node, control, reader, waiting))
        pieces[-1].loose, loose, waiting = loose, [], []
    if pieces:
        pieces[-1].loose += loose
    return pieces + [_paragraph(gap, None, reader) for gap in waiting]


def _nodes(
    holder: etree._Element, control: etree._Element | None
) -> Iterator[tuple[etree._Element, etree._Element | None]]:
    for node in holder:
        if node.tag == SDT:
            content = node.find(_CONTROL_CONTENT)
            yield from _nodes(content, node) if content is not None else ()
        elif node.tag != SECTION:
            yield node, control


def _is_gap(node: etree._Element) -> bool:
    return node.tag == P and value(node, _STYLE) == names.TABLE_GAP and node.find(f".//{T}") is None


def control_unit(control: etree._Element) -> str:
    """Return the clause a content control holds, or that it holds the contents."""
    tag = value(control, TAG)
    return f"clause {tag.partition('@')[0]}" if tag else CONTENTS


def _paragraph(node: etree._Element, control: etree._Element | None, reader: _Reader) -> Piece:
    words = read_words(node)
    unit = reader.unit(node, words) if control is None else control_unit(control)
    shape = "end" if node.find(f"{PPR}/{SECTION}") is not None else "words"
    return Piece(node, unit, control, words, Entry(unit, shape, _keys(node, words)))


def _keys(node: etree._Element, words: Words) -> tuple[str, ...]:
    if words.opaque:
        return (etree.tostring(node, encoding="unicode"),)
    return words.keys


def _table(
    node: etree._Element, control: etree._Element | None, reader: _Reader, above: list[etree._Element]
) -> Piece:
    """Return a table; it pairs only with tables of the same look and columns."""
    unit = f"{reader.attachment} table" if control is None else control_unit(control)
    look = [child for child in node if child.tag != TR]
    shape = "".join(etree.tostring(child, encoding="unicode") for child in look)
    keys = tuple(key for row in node.iterchildren(TR) for key in row_entry(row).tokens)
    return Piece(node, unit, control, None, Entry(unit, shape, keys), above)


def row_entry(row: etree._Element) -> Entry:
    """Return a row of a table; it pairs only with rows of the same cells and paragraphs."""
    keys: list[str] = []
    shape = [etree.tostring(look, encoding="unicode") for look in row.iterchildren(TRPR)]
    for cell in row.iterchildren(TC):
        shape.append("".join("p" if node.tag == P else str(node.tag) for node in cell))
        for paragraph in cell.iterchildren(P):
            keys += _keys(paragraph, read_words(paragraph))
        keys.append(CELL)
    return Entry("", "|".join(shape), tuple(keys))
