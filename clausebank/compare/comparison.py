"""Comparing two contracts: what stayed, changed, came, went and moved, line by line and token by token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from clausebank.compare.align import Entry, Match, align, pair_entries
from clausebank.compare.difference import readable
from clausebank.compare.lines import CELL, Line, Tokens, lines
from clausebank.document import Document


class Status(StrEnum):
    """What became of a line. ``renumbered``: only computed numbers differ; ``restyled``: only emphasis."""

    EQUAL = "equal"
    RENUMBERED = "renumbered"
    RESTYLED = "restyled"
    CHANGED = "changed"
    INSERTED = "inserted"
    DELETED = "deleted"
    MOVED_FROM = "moved-from"
    MOVED_TO = "moved-to"


QUIET = frozenset({Status.EQUAL, Status.RENUMBERED})


class Mark(StrEnum):
    """What became of a stretch of text. ``computed`` is a number that followed its target."""

    EQUAL = "equal"
    DELETED = "deleted"
    INSERTED = "inserted"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text: what it was and what it is; one of the two is empty where it went or came."""

    mark: Mark
    old: str
    new: str
    size: int


Segments = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of a table: equal, changed, inserted or deleted; the segments of each cell."""

    status: Status
    cells: tuple[Segments, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A line beside its counterpart, either of which may be missing.

    ``partner`` is the index of the other end of a move. A line that moved and changed shows its
    segments where it stands now. A table has ``rows`` in place of segments.
    """

    status: Status
    old: Line | None
    new: Line | None
    segments: Segments = ()
    rows: tuple[RowChange, ...] = ()
    partner: int | None = None

    @property
    def line(self) -> Line:
        """The new line, or the old one where there is no new one."""
        line = self.new or self.old
        assert line
        return line

    @property
    def marked(self) -> int:
        """How many tokens a redline of this line marks."""
        line = self.line
        if self.status in {Status.INSERTED, Status.DELETED, Status.MOVED_FROM, Status.MOVED_TO}:
            return len(line.tokens.keys)
        segments = [*self.segments, *(s for row in self.rows for cell in row.cells for s in cell)]
        return sum(s.size for s in segments if s.mark in {Mark.DELETED, Mark.INSERTED})


@dataclass(frozen=True)
class Comparison:
    """Everything that differs between two contracts, in the order of both."""

    old_title: str
    new_title: str
    changes: tuple[Change, ...]

    @cached_property
    def counts(self) -> dict[Status, int]:
        """How many lines there are of each status."""
        found = Counter(change.status for change in self.changes)
        return {status: found[status] for status in Status}

    @property
    def equal(self) -> bool:
        """Whether nothing differs at all."""
        return self.counts[Status.EQUAL] == len(self.changes)

    @cached_property
    def marked(self) -> int:
        """How many tokens are marked."""
        return sum(change.marked for change in self.changes)

    @cached_property
    def total(self) -> int:
        """How many tokens both texts have."""
        return sum(len(line.tokens.keys) for c in self.changes for line in (c.old, c.new) if line)


def compare(old: Document, new: Document, titles: tuple[str, str] | None = None) -> Comparison:
    """Compare two contracts; ``titles`` tell them apart where their own titles would not."""
    before, after = lines(old), lines(new)
    matches = align([line.entry for line in before], [line.entry for line in after])
    ends = {(match.old, match.new): index for index, match in enumerate(matches)}
    changes = tuple(_change(match, before, after, ends) for match in matches)
    return Comparison(*(titles or (old.title, new.title)), changes)


def _change(
    match: Match,
    before: Sequence[Line],
    after: Sequence[Line],
    ends: dict[tuple[int | None, int | None], int],
) -> Change:
    old = None if match.old is None else before[match.old]
    new = None if match.new is None else after[match.new]
    if old and new:
        return _pair(old, new)
    if match.partner is None:
        return Change(Status.DELETED, old, None) if old else Change(Status.INSERTED, None, new)
    if old:
        return Change(Status.MOVED_FROM, old, None, partner=ends[None, match.partner])
    assert new
    paired = _pair(before[match.partner], new)
    return Change(Status.MOVED_TO, None, new, paired.segments, paired.rows, partner=ends[match.partner, None])


