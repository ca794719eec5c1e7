"""What the search index holds, so that words are found exactly, wherever they stand.

SQLite keeps bigrams, as words of ASCII: ``违约金`` becomes the tokens of ``违约`` and ``约金``; a search
for it asks for the two side by side, and one for a single character for every token that begins with it.
PostgreSQL, which looks through the positions of every row, keeps what begins at each place, up to
STRETCH characters: a word stands where a stretch begins with it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

BREAK = "z"  # keeps a search from reaching over the end of a line
LONGEST_WORD = 100
MOST_TOKENS = 16_000  # in a row; PostgreSQL takes a megabyte
STRETCH = 8


def normal(text: str) -> str:
    """Return a text as it is compared: width and case of letters do not matter."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(query: str) -> list[str]:
    """Return the words of a query; all of them have to be found."""
    return list(dict.fromkeys(normal(query).split()))


def rows(text: str) -> Iterator[str]:
    """Yield the bigrams of a text, in rows of no more than MOST_TOKENS."""
    row: list[str] = []
    for line in _lines(text):
        if len(row) + len(line) >= MOST_TOKENS and row:
            yield " ".join(row)
            row = []
        row += [*_tokens(line), BREAK]
    if row:
        yield " ".join(row)


def stretches(text: str) -> Iterator[list[str]]:
    """Yield what begins at each place of a text, each stretch once in a row of no more than MOST_TOKENS."""
    row: dict[str, None] = {}
    for line in _lines(text):
        if len(row) + len(line) >= MOST_TOKENS and row:
            yield list(row)
            row = {}
        row |= dict.fromkeys(line[start : start + STRETCH] for start in range(len(line)))
    if row:
        yield list(row)


def beginnings(word: str) -> list[str]:
    """Return what stretches begin with where a word stands: the word, or one after another its pieces."""
    pieces = [word[start : start + STRETCH] for start in range(0, len(word) - STRETCH, STRETCH)]
    return [*pieces, word[-STRETCH:]]


def phrase(word: str) -> list[str]:
    """Return the tokens that stand side by side where a word stands; two characters at least."""
    return [_token(first, second) for first, second in pairwise(word)]


def prefix(character: str) -> str:
    """Return what the tokens of a single character begin with."""
    return f"x{ord(character):05x}"


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text without blanks; an overlong one in pieces that overlap by a word."""
    for line in normal(text).splitlines():
        for run in line.split():
            step = MOST_TOKENS // 2
            for start in range(0, max(len(run), 1), step):
                yield run[start : start + step + LONGEST_WORD]


def _tokens(line: str) -> list[str]:
    """Return a token a character: with its follower, the last one alone."""
    return [*phrase(line), f"{prefix(line[-1])}00000"]


def _token(first: str, second: str) -> str:
    return f"{prefix(first)}{ord(second):05x}"
