"""FIL: what the files of a contract need beside its wording."""

from __future__ import annotations

from collections.abc import Iterator

from clausebank.document import Document, Filled
from clausebank.findings import Finding, Level
from clausebank.lint.places import Place, found
from clausebank.lint.searches import unprintable
from clausebank.lint.sheets import hits


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
    told: set[tuple[str, str, str]] = set()
    for place, (inline, char) in hits(document, unprintable):
        if (said := (inline.name, inline.text, char)) not in told:
            told.add(said)
            yield _unprintable_finding(place, inline, char)


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
