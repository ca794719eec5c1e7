"""Tracked changes as strings of WordprocessingML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from clausebank.compare._redline.words import Atom, Words
from clausebank.compare.difference import readable
from clausebank.render._docx.markup import attribute, escape

INS, DEL, FROM, TO = "ins", "del", "moveFrom", "moveTo"


@dataclass(slots=True)
class Ink:
    """Who changes and when; hands out the ids of revisions."""

    author: str
    date: datetime
    count: int = 0
    attributes: str = field(init=False)

    def __post_init__(self) -> None:
        stamp = self.date.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.attributes = f'w:author={attribute(self.author)} w:date="{stamp}"'

    def stamp(self) -> str:
        """Return the attributes of the next revision."""
        self.count += 1
        return f'w:id="{self.count}" {self.attributes}'

    def mark(self, kind: str) -> str:
        """Return an empty revision: the mark of a paragraph or row."""
        return f"<w:{kind} {self.stamp()}/>"

    def wrap(self, kind: str, inner: str) -> str:
        """Return runs as inserted, deleted or moved."""
        return f"<w:{kind} {self.stamp()}>{inner}</w:{kind}>" if inner else ""


def one_sided(atoms: Sequence[Atom], kind: str, ink: Ink) -> str:
    """Return content that only one text has."""
    return ink.wrap(kind, "".join(_runs([(atom, atom) for atom in atoms], ink, gone=kind == DEL)))


def two_sided(old: Words, new: Words, ink: Ink) -> str:
    """Return content that both texts have: what stayed plain, what went and came marked."""
    before, after = old.atoms, new.atoms
    if old.link != new.link:
        return _linked(old.link, one_sided(before, DEL, ink)) + _linked(new.link, one_sided(after, INS, ink))
    pieces: list[str] = []
    i = j = 0
    for span in readable([atom.key for atom in before], [atom.key for atom in after]):
        pieces += _runs(list(zip(before[i : span.old], after[j : span.new], strict=True)), ink)
        pieces.append(one_sided(before[span.old : span.old_end], DEL, ink))
        pieces.append(one_sided(after[span.new : span.new_end], INS, ink))
        i, j = span.old_end, span.new_end
    pieces += _runs(list(zip(before[i:], after[j:], strict=True)), ink)
    return _linked(new.link, "".join(pieces))


def whole(words: Words, kind: str, ink: Ink) -> str:
    """Return the content of a paragraph that came, went or moved as a whole."""
    return _linked(words.link, one_sided(words.stretches, kind, ink))


def _linked(anchor: str, inner: str) -> str:
    if not anchor or not inner:
        return inner
    return f'<w:hyperlink w:anchor={attribute(anchor)} w:history="1">{inner}</w:hyperlink>'


def _runs(pairs: Sequence[tuple[Atom, Atom]], ink: Ink, *, gone: bool = False) -> Iterator[str]:
    """Yield atoms that are the same on both sides as runs; a style that changed is tracked."""
    for (was, style, _), group in groupby(pairs, key=lambda p: (p[0].style, p[1].style, p[1].instruction)):
        atoms = list(group)
        if atoms[0][1].instruction:
            yield from (_field(old, new, ink, gone=gone) for old, new in atoms)
        else:
            yield _text("".join(new.text for _, new in atoms), _look(was, style, ink), gone=gone)


def _look(was: str, style: str, ink: Ink) -> str:
    """Return the properties of a run, with those it had where they differ."""
    plain = f'<w:rStyle w:val="{style}"/>' if style else ""
    if was == style:
        return f"<w:rPr>{plain}</w:rPr>" if plain else ""
    before = f'<w:rPr><w:rStyle w:val="{was}"/></w:rPr>' if was else "<w:rPr/>"
    return f"<w:rPr>{plain}<w:rPrChange {ink.stamp()}>{before}</w:rPrChange></w:rPr>"


def _text(text: str, look: str, *, gone: bool = False) -> str:
    if not text:
        return ""
    tag = "delText" if gone else "t"
    start, end = f'<w:{tag} xml:space="preserve">', f"</w:{tag}>"
    words = escape(text)
    for sign, markup in (("\n", "<w:br/>"), ("\t", "<w:tab/>")):
        words = words.replace(sign, f"{end}{markup}{start}")
    inner = f"{start}{words}{end}".replace(f"{start}{end}", "")
    return f"<w:r>{look}{inner}</w:r>"


def _field(old: Atom, new: Atom, ink: Ink, *, gone: bool) -> str:
    """Return a field; where only what it shows was computed anew, the old and the new result are tracked."""
    tag = "delInstrText" if gone else "instrText"
    dirty = ' w:dirty="true"' if new.dirty else ""

    def look() -> str:
        return _look(old.style, new.style, ink)

    if old.text == new.text:
        shown = _text(new.text, look(), gone=gone)
    else:
        shown = ink.wrap(DEL, _text(old.text, look(), gone=True)) + ink.wrap(INS, _text(new.text, look()))
    return (
        f'<w:r>{look()}<w:fldChar w:fldCharType="begin"{dirty}/></w:r>'
        f'<w:r>{look()}<w:{tag} xml:space="preserve"> {escape(new.instruction)} </w:{tag}></w:r>'
        f'<w:r>{look()}<w:fldChar w:fldCharType="separate"/></w:r>'
        f'{shown}<w:r>{look()}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def contents_begin(instruction: str) -> str:
    """Return the beginning of the field that makes the contents."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


CONTENTS_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
