"""Runs of text as the layout takes them: plain strings, and pairs such as ``["gap", "【金额】"]``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from clausebank.document import Definition, Gap, Inline, Inlines, Reference

Run = str | list[str]

_LETTERS = re.compile("[!-\u2e7f]+")
LINE = 40
"""Latin letters that surely fit a line of text."""


def runs(inlines: Inlines, links: frozenset[str], room: int = LINE) -> list[Run]:
    """Return the runs of a text; plain neighbours are one run, so that they are set as one.

    Words of more than ``room`` letters (addresses, codes) are marked: they may break anywhere.
    """
    found: list[Run] = []
    for is_plain, group in groupby(
        (_run(inline, links) for inline in inlines), lambda run: isinstance(run, str)
    ):
        pieces = list(group)
        found += _broken("".join(map(str, pieces)), room) if is_plain else pieces
    return found


def _run(inline: Inline, links: frozenset[str]) -> Run:
    match inline:
        case Definition():
            return ["strong", inline.text]
        case Gap():
            return ["gap", inline.text]
        case Reference(anchor=str(anchor)) if anchor in links:
            return ["link", inline.text, anchor]
        case _:
            return inline.text


def _broken(text: str, room: int) -> Iterator[Run]:
    """Split plain text at its line feeds and around words too long for a line."""
    for at, line in enumerate(text.split("\n")):
        if at:
            yield ["break"]
        yield from _parted(line, room)


def _parted(line: str, room: int) -> Iterator[Run]:
    done = 0
    for word in _LETTERS.finditer(line) if len(line) > room else ():
        start, end = word.span()
        if end - start > room:
            if done < start:
                yield line[done:start]
            yield ["word", word[0]]
            done = end
    if done < len(line):
        yield line[done:]
