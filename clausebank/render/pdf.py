"""The contract as PDF: archival, tagged, with bookmarks, links and the manifest attached."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

from clausebank.document import Document
from clausebank.render.text import render_text
from clausebank.uploads import Upload

STANDARD = "standard"
LOOKS = (STANDARD, "formal")

_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What no text may hold; line feeds are line breaks."""

_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
"""Characters without an agreed meaning: PDF/A refuses them, so they show as the replacement sign."""

_INVISIBLE = re.compile("[\n\ufe00-\ufe0f]")


@dataclass(frozen=True)
class Pdf:
    """A laid-out contract."""

    data: bytes

    @cached_property
    def pages(self) -> Mapping[str, int]:
        """The page of every heading's anchor, and of ``end``, the last page.

        Pages are numbered as in the footer: the cover does not count.
        """
        import pikepdf

        with pikepdf.open(BytesIO(self.data)) as pdf:
            pages = {page.obj.objgen: at for at, page in enumerate(pdf.pages)}
            places = pikepdf.NameTree(pdf.Root.Names.Dests)
            found = {str(anchor): pages[place[0].objgen] for anchor, place in places.items()}
        return found | {"end": len(pages) - 1}


def render_pdf(
    document: Document,
    *,
    manifest: bytes | None = None,
    draft: bool = False,
    emphasis: bool = True,
    look: str = STANDARD,
    filed: Mapping[str, Upload] | None = None,
) -> bytes:
    """Return the PDF; ``draft`` marks every page, ``emphasis`` sets conspicuous terms in 黑体."""
    pdf = layout_pdf(document, manifest=manifest, draft=draft, emphasis=emphasis, look=look, filed=filed)
    return pdf.data


def layout_pdf(
    document: Document,
    *,
    manifest: bytes | None = None,
    draft: bool = False,
    emphasis: bool = True,
    look: str = STANDARD,
    filed: Mapping[str, Upload] | None = None,
) -> Pdf:
    """Return the PDF together with the page number of every heading.

    ``look`` is one of LOOKS: how the Word shell of that name is laid out. ``filed`` are the files the
    parties attach, by the id of the attachment; their pages follow its sheet.
    Raises ValueError for control characters, which no output can show.
    """
    from clausebank.render._pdf.layout_data import layout_data
    from clausebank.render._pdf.typesetting import typeset

    if found := _FORBIDDEN.search(render_text(document)):
        raise ValueError(f"control character U+{ord(found[0]):04X} in the document")
    given = {a.id: filed[a.id] for a in document.attachments if a.id in filed} if filed else {}
    data = layout_data(
        document,
        draft=draft,
        emphasis=emphasis,
        attached=manifest is not None,
        look=look,
        filed={name: upload.sizes for name, upload in given.items()},
    )
    files = {"document.json": _PRIVATE.sub("\ufffd", json.dumps(data, ensure_ascii=False)).encode()}
    laid_out = typeset(files if manifest is None else files | {"manifest.json": manifest})
    if not given:
        return Pdf(laid_out)
    from clausebank.render._pdf.merging import merge

    return Pdf(merge(laid_out, list(given.values())))


def missing_glyphs(document: Document) -> set[str]:
    """Return the visible characters that the PDF shows as an empty box, for want of a glyph."""
    from clausebank.render._pdf.glyphs import characters

    missing = set(render_text(document)) - characters()
    return {char for char in missing if unicodedata.category(char) != "Cf" and not _INVISIBLE.match(char)}
