"""Which places of a contract something refers to."""

from __future__ import annotations

from collections.abc import Iterator

from clausebank.document import Document, Paragraph, Reference, articles, items, runs, sections


def links(document: Document) -> frozenset[str]:
    """Return the anchors that something refers to and that stand in the document."""
    return frozenset(_targets(document)) & frozenset(_anchors(document))


def _targets(document: Document) -> Iterator[str]:
    texts = [run for section in sections(document) for block in section.blocks for run in runs(block)]
    texts += [attachment.requirement for attachment in document.attachments]
    for inline in (inline for text in texts for inline in text):
        if isinstance(inline, Reference) and inline.anchor:
            yield inline.anchor


def _anchors(document: Document) -> Iterator[str]:
    yield from (part.anchor for part in document.parts if part.number)
    yield from (attachment.anchor for attachment in document.attachments)
    for article in articles(document):
        yield article.anchor
        for section in article.sections:
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    yield block.anchor
                    yield from (item.anchor for item in items(block))
