"""Little more is marked than the least any redline of these tokens could mark."""

from __future__ import annotations

import pytest

from clausebank.compare import compare
from clausebank.compare.lines import lines
from clausebank.document import Document
from tests.compare.pairs import PAIRS, contract

MOST = 1.3


def stream(document: Document) -> list[str]:
    """The whole contract as one run of tokens, a line feed after each line."""
    return [key for line in lines(document) for key in (*line.tokens.keys, "\n")]


def least(old: list[str], new: list[str]) -> int:
    """The fewest tokens to mark, whatever stands in which paragraph (Crochemore and others 2001)."""
    places: dict[str, int] = {}
    for index, token in enumerate(new):
        places[token] = places.get(token, 0) | 1 << index
    every = (1 << len(new)) - 1
    row = every
    for token in old:
        hits = row & places.get(token, 0)
        row = (row + hits | row - hits) & every
    return len(old) + len(new) - 2 * (len(new) - row.bit_count())


def test_there_are_forty_pairs():
    assert len(set(PAIRS)) >= 40


@pytest.mark.parametrize(("old", "new"), PAIRS, ids=str)
def test_the_share_marked_is_close_to_the_least(old, new):
    one, other = contract(*old), contract(*new)
    minimum = least(stream(one), stream(other))
    assert minimum > 0
    assert compare(one, other).marked <= MOST * minimum
