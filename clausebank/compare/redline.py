"""The redline: a Word file with both texts in it as tracked changes, which proves itself."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from clausebank.compare._redline.markup import Ink
from clausebank.compare._redline.merge import merge
from clausebank.compare._redline.names import BOOKMARK, BOOKMARK_END, ID, SECTION, w
from clausebank.compare._redline.proof import differences
from clausebank.document import Document
from clausebank.errors import ClauseBankError
from clausebank.render._docx.package import member, package
from clausebank.render.docx import render_docx

_BODY = "word/document.xml"
_MERGED = re.compile(r"word/(document|header\d*|footer\d*)\.xml")


class RedlineError(ClauseBankError):
    """A redline does not give back one of its two texts; it is not handed out."""


def redline(
    old: Document,
    new: Document,
    shell: Path,
    *,
    author: str,
    date: datetime,
    emphasis: bool = True,
    pages: Mapping[str, int] | None = None,
) -> bytes:
    """Return a Word file that shows how ``old`` became ``new``; same arguments, same bytes.

    ``date`` is when the changes were made, in universal time where it names no zone. ``pages`` are the
    page numbers the contents show. RedlineError when the file would not give back both texts.
    """
    if not author.strip() or not author.isprintable():
        raise ValueError("an author has a name, on one line")
    before = _parts(render_docx(old, shell, emphasis=emphasis, pages=pages))
    after = _parts(render_docx(new, shell, emphasis=emphasis, pages=pages))
    stamp = date.astimezone(UTC) if date.tzinfo else date
    made = dict(after)
    for name in filter(_MERGED.fullmatch, after):
        if before.get(name) != after[name]:
            made[name] = _merged(before[name], after[name], author, stamp)
            _prove(name, made[name], before[name], after[name])
    return package([member(name, data) for name, data in made.items()])


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _merged(old: bytes, new: bytes, author: str, date: datetime) -> bytes:
    """Return a part that holds both texts."""
    before, after = etree.fromstring(old), etree.fromstring(new)
    ink = Ink(author, date, _spread_ids(before, after))
    holders = [root.find(w("body")) for root in (before, after)]
    one, other = (
        root if found is None else found for root, found in zip((before, after), holders, strict=True)
    )
    last = other.find(SECTION)
    other[:] = merge(one, other, ink) + ([] if last is None else [last])
    return etree.tostring(after, xml_declaration=True, encoding="UTF-8", standalone=True)


def _spread_ids(old: etree._Element, new: etree._Element) -> int:
    """Make the ids of all bookmarks of both texts differ; return the highest."""
    top = max((int(mark.get(ID, "0")) for mark in new.iter(BOOKMARK)), default=0)
    highest = top
    for mark in old.iter(BOOKMARK, BOOKMARK_END):
        number = top + 1 + int(mark.get(ID, "0"))
        mark.set(ID, str(number))
        highest = max(highest, number)
    return highest


def _prove(name: str, made: bytes, old: bytes, new: bytes) -> None:
    """Accept all and reject all; RedlineError with the first thing that is not as it was."""
    for original, accept in ((old, False), (new, True)):
        for ours, theirs in differences(made, original, accept=accept):
            side = "new" if accept else "old"
            raise RedlineError(f"{name}: not the {side} text: {ours} instead of {theirs}")
