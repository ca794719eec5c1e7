"""What the parts of one rendering share: bookmarks to set, labels that references show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from clausebank.document import (
    Article,
    Attachment,
    Block,
    Document,
    Entry,
    Inlines,
    Paragraph,
    Part,
    Reference,
    Section,
    Signature,
    Table,
    articles,
    contents,
    items,
    runs,
)
from clausebank.memo import Memo
from clausebank.render._docx.markup import bookmark


@dataclass(frozen=True, slots=True)
class Rendering:
    """``bookmarks`` holds the markup for each anchor something points at; ``labels`` its list label.

    ``kept`` are the anchors of paragraphs that stay on one page with the signatures or the table below.
    ``width`` is the width between the margins, in twentieths of a point. ``entries`` are the contents.
    """

    bookmarks: Mapping[str, str]
    labels: Mapping[str, str]
    kept: frozenset[str]
    emphasis: bool
    width: int
    entries: tuple[Entry, ...]

    def around(self, block: Block) -> tuple[object, ...]:
        """Return everything here that the markup of a block depends on."""
        own = _block_anchors.of(block, _made_anchors)
        return (
            self.emphasis,
            self.width,
            not self.kept.isdisjoint(own.numbers) and self.kept.intersection(own.numbers),
            *map(self.bookmarks.get, own.numbers),
            *map(self.labels.get, own.cited),
        )


_renderings: Memo[Rendering] = Memo(1 << 7)


def rendering_of(document: Document, *, emphasis: bool, width: int) -> Rendering:
    """Return what is shared: every target of a reference or of the contents gets a bookmark.

    Contracts of the same numbers, headings and references share one object.
    """
    held = tuple(map(anchors_of, articles(document)))
    wanted = tuple(_targets(attachment.requirement for attachment in document.attachments))
    holders: list[Part | Attachment | Article] = [*document.parts, *document.attachments, *articles(document)]
    heads = tuple((holder.anchor, holder.number, holder.title) for holder in holders)

    def made() -> Rendering:
        whole = _joined(held)
        own = _joined(held[: sum(len(part.articles) for part in document.parts)])
        labels = {**{anchor: number for anchor, number, _ in heads}, **whole.numbers}
        listed = contents(document)
        cited = (*whole.cited, *wanted)
        targets = [entry.anchor for entry in listed] + [anchor for anchor in cited if labels.get(anchor)]
        bookmarks = {anchor: bookmark(anchor, n) for n, anchor in enumerate(dict.fromkeys(targets), 1)}
        kept = frozenset((*whole.kept, own.last or ""))
        return Rendering(bookmarks, labels, kept, emphasis, width, listed)

    return _renderings(held, (heads, wanted, emphasis, width), made)


class Anchors(NamedTuple):
    """The anchors of some blocks: ``numbers`` holds the number at each, ``cited`` those they point at.

    ``kept`` are the last anchors before signatures or a table, ``keeps`` tells whether the first block is
    one of these, and ``last`` is the last anchor, None without a block and empty when the last is no paragraph.
    """

    numbers: Mapping[str, str]
    cited: tuple[str, ...]
    kept: tuple[str, ...]
    keeps: bool
    last: str | None


_block_anchors: Memo[Anchors] = Memo(1 << 12)
_section_anchors: Memo[Anchors] = Memo(1 << 11)
_article_anchors: Memo[Anchors] = Memo(1 << 9)
_same: Memo[Anchors] = Memo(1 << 9)


def anchors_of(article: Article) -> Anchors:
    """Return the anchors of an article; equal ones are the same object."""
    return _article_anchors.of(article, _made_article)


def _made_article(article: Article) -> Anchors:
    return _canonical(_joined([_section_anchors.of(section, _made_section) for section in article.sections]))


def _made_section(section: Section) -> Anchors:
    return _joined([_block_anchors.of(block, _made_anchors) for block in section.blocks])


def _canonical(own: Anchors) -> Anchors:
    key = (*own.numbers.items(), own.cited, own.kept, own.keeps, own.last)
    return _same((), key, lambda: own)


def _made_anchors(block: Block) -> Anchors:
    cited = tuple(_targets(runs(block)))
    return Anchors(dict(_numbers(block)), cited, (), isinstance(block, Signature | Table), _last(block))


def _joined(held: Sequence[Anchors]) -> Anchors:
    """Return the anchors of stretches that follow each other."""
    if len(held) == 1:
        return held[0]
    numbers: dict[str, str] = {}
    cited: list[str] = []
    kept: list[str] = []
    keeps, last = False, None
    for own in held:
        numbers |= own.numbers
        cited += own.cited
        if own.last is not None:
            kept += [last] if own.keeps and last else []
            kept += own.kept
            keeps = own.keeps if last is None else keeps
            last = own.last
    return Anchors(numbers, tuple(cited), tuple(kept), keeps, last)


def _last(block: Block) -> str:
    """Return the last anchor of a paragraph, nothing for other blocks."""
    if not isinstance(block, Paragraph):
        return ""
    *_, last = block.anchor, *(item.anchor for item in items(block))
    return last


def _numbers(block: Block) -> Iterator[tuple[str, str]]:
    if isinstance(block, Paragraph):
        yield block.anchor, block.number
        for item in items(block):
            yield item.anchor, item.number


def _targets(texts: Iterable[Inlines]) -> Iterator[str]:
    """Yield the anchors that references point at, in reading order."""
    for text in texts:
        for inline in text:
            if isinstance(inline, Reference) and inline.anchor is not None:
                yield inline.anchor
