"""Which paragraph became which: by clause first, then by text; what moved is found.

Knows nothing of contracts or of Word: an entry is a paragraph or a table seen as tokens.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import NamedTuple

from clausebank.compare.difference import differences

ALIKE = 0.3
"""From this share of common token pairs on, two paragraphs in one place are versions of each other."""
SAME_CLAUSE = 0.5
"""From this share on, two clauses with different ids are one."""
LONG_ENOUGH_TO_MOVE = 8


@dataclass(frozen=True)
class Entry:
    """A paragraph or table: what it belongs to, what it can be paired with, its tokens."""

    unit: str
    shape: str
    tokens: tuple[str, ...]

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Neighbouring tokens: what two wordings of one thing share."""
        return frozenset(pairwise(("", *self.tokens, "")))


class Match(NamedTuple):
    """An old entry beside a new one, or alone; ``partner`` is where a moved one is on the other side."""

    old: int | None
    new: int | None
    partner: int | None = None


@dataclass(frozen=True, slots=True)
class _Unit:
    """A run of entries that belong together."""

    name: str
    start: int
    end: int

    @property
    def range(self) -> range:
        return range(self.start, self.end)


def align(old: Sequence[Entry], new: Sequence[Entry]) -> list[Match]:
    """Pair two sequences of entries, in an order that keeps both orders."""
    units_old, units_new = list(_units(old)), list(_units(new))
    paired = _paired(units_old, units_new, old, new)
    weights = [sum(len(new[n].tokens) + 1 for n in units_new[j].range) for _, j in paired]
    staying = _heaviest(paired, weights)
    matches: list[Match] = []
    moved = {
        i: j
        for i, j in paired
        if (i, j) not in staying and (units_old[i].name == units_new[j].name or _is_long(units_new[j], new))
    }
    partners = _moved_partners(moved, units_old, units_new, old, new)
    at_old = at_new = 0
    for i, j in [*sorted(staying), (len(units_old), len(units_new))]:
        matches += _alone(units_old[at_old:i], units_new[at_new:j], partners)
        if i < len(units_old):
            matches += pair_entries(old, new, units_old[i].range, units_new[j].range)
        at_old, at_new = i + 1, j + 1
    return _with_moved_paragraphs(matches, old, new)


def _units(entries: Sequence[Entry]) -> Iterator[_Unit]:
    """Yield runs of entries of one unit; a unit that occurs again is told apart."""
    seen: Counter[str] = Counter()
    start = 0
    for name, run in groupby(entries, key=lambda entry: entry.unit):
        end = start + sum(1 for _ in run)
        yield _Unit(f"{name} {seen[name]}", start, end)
        seen[name] += 1
        start = end


def _paired(
    units_old: list[_Unit], units_new: list[_Unit], old: Sequence[Entry], new: Sequence[Entry]
) -> list[tuple[int, int]]:
    """Return which unit became which: by name, the rest by text."""
    names = {unit.name: index for index, unit in enumerate(units_new)}
    paired = [(i, names[unit.name]) for i, unit in enumerate(units_old) if unit.name in names]
    taken_old, taken_new = {i for i, _ in paired}, {j for _, j in paired}
    rest_old = [i for i in range(len(units_old)) if i not in taken_old]
    rest_new = [j for j in range(len(units_new)) if j not in taken_new]
    texts_old = {i: _text(units_old[i], old) for i in rest_old}
    texts_new = {j: _text(units_new[j], new) for j in rest_new}
    likely = sorted(
        ((_alike(texts_old[i], texts_new[j]), i, j) for i in rest_old for j in rest_new), reverse=True
    )
    for share, i, j in likely:
        if share < SAME_CLAUSE:
            break
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            paired.append((i, j))
    return sorted(paired)


def _is_long(unit: _Unit, entries: Sequence[Entry]) -> bool:
    return sum(len(entries[index].tokens) for index in unit.range) >= LONG_ENOUGH_TO_MOVE


def _text(unit: _Unit, entries: Sequence[Entry]) -> frozenset[tuple[str, str]]:
    return frozenset().union(*(entries[index].pairs for index in unit.range))


