"""What the parts of one rendering share: bookmarks to set, labels that references show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from clausebank.document import (
    Article,
    Attachment,
    Document,
    Paragraph,
    Part,
    Reference,
    Signature,
    articles,
    contents,
    items,
    runs,
    sections,
)
from clausebank.render._docx.markup import bookmark


@dataclass(frozen=True, slots=True)
class Rendering:
    """``bookmarks`` holds the markup for each anchor something points at; ``labels`` its list label.

    ``kept`` are the anchors of paragraphs that stay on one page with the signatures below them.
    ``width`` is the width between the margins, in twentieths of a point.
    """

    bookmarks: Mapping[str, str]
    labels: Mapping[str, str]
    kept: frozenset[str]
    emphasis: bool
    width: int


def rendering_of(document: Document, *, emphasis: bool, width: int) -> Rendering:
    """Return what is shared: every target of a reference or of the contents gets a bookmark."""
    labels = dict(_labels(document))
    targets = [entry.anchor for entry in contents(document)]
    targets += [anchor for anchor in _referenced(document) if labels.get(anchor)]
    bookmarks = {anchor: bookmark(anchor, n) for n, anchor in enumerate(dict.fromkeys(targets), 1)}
    return Rendering(bookmarks, labels, frozenset(_kept(document)), emphasis, width)


def _labels(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the label Word gives to the paragraph at each anchor."""
    holders: list[Part | Article | Attachment] = [*document.parts, *document.attachments]
    for holder in [*holders, *articles(document)]:
        yield holder.anchor, holder.number
    for section in sections(document):
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield block.anchor, block.number
                for item in items(block):
                    yield item.anchor, item.number


def _kept(document: Document) -> Iterator[str]:
    """Yield the last anchor before each signature block of an attachment."""
    blocks = [block for section in sections(document) for block in section.blocks]
    for before, block in pairwise(blocks):
        if isinstance(block, Signature) and isinstance(before, Paragraph):
            *_, last = before.anchor, *(item.anchor for item in items(before))
            yield last


def _referenced(document: Document) -> Iterator[str]:
    """Yield the anchors that references point at, in reading order."""
    inlines = [run for section in sections(document) for block in section.blocks for run in runs(block)]
    inlines += [attachment.requirement for attachment in document.attachments]
    for run in inlines:
        for inline in run:
            if isinstance(inline, Reference) and inline.anchor is not None:
                yield inline.anchor
