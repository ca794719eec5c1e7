"""The shortest difference of two token sequences, made readable within a limit.

The longest common subsequence is found exactly: a row of its table is one integer with a bit a token
(Hyyrö 2004), so a paragraph of two hundred tokens takes a fraction of a millisecond.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

ALLOWANCE = 0.15
"""How much more than the minimum may be marked so that no lone character is left between changes."""
_PAUSES = frozenset("，。；：、！？（）《》“”\n")


class Span(NamedTuple):
    """A place that differs: what goes and what comes, as ranges of tokens."""

    old: int
    old_end: int
    new: int
    new_end: int

    @property
    def size(self) -> int:
        """How many tokens are marked."""
        return self.old_end - self.old + self.new_end - self.new


def differences(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Span]:
    """Return where two sequences differ, in order, with the fewest tokens marked."""
    start, shorter = 0, min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    stop_old, stop_new = len(old) - end, len(new) - end
    if start in {stop_old, stop_new}:
        whole = Span(start, stop_old, start, stop_new)
        return [whole] if whole.size else []
    kept = [(start + i, start + j) for i, j in common(old[start:stop_old], new[start:stop_new])]
    return list(_between(kept, start, (stop_old, stop_new)))


def readable(old: Sequence[str], new: Sequence[str]) -> list[Span]:
    """Return the differences with lone tokens between them taken in and edges set at pauses."""
    spans = differences(old, new)
    if len(spans) > 1:
        spans = _joined(spans, int(sum(span.size for span in spans) * ALLOWANCE))
    return [_slid(span, old, new, before, after) for span, before, after in _with_neighbours(spans, old)]


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the index pairs of a longest common subsequence."""
    places: dict[Hashable, int] = {}
    for index, token in enumerate(new):
        places[token] = places.get(token, 0) | 1 << index
    every = (1 << len(new)) - 1
    row, rows = every, []
    for token in old:
        hits = row & places.get(token, 0)
        row = (row + hits | row - hits) & every
        rows.append(row)
    return _followed_back(rows, len(new))


def _followed_back(rows: list[int], column: int) -> list[tuple[int, int]]:
    """Follow the table from its end: a zero bit says that the column counts."""
    pairs = []
    row = len(rows)
    while row and column:
        if rows[row - 1] >> (column - 1) & 1:
            column -= 1
            continue
        row -= 1
        if not row or rows[row - 1] >> (column - 1) & 1:
            column -= 1
            pairs.append((row, column))
    return pairs[::-1]


def _between(kept: list[tuple[int, int]], start: int, stop: tuple[int, int]) -> Iterator[Span]:
    """Yield what lies between the pairs that are kept."""
    i = j = start
    for old, new in [*kept, stop]:
        if old > i or new > j:
            yield Span(i, old, j, new)
        i, j = old + 1, new + 1


def _joined(spans: list[Span], allowance: int) -> list[Span]:
    """Join neighbours with little left between them, the least first, as far as the allowance goes."""
    gaps = sorted(
        (after.old - before.old_end, index)
        for index, (before, after) in enumerate(pairwise(spans))
        if after.old - before.old_end <= min(before.size, after.size)
    )
    taken = set()
    for length, index in gaps:
        allowance -= 2 * length
        if allowance < 0:
            break
        taken.add(index)
    result = [spans[0]]
    for index, span in enumerate(spans[1:]):
        if index in taken:
            result[-1] = Span(result[-1].old, span.old_end, result[-1].new, span.new_end)
        else:
            result.append(span)
    return result


def _with_neighbours(spans: list[Span], old: Sequence[str]) -> Iterator[tuple[Span, int, int]]:
    """Yield each span with how many equal tokens stand before and after it."""
    for index, span in enumerate(spans):
        before = span.old - (spans[index - 1].old_end if index else 0)
        after = (spans[index + 1].old if index + 1 < len(spans) else len(old)) - span.old_end
        yield span, before, after


def _slid(span: Span, old: Sequence[str], new: Sequence[str], before: int, after: int) -> Span:
    """Move an insertion or deletion along equal tokens to where a phrase begins, if it can be moved."""
    if span.old_end > span.old and span.new_end > span.new:
        return span
    text, first, last = (
        (old, span.old, span.old_end) if span.old_end > span.old else (new, span.new, span.new_end)
    )
    steps = [0]
    while -steps[-1] < before // 2 and text[first + steps[-1] - 1] == text[last + steps[-1] - 1]:
        steps.append(steps[-1] - 1)
    forward = 0
    while forward < after // 2 and text[first + forward] == text[last + forward]:
        forward += 1
        steps.append(forward)
    best = max(steps, key=lambda step: (_fits(text, first + step, last + step), -abs(step)))
    return Span(*(place + best for place in span))


def _fits(text: Sequence[str], first: int, last: int) -> int:
    """Tell how well a range coincides with a phrase: it begins after a pause, or ends with one."""
    return (first == 0 or text[first - 1] in _PAUSES) + (text[last - 1] in _PAUSES)
