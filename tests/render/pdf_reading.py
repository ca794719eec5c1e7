"""Reads a PDF the way its users' programs do: with poppler's tools and pypdf."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import takewhile
from pathlib import Path

from pypdf import PdfReader

LEADER = re.compile(r"[. ]+\d+$", re.MULTILINE)
BODY = ("-x", "0", "-y", "75", "-W", "595", "-H", "705")
"""The page without its running header and footer."""
A4_WIDTH = 595.3
OPENING, CLOSING = set("“‘（【《〈"), set("、，。：；！？”’）】》〉")
_BOX = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>')


def run(*command: str | Path) -> str:
    """Return what a program prints; it must succeed."""
    return subprocess.run(command, check=True, capture_output=True).stdout.decode(errors="replace")


def pages(path: Path, *options: str, mode: str = "-raw") -> list[str]:
    """Return the text of each page, by default in the order it was written to the file."""
    return run("pdftotext", mode, *options, path, "-").split("\f")[:-1]


def bodies(path: Path) -> list[str]:
    """Return the text of each page without its running header and footer, the cover first."""
    return pages(path, *BODY)


def squeezed(text: str) -> str:
    """Return text without white space."""
    return "".join(text.split())


def without(heads: set[str], page: str) -> str:
    """Return the text of a page without page numbers of the contents and a repeated table header."""
    shown = (LEADER.sub("", line) if "...." in line.replace(" ", "") else line for line in page.splitlines())
    text = squeezed("".join(shown))
    head = max((head for head in heads if text.startswith(head)), key=len, default="")
    return text[len(head) :]


@dataclass(frozen=True)
class Word:
    """A word on a page and the box it takes, in points from the upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def inked(self) -> tuple[float, float]:
        """Where it begins and ends without the empty half of a bracket or stop at its edges."""
        half = (self.bottom - self.top) / 2
        return self.left + half * (self.text[0] in OPENING), self.right - half * (self.text[-1] in CLOSING)


def overprinted(path: Path) -> list[tuple[str, str]]:
    """Return words that another one is printed over, and those that leave the page (with an empty string)."""
    words = sorted(_words(path), key=lambda word: (word.page, word.top, word.left))
    beyond = [(word.text, "") for word in words if not 20 < word.left < word.right < A4_WIDTH - 20]
    return beyond + [
        (word.text, other.text)
        for at, word in enumerate(words)
        for other in takewhile(
            lambda later, word=word: later.page == word.page and later.top < word.bottom, words[at + 1 :]
        )
        if _covers(word, other)
    ]


def _covers(one: Word, other: Word) -> bool:
    """Tell whether two boxes share more than their edges; the empty half of a bracket or stop is not counted."""
    wide = min(one.inked[1], other.inked[1]) - max(one.inked[0], other.inked[0])
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    size = min(one.bottom - one.top, other.bottom - other.top)
    return wide > 0.25 * size and high > size / 2


def _words(path: Path) -> Iterator[Word]:
    page = 0
    for line in run("pdftotext", "-bbox", path, "-").splitlines():
        page += "<page " in line
        if found := _BOX.search(line):
            yield Word(page, *map(float, found.groups()[:4]), found[5])


def set_in(data: bytes, face: str) -> str:
    """Return the text drawn in fonts whose name holds this word."""
    drawn: list[str] = []

    def visit(text: str, _user: object, _matrix: object, font: dict | None, _size: object) -> None:
        if font and face in font["/BaseFont"]:
            drawn.append(text)

    for page in PdfReader(BytesIO(data)).pages:
        page.extract_text(visitor_text=visit)
    return squeezed("".join(drawn))


def bookmarks(data: bytes) -> list[str]:
    """Return the titles of all bookmarks, depth first."""
    return list(_titles(PdfReader(BytesIO(data)).outline))


def _titles(outline: list) -> list[str]:
    nested = (_titles(entry) if isinstance(entry, list) else [entry.title] for entry in outline)
    return [title for titles in nested for title in titles]


def links(data: bytes) -> list[tuple[int, int]]:
    """Return the physical pages, from 0, that each link stands on and leads to."""
    reader = PdfReader(BytesIO(data))
    at = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}
    found = []
    for number, page in enumerate(reader.pages):
        for note in page.get("/Annots") or ():
            target = note.get_object()["/Dest"].get_object()
            target = reader.named_destinations[target].dest_array if isinstance(target, str) else target
            found.append((number, at[target[0].idnum]))
    return found
