"""A comparison as plain data, for machines: what ``--json`` prints. It only grows."""

from __future__ import annotations

from typing import Any

from clausebank.compare.comparison import QUIET, Change, Comparison, RowChange, Segments
from clausebank.compare.lines import Line


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Return what differs; lines that did not change are counted and left out."""
    return {
        "equal": comparison.equal,
        "old_title": comparison.old_title,
        "new_title": comparison.new_title,
        "counts": {status.value: count for status, count in comparison.counts.items()},
        "marked": comparison.marked,
        "total": comparison.total,
        "changes": [
            {"index": index, **_change(change)}
            for index, change in enumerate(comparison.changes)
            if change.status not in QUIET
        ],
        "renumbered": [_numbers(c) for c in comparison.changes if _renumbered(c)],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "status": change.status.value,
        "old": _line(change.old),
        "new": _line(change.new),
        "segments": _segments(change.segments),
        "rows": [_row(row) for row in change.rows],
        "partner": change.partner,
    }


def _line(line: Line | None) -> dict[str, Any] | None:
    if line is None:
        return None
    return {
        "kind": line.kind.value,
        "unit": line.unit,
        "place": line.anchor,
        "number": line.number,
        "text": line.text,
        "conspicuous": line.conspicuous,
    }


def _row(row: RowChange) -> dict[str, Any]:
    return {"status": row.status.value, "cells": [_segments(cell) for cell in row.cells]}


def _segments(segments: Segments) -> list[dict[str, str]]:
    return [{"mark": s.mark.value, "old": s.old, "new": s.new} for s in segments]


def _renumbered(change: Change) -> bool:
    return bool(change.old and change.new and change.old.number != change.new.number)


def _numbers(change: Change) -> dict[str, str]:
    assert change.old
    assert change.new
    return {"place": change.new.anchor, "old": change.old.number, "new": change.new.number}
