"""What is checked before a version is submitted or approved, and how two texts differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from clausebank.compare.align import Entry, Match, pair_entries
from clausebank.compare.difference import readable
from clausebank.compare.tokens import tokens
from clausebank.findings import Finding
from clausebank.storage.models import ShellVersion
from clausebank.storage.review import State, draft_findings, own_problems, present_state, state_with
from clausebank.storage.versions import Version
from schemas.checks import check_values

SAME, GONE, NEW = "same", "gone", "new"


class Piece(NamedTuple):
    """A stretch of a line: the same in both texts, gone, or new."""

    kind: str
    text: str


class Line(NamedTuple):
    """A line of a difference; ``kind`` says whether the whole line is the same, gone, new, or changed."""

    kind: str
    pieces: tuple[Piece, ...]


def full_findings(session: Session, rows: Sequence[Version]) -> list[Finding]:
    """Return what is wrong with versions: their texts, the bank they would make, and suggested values.

    A Word shell was checked when its file came in.
    """
    texts = [row for row in rows if not isinstance(row, ShellVersion)]
    if not texts:
        return []
    found = draft_findings(session, texts)
    if any(own_problems(row) for row in texts):
        return found
    before = present_state(session)
    known = set(_values(before))
    return [*found, *(f for f in _values(state_with(before, texts)) if f not in known)]


def _values(state: State) -> list[Finding]:
    return check_values(state.bank, state.templates.values())


def text_difference(old: str, new: str) -> list[Line]:
    """Return all lines of two texts in one reading order, marked inside where a line changed."""
    before, after = ([Entry("", "", tokens(line)) for line in text.splitlines()] for text in (old, new))
    return [
        _line(
            "" if match.old is None else "".join(before[match.old].tokens),
            "" if match.new is None else "".join(after[match.new].tokens),
            match,
        )
        for match in pair_entries(before, after, range(len(before)), range(len(after)))
    ]


def _line(old: str, new: str, match: Match) -> Line:
    if match.new is None:
        return Line(GONE, (Piece(GONE, old),))
    if match.old is None:
        return Line(NEW, (Piece(NEW, new),))
    return Line(SAME, (Piece(SAME, old),)) if old == new else Line("changed", tuple(_pieces(old, new)))


def _pieces(old: str, new: str) -> Iterator[Piece]:
    a, b = tokens(old), tokens(new)
    place = 0
    for span in readable(a, b):
        yield from _piece(SAME, a[place : span.old])
        yield from _piece(GONE, a[span.old : span.old_end])
        yield from _piece(NEW, b[span.new : span.new_end])
        place = span.old_end
    yield from _piece(SAME, a[place:])


def _piece(kind: str, parts: Sequence[str]) -> Iterator[Piece]:
    if parts:
        yield Piece(kind, "".join(parts))


def marked(line: Line) -> str:
    """Return a line for a terminal: ``[-gone-]`` and ``[+new+]``."""
    around = {SAME: ("", ""), GONE: ("[-", "-]"), NEW: ("[+", "+]")}
    if line.kind in {GONE, NEW}:
        return f"{'-' if line.kind == GONE else '+'} {line.pieces[0].text}"
    return "  " + "".join(around[piece.kind][0] + piece.text + around[piece.kind][1] for piece in line.pieces)
