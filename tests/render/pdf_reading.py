"""Reads a PDF the way its users' programs do: with poppler's tools and pypdf."""

import re
import subprocess
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

LEADER = re.compile(r"[. ]+\d+$", re.MULTILINE)
BODY = ("-x", "0", "-y", "75", "-W", "595", "-H", "705")
"""The page without its running header and footer."""


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
