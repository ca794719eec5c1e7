"""Runs of text as the layout takes them: plain strings, and pairs such as ``["gap", "【金额】"]``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from clausebank.document import Definition, Gap, Inline, Inlines, Reference

Run = str | list[str]

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
        for odd, part in enumerate(_long_word(room).split(line)):
            if part:
                yield ["word", part] if odd % 2 else part


@cache
def _long_word(room: int) -> re.Pattern[str]:
    return re.compile(f"([!-\u2e7f]{{{room + 1},}})")
