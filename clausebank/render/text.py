"""The contract as plain text: the canonical reading order of every output."""

from __future__ import annotations

from collections.abc import Iterator

from clausebank.document import (
    Article,
    Attachment,
    Block,
    Document,
    Item,
    Paragraph,
    Signature,
    Table,
    contents,
    plain,
)

SPACE = "　"
CONTENTS = "目录"
REQUIREMENT = "本附件要求："
COVER_LINE = 15
"""So many characters of a title stand on one line of a cover in every layout."""


def render_text(document: Document) -> str:
    """Return the whole contract, one line a paragraph, with its numbers."""
    return "\n".join(_lines(document)) + "\n"


def title_lines(title: str) -> tuple[str, ...]:
    """Return the lines of a title on a cover: one too long for a line goes on with what stands in brackets."""
    name, bracket, rest = title.partition("（")
    return (name, bracket + rest) if bracket and len(title) > COVER_LINE else (title,)


def heading(number: str, title: str) -> str:
    """Return a heading as every output prints it."""
    return f"{number}{SPACE}{title}" if number else title


def _lines(document: Document) -> Iterator[str]:
    cover = document.cover
    yield f"{cover.number.label}：{plain(cover.number.value)}"
    yield document.title
    yield from (f"{line.label}：{plain(line.value)}" for line in cover.lines)
    yield ""
    yield CONTENTS
    for entry in contents(document):
        yield SPACE * (entry.level - 1) + heading(entry.number, entry.title)
    for part in document.parts:
        if part.number:
            yield from ("", heading(part.number, part.title))
        for article in part.articles:
            yield from _article(article)
    yield from ("", document.closing, "")
    yield from _block(document.signature)
    for attachment in document.attachments:
        yield from _attachment(attachment)


def _attachment(attachment: Attachment) -> Iterator[str]:
    yield from ("", heading(attachment.number, attachment.title))
    if not attachment.articles:
        yield from ("", REQUIREMENT + plain(attachment.requirement))
    for article in attachment.articles:
        yield from _article(article)


def _article(article: Article) -> Iterator[str]:
    yield from ("", heading(article.number, article.title))
    for section in article.sections:
        for block in section.blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield paragraph_text(block)
            for item in block.items:
                yield from _item(item, 1)
        case Table():
            if block.caption:
                yield block.caption
            for row in (block.header, *block.rows) if block.header else block.rows:
                yield " | ".join(plain(cell) for cell in row)
        case Signature():
            signatories = block.signatories
            yield " | ".join(signatory.heading + plain(signatory.name) for signatory in signatories)
            for lines in zip(*(signatory.lines for signatory in signatories), strict=True):
                yield " | ".join(lines)


def _item(item: Item, depth: int) -> Iterator[str]:
    yield SPACE * depth + item.number + plain(item.inlines)
    for sub in item.items:
        yield from _item(sub, depth + 1)


def paragraph_text(paragraph: Paragraph) -> str:
    """Return a paragraph's own line: number, caption, text."""
    caption = f"{paragraph.caption}。" if paragraph.caption else ""
    number = f"{paragraph.number} " if paragraph.number else ""
    return f"{number}{caption}{plain(paragraph.inlines)}"