def _pair(old: Line, new: Line) -> Change:
    """Return what differs between a line and its counterpart."""
    if old.rows and new.rows:
        rows = tuple(_rows(old, new))
        everything = [segment for row in rows for cell in row.cells for segment in cell]
        same = all(row.status in QUIET for row in rows)
        return Change(_status(old, new, everything if same else None), old, new, rows=rows)
    segments = tuple(_segments(old.tokens, new.tokens))
    return Change(_status(old, new, segments), old, new, segments)


def _status(old: Line, new: Line, segments: Sequence[Segment] | None) -> Status:
    if segments is None or any(s.mark in {Mark.DELETED, Mark.INSERTED} for s in segments):
        return Status.CHANGED
    if (old.conspicuous, old.kind, old.header) != (new.conspicuous, new.kind, new.header):
        return Status.RESTYLED
    if old.number != new.number or any(s.mark is Mark.COMPUTED for s in segments):
        return Status.RENUMBERED
    return Status.EQUAL


def _segments(old: Tokens, new: Tokens) -> Iterator[Segment]:
    """Yield two runs of tokens as stretches that stayed, went and came."""
    i = j = 0
    for span in [] if old.keys == new.keys else readable(old.keys, new.keys):
        yield from _same(old.texts[i : span.old], new.texts[j : span.new])
        if gone := old.texts[span.old : span.old_end]:
            yield Segment(Mark.DELETED, "".join(gone), "", len(gone))
        if come := new.texts[span.new : span.new_end]:
            yield Segment(Mark.INSERTED, "", "".join(come), len(come))
        i, j = span.old_end, span.new_end
    yield from _same(old.texts[i:], new.texts[j:])


def _same(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Segment]:
    """Yield stretches with equal keys; numbers that were computed anew stand alone."""
    if old == new:
        if new:
            yield Segment(Mark.EQUAL, "".join(new), "".join(new), len(new))
        return
    start = 0
    for index, (before, after) in enumerate(zip(old, new, strict=True)):
        if before != after:
            yield from _same(new[start:index], new[start:index])
            yield Segment(Mark.COMPUTED, before, after, 1)
            start = index + 1
    yield from _same(new[start:], new[start:])


def _rows(old: Line, new: Line) -> Iterator[RowChange]:
    """Yield the rows of two tables with as many columns."""
    before, after = ([_row_entry(row) for row in line.rows] for line in (old, new))
    for match in pair_entries(before, after, range(len(before)), range(len(after))):
        if match.new is None:
            assert match.old is not None
            yield RowChange(Status.DELETED, tuple(whole(cell, Mark.DELETED) for cell in old.rows[match.old]))
        elif match.old is None:
            yield RowChange(Status.INSERTED, tuple(whole(c, Mark.INSERTED) for c in new.rows[match.new]))
        else:
            cells = zip(old.rows[match.old], new.rows[match.new], strict=True)
            made = tuple(tuple(_segments(one, other)) for one, other in cells)
            marks = {segment.mark for cell in made for segment in cell}
            changed = marks & {Mark.DELETED, Mark.INSERTED}
            quiet = Status.RENUMBERED if Mark.COMPUTED in marks else Status.EQUAL
            yield RowChange(Status.CHANGED if changed else quiet, made)


def _row_entry(row: tuple[Tokens, ...]) -> Entry:
    return Entry("", "", tuple(key for cell in row for key in (*cell.keys, CELL)))


def whole(run: Tokens, mark: Mark) -> Segments:
    """Return a run of tokens as one stretch, or none where there is no text."""
    text, size = "".join(run.texts), len(run.texts)
    if not size:
        return ()
    old, new = ("" if mark is Mark.INSERTED else text), ("" if mark is Mark.DELETED else text)
    return (Segment(mark, old, new, size),)
