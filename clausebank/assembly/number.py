"""Numbering: every part, article, paragraph, item and attachment gets its number and anchor.

Articles run on through the parts, and start again within each attachment, so that a number
is ambiguous nowhere: references into an attachment name it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from clausebank.assembly.conditions import holds
from clausebank.assembly.select import Chosen, SelectedArticle, Selection, decided, deciding_answers
from clausebank.bank.language import BlockText, GeneratedText, ItemText, ParagraphText, TableText
from clausebank.memo import Memo
from clausebank.wording.numbers import chinese_number
from clausebank.wording.values import Value

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph or item that stays, with its number, anchor and items."""

    source: ParagraphText | ItemText
    number: str
    anchor: str
    items: tuple[Numbered, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberedClause:
    """A clause with its numbered paragraphs and other blocks, in order."""

    chosen: Chosen
    blocks: tuple[Numbered | TableText | GeneratedText, ...]


@dataclass(frozen=True, slots=True)
class NumberedArticle:
    """An article with its number (empty when unnumbered) and clauses."""

    article: SelectedArticle
    number: str
    anchor: str
    clauses: tuple[NumberedClause, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference can point to.

    ``number`` is that of an article, part or attachment, or the bare ``8.2`` of a paragraph.
    ``items`` are the numbers and anchors of the item path below that paragraph.
    ``attachment`` is the id of the attachment it stands in, or empty.
    """

    number: str
    anchor: str
    attachment: str = ""
    title: str = ""
    items: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbered articles of each part and attachment, and every reference target.

    ``targets`` has one target for ``article:fees``, ``part:main``, ``attachment:dpa`` and
    ``fees.total#anchor``, and one for each numbered paragraph of a clause under ``fees.total``.
    """

    parts: tuple[tuple[str, tuple[NumberedArticle, ...]], ...]
    attachments: tuple[tuple[str, tuple[NumberedArticle, ...]], ...]
    targets: Mapping[str, tuple[Target, ...]]


@dataclass(slots=True)
class _Counter:
    answers: Mapping[str, Value]
    attachment: str = ""
    articles: int = 0
    targets: dict[str, tuple[Target, ...]] = field(default_factory=dict)

    def add(self, key: str, *targets: Target) -> None:
        self.targets[key] = (
            tuple(replace(target, attachment=self.attachment) for target in targets)
            if self.attachment
            else targets
        )


_numberings: Memo[Numbering] = Memo(1 << 8)


def number(selection: Selection, answers: Mapping[str, Value]) -> Numbering:
    """Number everything that stays under these answers; what stays alike is the same object."""
    return _numberings((selection,), decided(selection, answers), lambda: _number(selection, answers))


def _number(selection: Selection, answers: Mapping[str, Value]) -> Numbering:
    counter = _Counter(answers)
    parts = []
    several = len(selection.parts) > 1
    for index, (part, articles) in enumerate(selection.parts, 1):
        label = f"第{chinese_number(index)}部分" if several else ""
        counter.add(f"part:{part.id}", Target(label, f"part:{part.id}", title=part.title.zh))
        parts.append((label, tuple(_article(article, counter) for article in articles)))
    attachments = []
    for index, (attachment, articles) in enumerate(selection.attachments, 1):
        label = f"附件{chinese_number(index)}"
        counter.attachment, counter.articles = "", 0
        anchor = f"attachment:{attachment.id}"
        counter.add(anchor, Target(label, anchor, title=attachment.title.zh))
        counter.attachment = attachment.id
        attachments.append((label, tuple(_article(article, counter) for article in articles)))
    return Numbering(tuple(parts), tuple(attachments), counter.targets)


def _article(article: SelectedArticle, counter: _Counter) -> NumberedArticle:
    slot = article.slot
    counter.articles += slot.numbered
    label = f"第{chinese_number(counter.articles)}条" if slot.numbered else ""
    anchor = f"article:{slot.id}"
    prefix = f"{counter.articles}." if slot.numbered else ""
    clauses = []
    count = 0
    for chosen in article.clauses:
        blocks = _blocks(chosen, counter.answers, prefix, count)
        count += sum(1 for block in blocks if isinstance(block, Numbered) and block.number)
        clauses.append(NumberedClause(chosen, blocks))
    whole = Target(label, anchor, title=slot.title.zh)
    counter.add(anchor, whole)
    for clause in clauses:
        _clause_targets(clause, count, whole, counter)
    return NumberedArticle(article, label, anchor, tuple(clauses))


_Blocks = tuple[Numbered | TableText | GeneratedText, ...]
_numbered: Memo[_Blocks] = Memo(1 << 11)


def _blocks(chosen: Chosen, answers: Mapping[str, Value], prefix: str, count: int) -> _Blocks:
    """Return the blocks of a clause whose conditions hold, paragraphs numbered from ``count``."""
    text = chosen.variant.body
    owners, key = (text, *deciding_answers(text, answers)), (chosen.clause.id, prefix, count)
    return _numbered(owners, key, lambda: tuple(_made_blocks(chosen, answers, prefix, count)))


def _made_blocks(
    chosen: Chosen, answers: Mapping[str, Value], prefix: str, count: int
) -> Iterator[Numbered | TableText | GeneratedText]:
    for index, block in enumerate(_kept(chosen.variant.body.blocks, answers), 1):
        if not isinstance(block, ParagraphText):
            yield block
            continue
        label = ""
        if block.numbered and prefix:
            count += 1
            label = f"{prefix}{count}"
        anchor = f"{chosen.clause.id}/{index}"
        yield Numbered(block, label, anchor, _items(block, anchor, answers, 1))


def _kept(blocks: tuple[BlockText, ...], answers: Mapping[str, Value]) -> Iterator[BlockText]:
    for block in blocks:
        if not isinstance(block, ParagraphText) or holds(block.condition, answers):
            yield block


def _items(
    holder: ParagraphText | ItemText,
    anchor: str,
    answers: Mapping[str, Value],
    depth: int,
) -> tuple[Numbered, ...]:
    kept = [item for item in holder.items if holds(item.condition, answers)]
    return tuple(
        Numbered(
            item,
            _item_label(index, depth),
            f"{anchor}/{index}",
            _items(item, f"{anchor}/{index}", answers, 2),
        )
        for index, item in enumerate(kept, 1)
    )


def _item_label(index: int, depth: int) -> str:
    return f"（{index}）" if depth == 1 else CIRCLED[index - 1]


_Targets = tuple[tuple[str, tuple[Target, ...]], ...]
_targets: Memo[_Targets] = Memo(1 << 11)


def _clause_targets(clause: NumberedClause, count: int, article: Target, counter: _Counter) -> None:
    """Record what references to the clause and its anchors show."""
    clause_id = clause.chosen.clause.id
    key = (clause_id, count, article)
    for name, targets in _targets((clause.blocks,), key, lambda: tuple(_shown(clause, count, article))):
        counter.add(name, *targets)


def _shown(clause: NumberedClause, count: int, article: Target) -> Iterator[tuple[str, tuple[Target, ...]]]:
    """Yield the targets of a clause and of its anchors.

    A clause that makes up its whole article, or has no number of its own, is shown as the article.
    """
    paragraphs = [block for block in clause.blocks if isinstance(block, Numbered)]
    own = tuple(Target(p.number, p.anchor) for p in paragraphs if p.number)
    clause_id = clause.chosen.clause.id
    if clause.blocks:
        yield clause_id, own if own and len(own) < count else (article,)
    for paragraph in paragraphs:
        for path in _paths(paragraph):
            if name := path[-1].source.anchor:
                steps = tuple((step.number, step.anchor) for step in path[1:])
                first = Target(path[0].number, path[0].anchor, items=steps)
                yield f"{clause_id}#{name}", (first if first.number else replace(article, items=steps),)


def _paths(numbered: Numbered) -> Iterator[tuple[Numbered, ...]]:
    yield (numbered,)
    for item in numbered.items:
        for path in _paths(item):
            yield (numbered, *path)
