"""The contract as HTML: one ``<article>`` that pages and saved files share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import assert_never

from clausebank.document import (
    LANGUAGE,
    Article,
    Attachment,
    Block,
    Cover,
    CoverLine,
    Definition,
    Document,
    Filled,
    Gap,
    Inline,
    Inlines,
    Item,
    Paragraph,
    Part,
    Reference,
    Section,
    Signature,
    Table,
    Text,
    Use,
    contents,
    runs,
    sections,
)
from clausebank.findings import Level
from clausebank.render.text import CONTENTS, REQUIREMENT, heading

STYLE = Path(__file__).with_name("paper.css")
_NAMES = {"zh": ("合同文本", "目录"), "en": ("Contract text", "Contents")}


@dataclass(frozen=True, slots=True)
class _Page:
    """What the parts of one rendering share: heading level, term anchors, marked places."""

    top: int
    terms: Mapping[str, str]
    marks: Mapping[str, Level]


def render_html(
    document: Document,
    *,
    draft: bool = False,
    language: str = "zh",
    top: int = 2,
    marks: Mapping[str, Level] | None = None,
) -> str:
    """Return the paper: an ``<article>`` whose title is a heading of level ``top``.

    ``marks`` maps anchors to the worst level found there, shown in the margin.
    """
    page = _Page(top, _terms(document), marks or {})
    paper, toc = _NAMES["en" if language == "en" else "zh"]
    sheets = [
        _sheet("cover", _cover(document.title, document.cover, page), "cover"),
        _sheet("contents", _contents(document, toc, page)),
        _sheet("body", _body(document, page)),
        *(_sheet("attachment", _attachment(attachment, page)) for attachment in document.attachments),
    ]
    state = " draft" if draft else ""
    return f'<article class="paper{state}" lang="{LANGUAGE}" aria-label="{paper}">{"".join(sheets)}</article>'


def render_html_page(document: Document, *, draft: bool = False) -> str:
    """Return the contract as a whole HTML file with its styles inside."""
    return (
        f'<!doctype html><html lang="{LANGUAGE}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(document.title)}</title><style>{paper_style()}</style></head>"
        f"<body>{render_html(document, draft=draft, top=1)}</body></html>\n"
    )


@cache
def paper_style() -> str:
    """Return the style sheet of the paper."""
    return STYLE.read_text(encoding="utf-8")


def _terms(document: Document) -> dict[str, str]:
    """Map each defined term to the id of the place that defines it."""
    found: dict[str, str] = {}
    for section in sections(document):
        for block in section.blocks:
            for inline in (inline for run in runs(block) for inline in run):
                if isinstance(inline, Definition):
                    found.setdefault(inline.term, f"term-{len(found) + 1}")
    return found


# --- structure -----------------------------------------------------------------------------------


def _sheet(name: str, inner: str, anchor: str = "") -> str:
    identity = f' id="{anchor}"' if anchor else ""
    return f'<section class="sheet {name}"{identity}>{inner}</section>'


def _heading(page: _Page, below: int, number: str, title: str, css: str) -> str:
    level = min(page.top + below, 6)
    return f'<h{level} class="{css}">{escape(heading(number, title))}</h{level}>'


def _cover(title: str, cover: Cover, page: _Page) -> str:
    lines = "".join(_cover_line(line, page) for line in cover.lines)
    number = f'<div class="contract-number">{_cover_line(cover.number, page)}</div>'
    return f'{number}{_heading(page, 0, "", title, "title")}<div class="cover-lines">{lines}</div>'


def _cover_line(line: CoverLine, page: _Page) -> str:
    empty = "" if line.value else " empty"
    value = f'<span class="value{empty}">{_inlines(line.value, page)}</span>'
    return f'<p class="cover-line"><span class="label">{escape(line.label)}：</span>{value}</p>'


def _contents(document: Document, name: str, page: _Page) -> str:
    entries = "".join(
        f'<li class="level-{entry.level}"><a href="#{escape(entry.anchor)}">'
        f"{escape(heading(entry.number, entry.title))}</a></li>"
        for entry in contents(document)
    )
    title = _heading(page, 1, "", CONTENTS, "contents-heading")
    return f'<nav aria-label="{name}">{title}<ul>{entries}</ul></nav>'


def _body(document: Document, page: _Page) -> str:
    parts = "".join(_part(part, page) for part in document.parts)
    closing = f'<p class="closing">{escape(document.closing)}</p>'
    return f'{parts}<div class="signing" id="signature">{closing}{_signature(document.signature, page)}</div>'


def _part(part: Part, page: _Page) -> str:
    title = _heading(page, 1, part.number, part.title, "part-heading") if part.number else ""
    inner = "".join(_article(article, page) for article in part.articles)
    return f'<section class="part" id="{escape(part.anchor)}">{title}{inner}</section>'


def _article(article: Article, page: _Page) -> str:
    title = _heading(page, 2, article.number, article.title, "article-heading")
    inner = "".join(_section(section, page) for section in article.sections)
    return f'<section class="article" id="{escape(article.anchor)}">{title}{inner}</section>'


def _section(section: Section, page: _Page) -> str:
    inner = "".join(_block(block, page) for block in section.blocks)
    return f'<div class="clause" data-clause="{escape(section.clause)}">{inner}</div>'


def _attachment(attachment: Attachment, page: _Page) -> str:
    title = _heading(page, 1, attachment.number, attachment.title, "attachment-heading")
    if attachment.articles:
        inner = "".join(_article(article, page) for article in attachment.articles)
    else:
        inner = f'<p class="requirement">{REQUIREMENT}{_inlines(attachment.requirement, page)}</p>'
    return f'<div id="{escape(attachment.anchor)}"{_mark(attachment.anchor, page)}>{title}{inner}</div>'


# --- blocks --------------------------------------------------------------------------------------


def _block(block: Block, page: _Page) -> str:
    match block:
        case Paragraph():
            return _paragraph(block, page)
        case Table():
            return _table(block, page)
        case Signature():
            return _signature(block, page)
        case _:
            assert_never(block)


def _paragraph(paragraph: Paragraph, page: _Page) -> str:
    css = "numbered" if paragraph.number else "plain"
    if paragraph.conspicuous:
        css += " conspicuous"
    caption = f'<strong class="caption">{escape(paragraph.caption)}。</strong>' if paragraph.caption else ""
    text = f"{_number(paragraph.number)}{caption}{_inlines(paragraph.inlines, page)}"
    anchor = f'id="{escape(paragraph.anchor)}"{_mark(paragraph.anchor, page)}'
    return f'<p class="{css}" {anchor}>{text}</p>{_items(paragraph.items, page)}'


def _items(items: Iterable[Item], page: _Page) -> str:
    listed = "".join(
        f'<li id="{escape(item.anchor)}"{_mark(item.anchor, page)}>'
        f"{_number(item.number)}{_inlines(item.inlines, page)}{_items(item.items, page)}</li>"
        for item in items
    )
    return f'<ul class="items">{listed}</ul>' if listed else ""


def _number(number: str) -> str:
    return f'<span class="number">{escape(number)} </span>' if number else ""


def _mark(anchor: str, page: _Page) -> str:
    level = page.marks.get(anchor)
    return f' data-mark="{level}"' if level else ""


def _table(table: Table, page: _Page) -> str:
    total = sum(table.widths) or 1
    columns = "".join(f'<col width="{width * 100 // total}%">' for width in table.widths)
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    head = f"<thead><tr>{_cells(table, table.header, page, head=True)}</tr></thead>" if table.header else ""
    rows = "".join(f"<tr>{_cells(table, row, page)}</tr>" for row in table.rows)
    css = "list" if table.header else "fields"
    return f'<table class="{css}">{caption}<colgroup>{columns}</colgroup>{head}<tbody>{rows}</tbody></table>'


def _cells(table: Table, row: tuple[Inlines, ...], page: _Page, *, head: bool = False) -> str:
    cells = []
    for index, (cell, align) in enumerate(zip(row, table.aligns, strict=True)):
        label = not table.header and index == 0
        tag, scope = ("th", ' scope="col"') if head else ("th", ' scope="row"') if label else ("td", "")
        cells.append(f'<{tag}{scope} class="{align}">{_inlines(cell, page)}</{tag}>')
    return "".join(cells)


def _signature(signature: Signature, page: _Page) -> str:
    columns = [
        (f"{escape(each.heading)}{_inlines(each.name, page)}", *(escape(line) for line in each.lines))
        for each in signature.signatories
    ]
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in zip(*columns, strict=True)
    )
    return f'<table class="signature" role="presentation"><tbody>{rows}</tbody></table>'


# --- inlines -------------------------------------------------------------------------------------


def _inlines(inlines: Inlines, page: _Page) -> str:
    return "".join(_inline(inline, page) for inline in inlines)


def _inline(inline: Inline, page: _Page) -> str:
    text = escape(inline.text).replace("\n", "<br>")
    match inline:
        case Text():
            return text
        case Definition():
            return f'<dfn id="{page.terms.get(inline.term, "")}">{text}</dfn>'
        case Use():
            anchor = page.terms.get(inline.term)
            return f'<a class="use" href="#{anchor}">{text}</a>' if anchor else text
        case Reference():
            return (
                f'<a class="reference" href="#{escape(inline.anchor)}">{text}</a>' if inline.anchor else text
            )
        case Filled():
            return f'<span class="filled" data-blank="{escape(inline.name)}">{text}</span>'
        case Gap():
            return f'<mark class="gap" data-blank="{escape(inline.name)}">{text}</mark>'
        case _:
            assert_never(inline)
