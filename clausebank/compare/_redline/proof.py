"""The proof of a redline: rejecting everything gives the old text, accepting everything the new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from clausebank.compare._redline.merge import SUFFIX
from clausebank.compare._redline.names import (
    BOOKMARK,
    FIELD_CHAR,
    HYPERLINK,
    INSTRUCTION,
    NAME,
    PPR,
    RPR,
    SECTION,
    TBL,
    TC,
    TR,
    P,
    R,
    T,
    w,
)
from clausebank.compare._redline.resolve import resolve

_BREAKS = {w("br"): "\n", w("tab"): "\t"}


@dataclass(frozen=True, slots=True)
class Printed:
    """A paragraph as it is printed: which cell it stands in, its look, its runs, the places it marks.

    List labels follow from the looks of all paragraphs, the lists being those of one shell.
    """

    cell: tuple[int, ...]
    look: str
    runs: tuple[tuple[str, str], ...]
    bookmarks: frozenset[str]


def differences(redline: bytes, original: bytes, *, accept: bool) -> Iterator[tuple[str, str]]:
    """Yield what a part of a redline, all accepted or all rejected, has other than the original: ours, theirs."""
    ours = list(printed(resolve(etree.fromstring(redline), accept=accept)))
    theirs = list(printed(etree.fromstring(original)))
    for one, other in zip(ours, theirs, strict=False):
        if (one.cell, one.look, one.runs) != (other.cell, other.look, other.runs):
            yield repr(one), repr(other)
        if not one.bookmarks >= other.bookmarks:
            yield repr(one.bookmarks), repr(other.bookmarks)
    if len(ours) != len(theirs):
        yield f"{len(ours)} paragraphs", f"{len(theirs)} paragraphs"


def printed(root: etree._Element) -> Iterator[Printed]:
    """Yield the paragraphs of a part in reading order."""
    cells = {
        paragraph: (number, row, cell)
        for number, table in enumerate(root.iter(TBL))
        for row, line in enumerate(table.iterchildren(TR))
        for cell, holder in enumerate(line.iterchildren(TC))
        for paragraph in holder.iterchildren(P)
    }
    for paragraph in root.iter(P):
        names = frozenset(_name(str(mark.get(NAME))) for mark in paragraph.iter(BOOKMARK))
        yield Printed(cells.get(paragraph, ()), _look(paragraph), _runs(paragraph), names)


def _look(paragraph: etree._Element) -> str:
    """Return the properties of a paragraph; of a section only that it ends here."""
    looks = paragraph.find(PPR)
    found = [] if looks is None else [look for look in looks if look.tag != RPR]
    return "".join("section" if look.tag == SECTION else _markup(look) for look in found)


def _markup(look: etree._Element) -> str:
    inner = "".join(map(_markup, look))
    return f"<{look.tag} {sorted(look.items())}>{inner}"


def _runs(paragraph: etree._Element) -> tuple[tuple[str, str], ...]:
    """Return style and text of each run, neighbours of one style joined; fields and links show as such."""
    result: list[list[str]] = []
    for run in paragraph.iter(R, HYPERLINK):
        style, text = _run(run)
        if result and result[-1][0] == style:
            result[-1][1] += text
        elif text:
            result.append([style, text])
    return tuple((style, text) for style, text in result)


def _run(run: etree._Element) -> tuple[str, str]:
    if run.tag == HYPERLINK:
        return "", f"<{_name(str(run.get(w('anchor'))))}>"
    looks = run.find(RPR)
    shown = (_shown(node) for node in run if node.tag != RPR)
    return "" if looks is None or not len(looks) else "".join(map(_markup, looks)), "".join(shown)


def _shown(node: etree._Element) -> str:
    if node.tag == T:
        return node.text or ""
    if node.tag == INSTRUCTION:
        words = (node.text or "").split()
        return f"<{' '.join(map(_name, words))}>"
    if node.tag == FIELD_CHAR:
        return f"<{sorted(node.items())}>"
    return _BREAKS.get(str(node.tag)) or etree.tostring(node, encoding="unicode", with_tail=False)


def _name(name: str) -> str:
    """Return a bookmark's name as it was before an old place had to give way to a new one."""
    return name.removesuffix(SUFFIX) if name.startswith("_Ref") else name
