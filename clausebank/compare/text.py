"""A changed line as plain text: ``[-what went-]`` and ``{+what came+}``."""

from __future__ import annotations

from collections.abc import Iterator

from clausebank.compare.comparison import QUIET, Change, Mark, Segments, Status, whole

_BRACKETS = {Mark.DELETED: ("[-", "-]"), Mark.INSERTED: ("{+", "+}")}
_SIGNS = {
    Status.CHANGED: "~",
    Status.INSERTED: "+",
    Status.DELETED: "-",
    Status.MOVED_FROM: "<",
    Status.MOVED_TO: ">",
    Status.RESTYLED: "*",
    Status.RENUMBERED: "#",
    Status.EQUAL: " ",
}


def change_text(change: Change) -> str:
    """Return a line with the sign of what became of it; of a table the rows that changed."""
    sign, line = _SIGNS[change.status], change.line
    if change.rows:
        return "\n".join(f"{sign} {row}" for row in _rows(change))
    number = f"{line.number} " if line.number else ""
    segments = change.segments or whole(line.tokens, Mark.EQUAL)
    return f"{sign} {number}{_text(segments)}".replace("\n", "\n  ").rstrip()


def _rows(change: Change) -> Iterator[str]:
    for row in change.rows:
        if row.status not in QUIET:
            yield " | ".join(_text(cell) for cell in row.cells)


def _text(segments: Segments) -> str:
    pieces = []
    for segment in segments:
        left, right = _BRACKETS.get(segment.mark, ("", ""))
        pieces.append(f"{left}{segment.new or segment.old}{right}")
    return "".join(pieces)
