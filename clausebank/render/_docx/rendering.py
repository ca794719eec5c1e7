"""What the parts of one rendering share: bookmarks to set, labels that references show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from clausebank.document import (
    Article,
    Attachment,
    Document,
    Inlines,
    Paragraph,
    Part,
    Reference,
    Section,
    Signature,
    articles,
    contents,
    items,
    runs,
    sections,
)
from clausebank.memo import Memo
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

    def around(self, section: Section) -> tuple[object, ...]:
        """Return everything here that the markup of a clause depends on."""
        own = anchors_of(section)
        return (
            self.emphasis,
            self.width,
            not self.kept.isdisjoint(own.numbers) and self.kept.intersection(own.numbers),
            *map(self.bookmarks.get, own.numbers),
            *map(self.labels.get, own.cited),
        )


def rendering_of(document: Document, *, emphasis: bool, width: int) -> Rendering:
    """Return what is shared: every target of a reference or of the contents gets a bookmark."""
    labels = _labels(document)
    targets = [entry.anchor for entry in contents(document)]
    targets += [anchor for anchor in _referenced(document) if labels.get(anchor)]
    bookmarks = {anchor: bookmark(anchor, n) for n, anchor in enumerate(dict.fromkeys(targets), 1)}
    return Rendering(bookmarks, labels, frozenset(_kept(document)), emphasis, width)


@dataclass(frozen=True, slots=True)
class Anchors:
    """The anchors of a clause: ``numbers`` holds the number at each of its own, ``cited`` those it points at."""

    numbers: Mapping[str, str]
    cited: tuple[str, ...]


_anchors: Memo[Anchors] = Memo(1 << 11)


def anchors_of(section: Section) -> Anchors:
    """Return the anchors of a clause, looked up once."""
    return _anchors((section,), (), lambda: Anchors(dict(_numbers(section)), tuple(_cited(section))))


def _numbers(section: Section) -> Iterator[tuple[str, str]]:
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield block.anchor, block.number
            for item in items(block):
                yield item.anchor, item.number


def _cited(section: Section) -> Iterator[str]:
    return _targets(run for block in section.blocks for run in runs(block))


def _labels(document: Document) -> dict[str, str]:
    """Return the label Word gives to the paragraph at each anchor."""
    holders: list[Part | Article | Attachment] = [*document.parts, *document.attachments]
    labels = {holder.anchor: holder.number for holder in [*holders, *articles(document)]}
    for section in sections(document):
        labels.update(anchors_of(section).numbers)
    return labels


def _kept(document: Document) -> Iterator[str]:
    """Yield the last anchor before each signature block of an attachment."""
    blocks = [block for section in sections(document) for block in section.blocks]
    for before, block in pairwise(blocks):
        if isinstance(block, Signature) and isinstance(before, Paragraph):
            *_, last = before.anchor, *(item.anchor for item in items(before))
            yield last


def _referenced(document: Document) -> Iterator[str]:
    """Yield the anchors that references point at, in reading order."""
    for section in sections(document):
        yield from anchors_of(section).cited
    yield from _targets(attachment.requirement for attachment in document.attachments)


def _targets(texts: Iterable[Inlines]) -> Iterator[str]:
    for text in texts:
        for inline in text:
            if isinstance(inline, Reference) and inline.anchor is not None:
                yield inline.anchor
