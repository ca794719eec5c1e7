"""Structural rules STR-01 to STR-08: references, numbers, gaps, attachments, terms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from clausebank.document import (
    Article,
    Definition,
    Document,
    Filled,
    Gap,
    Item,
    Paragraph,
    Reference,
    Text,
    Use,
    articles,
)
from clausebank.findings import Finding, Level
from clausebank.lint.places import Place, found, inlines, places, text
from clausebank.wording.numbers import chinese_number

TYPED_REFERENCE = re.compile(
    r"(?<!》)(?<!》的)第(?:[一二三四五六七八九十百]+|\d+(?:\.\d+)*)条|附件[一二三四五六七八九十]+"
)
PLACEHOLDER = re.compile(r"_{3,}|＿{2,}|【[^】]*】|\[\s*\]|X{2,}|×{2,}|待定|待补充|\{\{|\}\}")
QUOTED = re.compile(r"“([^“”]{2,12})”")


def dangling_references(document: Document) -> Iterator[Finding]:
    """STR-01: a reference whose target is not in the contract, marked or typed into an answer."""
    for place, inline in inlines(document):
        if isinstance(inline, Reference) and inline.anchor is None and not _to_attachment(inline):
            yield found(
                "STR-01",
                Level.ERROR,
                place,
                f"引用的“{inline.target}”不存在。",
                f"{inline.target} does not exist.",
                snippet=text(place)[:60],
            )
    numbers = _numbers(document)
    for place, inline in inlines(document):
        if isinstance(inline, Text | Filled):
            for match in TYPED_REFERENCE.finditer(inline.text):
                if match[0] not in numbers:
                    yield found(
                        "STR-01",
                        Level.ERROR,
                        place,
                        f"引用的“{match[0]}”不存在。",
                        f"{match[0]} does not exist.",
                        blank=inline.name if isinstance(inline, Filled) else "",
                        snippet=inline.text[:60],
                    )


def _numbers(document: Document) -> set[str]:
    numbers = {attachment.number for attachment in document.attachments}
    for article in articles(document):
        numbers.add(article.number)
        numbers |= {f"第{p.number}条" for p in _paragraphs(article)}
    return numbers


def _to_attachment(reference: Reference) -> bool:
    return reference.target.startswith("attachment:")


def number_gaps(document: Document) -> Iterator[Finding]:
    """STR-02: article, paragraph, item or attachment numbers that skip, repeat or fall."""
    body = [a for part in document.parts for a in part.articles if a.number]
    yield from _sequence(
        [a.number for a in body], [f"第{chinese_number(n)}条" for n in range(1, len(body) + 1)]
    )
    listed = [a.number for a in document.attachments]
    yield from _sequence(listed, [f"附件{chinese_number(n)}" for n in range(1, len(listed) + 1)])
    for attachment in document.attachments:
        own = [a.number for a in attachment.articles if a.number]
        yield from _sequence(own, [f"第{chinese_number(n)}条" for n in range(1, len(own) + 1)])
    for article in articles(document):
        own = [p.number for p in _paragraphs(article) if p.number]
        prefix = own[0].split(".")[0] if own else ""
        yield from _sequence(own, [f"{prefix}.{n}" for n in range(1, len(own) + 1)])
        for paragraph in _paragraphs(article):
            yield from _item_gaps(paragraph.items)


def _item_gaps(level: tuple[Item, ...]) -> Iterator[Finding]:
    if level and level[0].number.startswith("（"):
        yield from _sequence([i.number for i in level], [f"（{n}）" for n in range(1, len(level) + 1)])
    for item in level:
        yield from _item_gaps(item.items)


def _sequence(actual: Sequence[str], expected: Sequence[str]) -> Iterator[Finding]:
    for before, here, due in zip(["", *actual], actual, expected, strict=False):
        if here != due:
            zh, en = f"编号不连续：{before}后为{here}。", f"Numbering jumps from {before} to {here}."
            yield found("STR-02", Level.WARNING, None, zh, en)
            return


def _paragraphs(article: Article) -> Iterator[Paragraph]:
    for section in article.sections:
        yield from (block for block in section.blocks if isinstance(block, Paragraph))


def gaps(document: Document) -> Iterator[Finding]:
    """STR-03: a blank left unfilled, or an answer that is itself a placeholder."""
    seen: set[str] = set()
    for place, inline in inlines(document):
        if isinstance(inline, Gap) and inline.name not in seen:
            seen.add(inline.name)
            yield found(
                "STR-03",
                Level.ERROR,
                place,
                f"仍有未填写内容：{inline.label}。",
                f"Unfilled blank: {inline.label}.",
                blank=inline.name,
            )
        if (
            isinstance(inline, Filled)
            and inline.name not in seen
            and (match := PLACEHOLDER.search(inline.text))
        ):
            seen.add(inline.name)
            yield found(
                "STR-03",
                Level.WARNING,
                place,
                f"填写内容像是占位符：“{match[0]}”。",
                f"The answer looks like a placeholder: {match[0]}.",
                blank=inline.name,
                snippet=inline.text[:60],
            )


def missing_attachments(document: Document) -> Iterator[Finding]:
    """STR-04: an attachment is cited but not listed."""
    for place, inline in inlines(document):
        if isinstance(inline, Reference) and inline.anchor is None and _to_attachment(inline):
            name = inline.target.partition(":")[2]
            zh, en = f"附件“{name}”被引用，但未列入附件清单。", f"Attachment {name} is cited but not listed."
            yield found("STR-04", Level.ERROR, place, zh, en, snippet=text(place)[:60])


def uncited_attachments(document: Document) -> Iterator[Finding]:
    """STR-05: an attachment is listed but never cited outside the list and itself."""
    cited = {
        inline.target
        for place, inline in inlines(document)
        if isinstance(inline, Reference)
        and not place.register
        and inline.target != f"attachment:{place.attachment}"
    }
    for attachment in document.attachments:
        if attachment.anchor not in cited:
            zh = f"{attachment.number}《{attachment.title}》已列入清单，但正文未引用。"
            en = f"{attachment.number} is listed but never cited."
            yield found("STR-05", Level.WARNING, Place((), attachment.anchor), zh, en)


def unused_terms(document: Document) -> Iterator[Finding]:
    """STR-06: a defined term that the contract never uses."""
    runs = [(place, text(place)) for place in places(document)]
    whole = "\n".join(run for _, run in runs)
    for term, (place, *_) in _definitions(document).items():
        if whole.count(term) < 2:  # noqa: PLR2004 (the definition itself and one use)
            yield found(
                "STR-06",
                Level.INFO,
                place,
                f"“{term}”有定义，但未使用。",
                f"'{term}' is defined but not used.",
            )


def undefined_terms(document: Document) -> Iterator[Finding]:
    """STR-07: a term marked as defined, or quoted as one, without a definition."""
    defined = _definitions(document)
    seen: set[str] = set()
    for place, inline in inlines(document):
        for term in _terms_used(inline):
            if term not in defined and term not in seen:
                seen.add(term)
                zh, en = f"“{term}”使用时没有定义。", f"'{term}' is used without a definition."
                yield found("STR-07", Level.WARNING, place, zh, en, snippet=text(place)[:60])


def _terms_used(inline: object) -> Iterator[str]:
    if isinstance(inline, Use):
        yield inline.term
    if isinstance(inline, Text):
        yield from (
            m[1] for m in QUOTED.finditer(inline.text) if inline.text[m.end() : m.end() + 1] not in "（的字一"
        )


def twice_defined_terms(document: Document) -> Iterator[Finding]:
    """STR-08: one term defined in two places."""
    for term, spots in _definitions(document).items():
        if len(spots) > 1:
            yield found("STR-08", Level.ERROR, spots[1], f"“{term}”重复定义。", f"'{term}' is defined twice.")


def _definitions(document: Document) -> dict[str, list[Place]]:
    spots: dict[str, list[Place]] = defaultdict(list)
    for place, inline in inlines(document):
        if isinstance(inline, Definition):
            spots[inline.term].append(place)
    return spots


STRUCTURE_RULES = (
    dangling_references,
    number_gaps,
    gaps,
    missing_attachments,
    uncited_attachments,
    unused_terms,
    undefined_terms,
    twice_defined_terms,
)
