"""The body of the Word file: contents, parts, signatures, attachments, and the sections they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, partial

from clausebank.document import (
    Article,
    Attachment,
    Block,
    Document,
    Entry,
    Inlines,
    Part,
    Section,
    Text,
)
from clausebank.memo import Memo
from clausebank.render._docx import names
from clausebank.render._docx.blocks import GAP, block, inline_runs, signature
from clausebank.render._docx.markup import attribute, bookmark_name, encoded, field, paragraph, run
from clausebank.render._docx.rendering import Rendering
from clausebank.render.text import CONTENTS, REQUIREMENT
from clausebank.render.text import heading as printed

_TAG_LIMIT = 64
_KEPT = 1 << 23  # characters of markup
_CONTROL_END = b"</w:sdtContent></w:sdt>"
_LAST_PAGE = '<w:bookmarkStart w:id="0" w:name="_LastPage"/><w:bookmarkEnd w:id="0"/>'


_closing: Memo[bytes] = Memo(1 << 7)
_kept_contents: Memo[bytes] = Memo(1 << 7)
_kept_articles: Memo[bytes] = Memo(_KEPT, len)
_sections: Memo[bytes] = Memo(_KEPT, len)
_blocks: Memo[bytes] = Memo(_KEPT, len)
_LAST_GAP = GAP.encode() + _CONTROL_END


def body(
    document: Document, rendering: Rendering, sections: tuple[str, str], pages: Mapping[str, int]
) -> bytes:
    """Return everything after the cover. ``sections`` are the properties of the first and of later sections."""
    first, later = sections
    sheets = [_contents(rendering, pages), _main(document, rendering)]
    sheets += [_attachment(attachment, rendering) for attachment in document.attachments]
    sheets = [_without_last_gap(sheet) for sheet in sheets if sheet]
    properties = [first, *[later] * (len(sheets) - 1)]
    ends = [_section_end(one) for one in properties[:-1]]
    ends.append(paragraph(names.SECTION_END, _LAST_PAGE) + properties[-1])
    return b"".join(piece for sheet, end in zip(sheets, ends, strict=True) for piece in (sheet, encoded(end)))


def _without_last_gap(sheet: bytes) -> bytes:
    """Drop the gap below a table that ends a sheet: it could spill over onto a page of its own."""
    if sheet.endswith(_LAST_GAP):
        return sheet.removesuffix(_LAST_GAP) + _CONTROL_END
    return sheet


def _section_end(properties: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{names.SECTION_END}"/>{properties}</w:pPr></w:p>'


def _main(document: Document, rendering: Rendering) -> bytes:
    parts = b"".join(_part(part, rendering) for part in document.parts)
    return parts + _closing(
        (document.signature, rendering), document.closing, lambda: _end(document, rendering)
    )


def _end(document: Document, rendering: Rendering) -> bytes:
    closing = paragraph(names.CLOSING, run(document.closing))
    return encoded(closing + signature(document.signature, rendering))


# --- contents ------------------------------------------------------------------------------------


def _contents(rendering: Rendering, pages: Mapping[str, int]) -> bytes:
    """Return the table of contents as Word would build it from the heading styles."""
    shown = tuple(pages.get(entry.anchor) for entry in rendering.entries)
    return _kept_contents((rendering,), shown, lambda: encoded(_made_contents(rendering.entries, shown)))


def _made_contents(entries: tuple[Entry, ...], pages: tuple[int | None, ...]) -> str:
    if not entries:
        return ""
    lines = [_entry(entry, page) for entry, page in zip(entries, pages, strict=True)]
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\t "附件标题,1" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    lines[0] = (lines[0][0], begin + lines[0][1])
    lines[-1] = (lines[-1][0], lines[-1][1] + end)
    heading = paragraph(names.CONTENTS_HEADING, run(CONTENTS))
    return (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
        f"</w:docPartObj></w:sdtPr><w:sdtContent>{heading}"
        f"{''.join(paragraph(style, inner) for style, inner in lines)}</w:sdtContent></w:sdt>"
    )


def _entry(entry: Entry, page: int | None) -> tuple[str, str]:
    """Return style and content of a line; without a known page Word fills it in on opening."""
    target = bookmark_name(entry.anchor)
    number = field(f"PAGEREF {target} \\h", str(page or ""), dirty=page is None)
    words = run(printed(entry.number, entry.title))
    link = f'<w:hyperlink w:anchor="{target}" w:history="1">{words}<w:r><w:tab/></w:r>{number}</w:hyperlink>'
    return names.CONTENTS_ENTRY[entry.level - 1], link


# --- structure -----------------------------------------------------------------------------------


def _part(part: Part, rendering: Rendering) -> bytes:
    heading = _heading(names.PART, part.anchor, part.title, rendering) if part.number else ""
    return encoded(heading) + _articles(part.articles, names.MAIN, rendering)


def _heading(style: str, anchor: str, title: str, rendering: Rendering) -> str:
    return paragraph(style, rendering.bookmarks.get(anchor, "") + run(title))


def _articles(articles: Iterable[Article], levels: names.Levels, rendering: Rendering) -> bytes:
    """Return articles; one that reads and links as in an earlier contract is not made again."""
    return b"".join(
        _kept_articles((article, levels, rendering), (), partial(_article, article, levels, rendering))
        for article in articles
    )


def _article(article: Article, levels: names.Levels, rendering: Rendering) -> bytes:
    style = levels.article if article.number else names.UNNUMBERED_ARTICLE
    heading = _heading(style, article.anchor, article.title, rendering) if article.title else ""
    sections = [_section(section, levels, rendering) for section in article.sections]
    return b"".join((encoded(heading), *sections))


def _section(section: Section, levels: names.Levels, rendering: Rendering) -> bytes:
    """Return a clause in its content control."""
    made = partial(_made_section, section, levels, rendering)
    return _sections((section, levels, rendering), (), made)


def _made_section(section: Section, levels: names.Levels, rendering: Rendering) -> bytes:
    """Return a clause inside a content control that tells which version of which clause it is."""
    inner = b"".join([_block(content, levels, rendering) for content in section.blocks])
    if not inner:
        return b""
    start = _control_start(section.title, f"{section.clause}@{section.version}#{section.sha256[:12]}")
    return start + inner + _CONTROL_END


@lru_cache(maxsize=1 << 11)
def _control_start(title: str, tag: str) -> bytes:
    if len(tag) > _TAG_LIMIT:
        raise ValueError(f"clause id too long for a content control: {tag}")
    alias = title[:_TAG_LIMIT]
    return encoded(
        f"<w:sdt><w:sdtPr><w:alias w:val={attribute(alias)}/><w:tag w:val={attribute(tag)}/></w:sdtPr>"
        "<w:sdtContent>"
    )


def _block(content: Block, levels: names.Levels, rendering: Rendering) -> bytes:
    """Return a block; one that reads and links as in another contract, of whatever numbers, is kept."""
    return _blocks(
        (content, levels),
        rendering.around(content),
        lambda: encoded(block(content, levels, rendering)),
    )


def _attachment(attachment: Attachment, rendering: Rendering) -> bytes:
    heading = _heading(names.ATTACHMENT, attachment.anchor, attachment.title, rendering)
    if attachment.articles:
        return encoded(heading) + _articles(attachment.articles, names.ATTACHED, rendering)
    wanted: Inlines = (Text(REQUIREMENT), *attachment.requirement)
    return encoded(heading + paragraph(names.REQUIREMENT, inline_runs(wanted, rendering)))
