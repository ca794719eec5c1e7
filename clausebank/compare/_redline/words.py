"""The content of a Word paragraph as pieces that stay whole: tokens and fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from clausebank.compare._redline.names import (
    ANCHOR,
    BOOKMARK,
    BOOKMARK_END,
    BR,
    FIELD_CHAR,
    HYPERLINK,
    INSTRUCTION,
    NAME,
    PPR,
    RPR,
    TAB,
    VAL,
    R,
    T,
    w,
)
from clausebank.compare.tokens import tokens

_CHAR_TYPE, _DIRTY, _STYLE = w("fldCharType"), w("dirty"), w("rStyle")
_CONTENTS = "TOC "


class Atom(NamedTuple):
    """Text in its character style, or a field with what it shows."""

    text: str
    style: str = ""
    instruction: str = ""
    dirty: bool = False

    @property
    def key(self) -> str:
        """What it is compared by: a field by its instruction, since Word computes what it shows."""
        return f"→{self.instruction}" if self.instruction else self.text


@dataclass(slots=True)
class Words:
    """What stands in a paragraph: ``stretches`` of text of one style, and fields.

    ``opens`` and ``closes`` tell that the field of the contents begins or ends here, ``link`` is the
    anchor of a link around everything. ``opaque`` holds what only the shell can have put there.
    """

    stretches: list[Atom] = field(default_factory=list)
    bookmarks: list[str] = field(default_factory=list)
    link: str = ""
    opens: str = ""
    closes: bool = False
    opaque: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """What the paragraph is compared by, token by token."""
        if len(self.stretches) == 1 and not self.stretches[0].instruction:
            return tokens(self.stretches[0].text)
        return tuple(key for atom in self.stretches for key in _keys(atom))

    @property
    def atoms(self) -> list[Atom]:
        """The tokens and fields of the paragraph."""
        return [
            piece
            for atom in self.stretches
            for piece in (
                (atom,) if atom.instruction else (Atom(token, atom.style) for token in tokens(atom.text))
            )
        ]


def _keys(atom: Atom) -> tuple[str, ...]:
    return (atom.key,) if atom.instruction else tokens(atom.text)


class _Run(NamedTuple):
    """A child of a run: its kind and text, in the style of the run."""

    kind: str
    text: str
    style: str
    dirty: bool = False


_KINDS = {T: "text", BR: "text", TAB: "text", FIELD_CHAR: "field", INSTRUCTION: "instruction"}
_TEXTS = {BR: "\n", TAB: "\t"}


def read_words(paragraph: etree._Element) -> Words:
    """Return the content of a paragraph; ``opaque`` when it holds more than our own markup."""
    words = Words()
    links = paragraph.findall(HYPERLINK)
    if links:
        words.link = str(links[0].get(ANCHOR) or "")
        words.opaque = len(links) > 1 or not words.link or paragraph.find(f"{R}/{T}") is not None
    words.stretches = list(_stretches(_runs(paragraph, words), words))
    return words


def _runs(holder: etree._Element, words: Words) -> Iterator[_Run]:
    for child in holder:
        if child.tag == R:
            yield from _run(child, words)
        elif child.tag == BOOKMARK:
            words.bookmarks.append(str(child.get(NAME)))
        elif child.tag == HYPERLINK:
            yield from _runs(child, words)
        elif child.tag not in {PPR, BOOKMARK_END}:
            words.opaque = True


def _run(run: etree._Element, words: Words) -> Iterator[_Run]:
    style = ""
    for child in run:
        kind = _KINDS.get(str(child.tag))
        if child.tag == RPR:
            words.opaque |= any(look.tag != _STYLE for look in child)
            style = str(child[0].get(VAL) or "") if len(child) else ""
        elif kind == "field":
            yield _Run(str(child.get(_CHAR_TYPE)), "", style, child.get(_DIRTY) is not None)
        elif kind is None or (child.tag == BR and child.attrib):
            words.opaque = True
        else:
            yield _Run(kind, _TEXTS.get(str(child.tag)) or child.text or "", style)


def _stretches(runs: Iterator[_Run], words: Words) -> Iterator[Atom]:
    """Yield fields, and between them text, neighbouring runs of one style as one."""
    plain, style = "", ""
    for run in runs:
        if run.kind == "text" and run.style == style:
            plain += run.text
            continue
        if plain:
            yield Atom(plain, style)
        plain, style = "", run.style
        if run.kind == "text":
            plain = run.text
        elif run.kind == "begin":
            yield from _field(runs, run, words)
        elif run.kind == "end":
            words.closes = True
        else:
            words.opaque = True
    if plain:
        yield Atom(plain, style)


def _field(runs: Iterator[_Run], begin: _Run, words: Words) -> Iterator[Atom]:
    """Yield a field as one atom; that of the contents only opens here and ends paragraphs later."""
    instruction, shown, separated, style = "", "", False, begin.style
    for run in runs:
        if run.kind == "instruction" and not separated:
            instruction += run.text
        elif run.kind == "separate":
            separated = True
            if instruction.strip().startswith(_CONTENTS):
                words.opens = instruction.strip()
                return
        elif run.kind == "text" and separated:
            shown += run.text
        elif run.kind == "end":
            yield Atom(shown, style, instruction.strip(), begin.dirty)
            return
        else:
            break
    words.opaque = True
