"""FIL: what the files of a contract need beside its wording."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from clausebank.document import Document, Filled
from clausebank.findings import Finding, Level
from clausebank.lint.places import Place, found, hits

_BLANKS = {"Cf", "Cc", "Zs"}


def missing_files(document: Document) -> Iterator[Finding]:
    """FIL-01: an attachment the parties provide as a file that nobody has given yet."""
    for attachment in document.attachments:
        if not attachment.articles and not attachment.filed:
            name = f"{attachment.number}《{attachment.title}》"
            yield found(
                "FIL-01",
                Level.WARNING,
                Place(attachment.requirement, attachment.anchor, attachment=attachment.id),
                f"{name}的文件尚未附入。",
                f"The file of attachment {attachment.id} ({name}) is not attached yet.",
            )


def unprintable_characters(document: Document) -> Iterator[Finding]:
    """FIL-02: a character of an answer for which the fonts of the PDF have no glyph."""
    told: set[tuple[str, str]] = set()
    for place, (inline, char) in hits(document, _unprintable):
        if (inline.name, char) not in told:
            told.add((inline.name, char))
            yield _unprintable_finding(place, inline, char)


def _unprintable(place: Place) -> Iterator[tuple[Filled, str]]:
    for inline in place.inlines:
        if isinstance(inline, Filled) and not _is_common(inline.text):
            yield from ((inline, char) for char in dict.fromkeys(inline.text) if _has_no_glyph(char))


def _has_no_glyph(char: str) -> bool:
    """Tell whether a character cannot be shown; the fonts are opened for uncommon ones alone."""
    if _is_common(char) or unicodedata.category(char) in _BLANKS or "\ufe00" <= char <= "\ufe0f":
        return False
    from clausebank.render._pdf.glyphs import characters

    return char not in characters()


def _is_common(text: str) -> bool:
    """Tell whether every character is in GB 2312, all of which the fonts hold."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _unprintable_finding(place: Place, inline: Filled, char: str) -> Finding:
    code = f"U+{ord(char):04X}"
    return found(
        "FIL-02",
        Level.WARNING,
        place,
        f"“{char}”（{code}）字体中没有，PDF 中显示为方框；请换用通用字，或者在 Word 中使用含该字的字体。",
        f"{char} ({code}) is in no font: the PDF shows a box. Use a common character, or a font with it in Word.",
        blank=inline.name,
        snippet=inline.text[:60],
    )


FILE_RULES = (missing_files, unprintable_characters)
