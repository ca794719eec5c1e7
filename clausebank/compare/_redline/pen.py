"""Writing what became of a paragraph, a row or a table into its own markup."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from clausebank.compare._redline.flow import Piece, row_entry
from clausebank.compare._redline.markup import DEL, INS, Ink, two_sided, whole
from clausebank.compare._redline.names import (
    BOOKMARK,
    BOOKMARK_END,
    HYPERLINK,
    ID,
    INSTRUCTION,
    NAME,
    NAMESPACE,
    PPR,
    RPR,
    SECTION,
    TC,
    TR,
    TRPR,
    P,
    R,
    T,
    w,
)
from clausebank.compare._redline.words import Words, read_words
from clausebank.compare.align import pair_entries

_AFTER_STYLE = {RPR, SECTION, w("pPrChange")}
_DELETED = {T: w("delText"), INSTRUCTION: w("delInstrText")}


@dataclass(slots=True)
class Pen:
    """Writes paragraphs, rows and tables with their marks; ``ranges`` are the ids of moves begun."""

    ink: Ink
    ranges: dict[tuple[str, int], str] = field(default_factory=dict)

    def paragraph(self, piece: etree._Element, words: Words, kind: str) -> etree._Element:
        """Mark a whole paragraph and its mark as inserted, deleted or moved."""
        if words.opaque:
            self._wrap_runs(piece, kind)
        else:
            self.fill(piece, whole(words, kind, self.ink))
        self.end(piece, kind)
        return piece

    def fill(self, paragraph: etree._Element, content: str) -> None:
        """Put content into a paragraph, in place of what is there; bookmarks and field ends stay."""
        head = [child for child in paragraph if child.tag in {BOOKMARK, BOOKMARK_END}]
        for child in list(paragraph):
            if child.tag != PPR:
                paragraph.remove(child)
        paragraph.extend(head)
        if content:
            paragraph.extend(parsed(content))

    def pair(
        self,
        old: etree._Element,
        new: etree._Element,
        before: Words | None = None,
        after: Words | None = None,
    ) -> etree._Element:
        """Return a paragraph that both texts have."""
        before, after = before or read_words(old), after or read_words(new)
        if before.opaque or after.opaque:
            return self._opaque_pair(old, new)
        if (before.stretches, before.link) != (after.stretches, after.link) or _ends_field(before, after):
            self.fill(new, two_sided(before, after, self.ink))
        missing = [name for name in before.bookmarks if name not in after.bookmarks]
        for mark in [m for m in old if m.tag == BOOKMARK and m.get(NAME) in missing]:
            end = next(e for e in old if e.tag == BOOKMARK_END and e.get(ID) == mark.get(ID))
            new.insert(int(new.find(PPR) is not None), end)
            new.insert(int(new.find(PPR) is not None), mark)
        self.properties(new, old)
        return new

    def _opaque_pair(self, old: etree._Element, new: etree._Element) -> etree._Element:
        """Return a paragraph with both contents in it, one deleted and one inserted as a whole."""
        if etree.tostring(old, with_tail=False) == etree.tostring(new, with_tail=False):
            return new
        self._wrap_runs(old, DEL)
        self._wrap_runs(new, INS)
        place = int(new.find(PPR) is not None)
        new[place:place] = [child for child in old if child.tag in {w(DEL), HYPERLINK}]
        self.properties(new, old)
        return new

    def properties(self, new: etree._Element, old: etree._Element) -> None:
        """Track properties of a paragraph that changed."""
        if same_properties(old, new):
            return
        was, holder = _plain_properties(old), properties_of(new)
        change = parsed(f"<w:pPrChange {self.ink.stamp()}><w:pPr/></w:pPrChange>")[0]
        change[0].extend(deepcopy(was))
        holder.append(change)

    def become(self, old: etree._Element, new: etree._Element) -> None:
        """Give an old paragraph the properties of a new one, tracked."""
        before, holder = deepcopy(old), properties_of(old)
        for look in _plain_properties(old):
            holder.remove(look)
        holder[:0] = deepcopy(_plain_properties(new))
        self.properties(old, before)

    def end(self, paragraph: etree._Element, kind: str) -> None:
        """Mark the end of a paragraph as inserted, deleted or moved."""
        holder = properties_of(paragraph)
        look = parsed(f"<w:rPr>{self.ink.mark(kind)}</w:rPr>")[0]
        places = [index for index, child in enumerate(holder) if child.tag in _AFTER_STYLE]
        holder.insert(places[0] if places else len(holder), look)

    def _wrap_runs(self, paragraph: etree._Element, kind: str) -> None:
        """Wrap the runs of a paragraph that only the shell can have made."""
        for holder in [paragraph, *paragraph.iterchildren(HYPERLINK)]:
            for child in list(holder.iterchildren(R)):
                wrapper = parsed(self.ink.mark(kind))[0]
                holder.replace(child, wrapper)
                wrapper.append(child)
                for node in child if kind == DEL else ():
                    node.tag = _DELETED.get(str(node.tag), node.tag)

    def row(self, row: etree._Element, kind: str) -> etree._Element:
        """Mark a row and everything in it."""
        holder = row.find(TRPR)
        if holder is None:
            holder = etree.Element(TRPR)
            row.insert(int(row.find(w("tblPrEx")) is not None), holder)
        holder.extend(parsed(self.ink.mark(kind)))
        for paragraph in list(row.iter(P)):
            self.paragraph(paragraph, read_words(paragraph), kind)
        return row

    def table(self, piece: Piece, kind: str) -> list[etree._Element]:
        """Mark a whole table and the gaps around it."""
        for row in piece.node.iterchildren(TR):
            self.row(row, kind)
        for gap in (*piece.above, *piece.below):
            self.end(gap, kind)
        return [*piece.above, piece.node, *piece.below]

    def rows(self, old: Piece, new: Piece) -> list[etree._Element]:
        """Return a table that both texts have, row by row."""
        before, after = list(old.node.iterchildren(TR)), list(new.node.iterchildren(TR))
        one, other = [row_entry(row) for row in before], [row_entry(row) for row in after]
        rows: list[etree._Element] = []
        for match in pair_entries(one, other, range(len(one)), range(len(other))):
            if match.new is None:
                assert match.old is not None
                rows.append(self.row(before[match.old], DEL))
            elif match.old is None:
                rows.append(self.row(after[match.new], INS))
            else:
                rows.append(self._pair_rows(before[match.old], after[match.new]))
        new.node.extend(rows)
        above, below = self._gaps(old.above, new.above), self._gaps(old.below, new.below)
        return [*above, new.node, *below]

    def _pair_rows(self, old: etree._Element, new: etree._Element) -> etree._Element:
        for one, other in zip(old.iterchildren(TC), new.iterchildren(TC), strict=True):
            for was, now in zip(list(one.iterchildren(P)), list(other.iterchildren(P)), strict=True):
                self.pair(was, now)
        return new

    def _gaps(self, old: list[etree._Element], new: list[etree._Element]) -> list[etree._Element]:
        for gap in old[len(new) :]:
            self.end(gap, DEL)
        for gap in new[len(old) :]:
            self.end(gap, INS)
        return [*new, *old[len(new) :]]


def properties_of(paragraph: etree._Element) -> etree._Element:
    """Return the properties of a paragraph, made where there are none."""
    holder = paragraph.find(PPR)
    if holder is None:
        holder = etree.Element(PPR)
        paragraph.insert(0, holder)
    return holder


def _plain_properties(paragraph: etree._Element) -> list[etree._Element]:
    holder = paragraph.find(PPR)
    return [] if holder is None else [child for child in holder if child.tag not in _AFTER_STYLE]


def same_properties(old: etree._Element, new: etree._Element) -> bool:
    """Tell whether two paragraphs look alike."""
    was, now = _plain_properties(old), _plain_properties(new)
    return [etree.tostring(look) for look in was] == [etree.tostring(look) for look in now]


def parsed(content: str) -> list[etree._Element]:
    """Return markup as elements."""
    return list(etree.fromstring(f'<w:p xmlns:w="{NAMESPACE}">{content}</w:p>'))


def _ends_field(before: Words, after: Words) -> bool:
    return bool(before.opens or after.opens or before.closes or after.closes)