def _alike(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    """Return the share of token pairs two texts have in common; 0 where lengths rule it out."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if 4 * min(len(one), len(other)) >= total else 0.0


def _heaviest(paired: list[tuple[int, int]], weights: list[int]) -> set[tuple[int, int]]:
    """Return the pairs that keep their order and hold most text; the others moved."""
    ends: list[int] = []
    best: list[tuple[int, tuple[int, ...]]] = []
    for index, ((_, j), weight) in enumerate(zip(paired, weights, strict=True)):
        place = bisect_left(ends, j)
        before, chain = best[place - 1] if place else (0, ())
        total = before + weight
        stop = place
        while stop < len(ends) and best[stop][0] <= total:
            stop += 1
        ends[place:stop], best[place:stop] = [j], [(total, (*chain, index))]
    return {paired[index] for index in (best[-1][1] if best else ())}


def _moved_partners(
    moved: dict[int, int],
    units_old: list[_Unit],
    units_new: list[_Unit],
    old: Sequence[Entry],
    new: Sequence[Entry],
) -> tuple[dict[int, int], dict[int, int]]:
    """Return the new place of each moved old entry, and the old place of each moved new one."""
    found = [
        (match.old, match.new)
        for i, j in moved.items()
        for match in pair_entries(old, new, units_old[i].range, units_new[j].range)
        if match.old is not None and match.new is not None
    ]
    return dict(found), {j: i for i, j in found}


def _alone(
    olds: list[_Unit], news: list[_Unit], partners: tuple[dict[int, int], dict[int, int]]
) -> Iterator[Match]:
    """Yield units that have no counterpart in this place: what goes, then what comes."""
    gone, come = partners
    for unit in olds:
        yield from (Match(index, None, gone.get(index)) for index in unit.range)
    for unit in news:
        yield from (Match(None, index, come.get(index)) for index in unit.range)


# --- within a clause -----------------------------------------------------------------------------


def pair_entries(old: Sequence[Entry], new: Sequence[Entry], olds: range, news: range) -> Iterator[Match]:
    """Pair the entries of two ranges: equal ones first, between them those most alike."""
    keys_old = [(old[i].shape, old[i].tokens) for i in olds]
    keys_new = [(new[j].shape, new[j].tokens) for j in news]
    at_old, at_new = olds.start, news.start
    stop = (olds.stop, olds.stop, news.stop, news.stop)
    spans = [
        (olds.start + span.old, olds.start + span.old_end, news.start + span.new, news.start + span.new_end)
        for span in differences(keys_old, keys_new)
    ]
    for first_old, last_old, first_new, last_new in [*spans, stop]:
        yield from map(Match, range(at_old, first_old), range(at_new, first_new))
        yield from _likeliest(old, new, range(first_old, last_old), range(first_new, last_new))
        at_old, at_new = last_old, last_new


def _likeliest(old: Sequence[Entry], new: Sequence[Entry], olds: range, news: range) -> Iterator[Match]:
    """Pair what is most alike without crossing; yield what goes before what comes."""
    width = len(news) + 1
    best = [[0] * width for _ in range(len(olds) + 1)]
    shared = {}
    for i in reversed(range(len(olds))):
        for j in reversed(range(len(news))):
            common = shared[i, j] = _common(old[olds[i]], new[news[j]])
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + common)
    i = j = 0
    while i < len(olds) or j < len(news):
        if (
            i < len(olds)
            and j < len(news)
            and shared[i, j]
            and best[i][j] == best[i + 1][j + 1] + shared[i, j]
        ):
            yield Match(olds[i], news[j])
            i, j = i + 1, j + 1
        elif i < len(olds) and best[i][j] == best[i + 1][j]:
            yield Match(olds[i], None)
            i += 1
        else:
            yield Match(None, news[j])
            j += 1


def _common(one: Entry, other: Entry) -> int:
    """Return how many token pairs two entries share; 0 when they are no versions of each other."""
    if one.shape != other.shape:
        return 0
    shared = len(one.pairs & other.pairs)
    return shared if 2 * shared >= ALIKE * (len(one.pairs) + len(other.pairs)) else 0


def _with_moved_paragraphs(matches: list[Match], old: Sequence[Entry], new: Sequence[Entry]) -> list[Match]:
    """Tie each deleted paragraph to an inserted one with the very same text."""
    gone: defaultdict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    for match in reversed(matches):
        if match.old is not None and match.new is None and match.partner is None:
            gone[old[match.old].shape, old[match.old].tokens].append(match.old)
    come: dict[int, int] = {}
    for match in matches:
        if match.old is None and match.new is not None and match.partner is None:
            entry = new[match.new]
            places = gone.get((entry.shape, entry.tokens))
            if places and len(entry.tokens) >= LONG_ENOUGH_TO_MOVE:
                come[match.new] = places.pop()
    back = {i: j for j, i in come.items()}
    return [
        match._replace(partner=come[match.new])
        if match.old is None and match.new in come
        else match._replace(partner=back[match.old])
        if match.new is None and match.old in back
        else match
        for match in matches
    ]
