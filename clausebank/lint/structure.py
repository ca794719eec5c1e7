"""Structural rules STR-01 to STR-08: references, numbers, gaps, attachments, terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, partial

from clausebank.document import (
    Article,
    Document,
    Filled,
    Gap,
    Item,
    Paragraph,
    Reference,
    articles,
)
from clausebank.findings import Finding, Level
from clausebank.lint import searches
from clausebank.lint.places import Place, found, text
from clausebank.lint.sheets import firsts, hits, sheets
from clausebank.memo import Memo
from clausebank.wording.numbers import chinese_number


def dangling_references(document: Document) -> Iterator[Finding]:
    """STR-01: a reference whose target is not in the contract, marked or typed into an answer."""
    for place, reference in hits(document, searches.dangling):
        if not _to_attachment(reference):
            yield found(
                "STR-01",
                Level.ERROR,
                place,
                f"引用的“{reference.target}”不存在。",
                f"{reference.target} does not exist.",
                snippet=text(place)[:60],
            )
    typed = hits(document, searches.typed_references)
    numbers = _numbers(document) if typed else frozenset()
    for place, (inline, number) in typed:
        if number not in numbers:
            yield found(
                "STR-01",
                Level.ERROR,
                place,
                f"引用的“{number}”不存在。",
                f"{number} does not exist.",
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
    yield from _sequence([a.number for a in body], _article_numbers(len(body)))
    listed = [a.number for a in document.attachments]
    yield from _sequence(listed, [f"附件{chinese_number(n)}" for n in range(1, len(listed) + 1)])
    for attachment in document.attachments:
        own = [a.number for a in attachment.articles if a.number]
        yield from _sequence(own, _article_numbers(len(own)))
    for article in articles(document):
        yield from _within.of(article, _gaps_within)


_within: Memo[tuple[Finding, ...]] = Memo(1 << 9)


def _gaps_within(article: Article) -> tuple[Finding, ...]:
    return tuple(_found_within(article))


def _found_within(article: Article) -> Iterator[Finding]:
    paragraphs = tuple(_paragraphs(article))
    own = [paragraph.number for paragraph in paragraphs if paragraph.number]
    prefix = own[0].split(".")[0] if own else ""
    yield from _sequence(own, [f"{prefix}.{n}" for n in range(1, len(own) + 1)])
    for paragraph in paragraphs:
        yield from _item_gaps(paragraph.items)


@cache
def _article_numbers(count: int) -> tuple[str, ...]:
    return tuple(f"第{chinese_number(n)}条" for n in range(1, count + 1))


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
    for place, (inline, placeholder) in hits(document, searches.unfilled):
        if inline.name in seen:
            continue
        seen.add(inline.name)
        if isinstance(inline, Gap):
            yield found(
                "STR-03",
                Level.ERROR,
                place,
                f"仍有未填写内容：{inline.label}。",
                f"Unfilled blank: {inline.label}.",
                blank=inline.name,
            )
        else:
            yield found(
                "STR-03",
                Level.WARNING,
                place,
                f"填写内容像是占位符：“{placeholder}”。",
                f"The answer looks like a placeholder: {placeholder}.",
                blank=inline.name,
                snippet=inline.text[:60],
            )


def missing_attachments(document: Document) -> Iterator[Finding]:
    """STR-04: an attachment is cited but not listed."""
    for place, reference in hits(document, searches.dangling):
        if _to_attachment(reference):
            name = reference.target.partition(":")[2]
            zh, en = f"附件“{name}”被引用，但未列入附件清单。", f"Attachment {name} is cited but not listed."
            yield found("STR-04", Level.ERROR, place, zh, en, snippet=text(place)[:60])


def uncited_attachments(document: Document) -> Iterator[Finding]:
    """STR-05: an attachment is listed but never cited outside the list and itself."""
    for attachment in document.attachments:
        if not any(attachment.anchor in sheet.firsts.get(searches.cited, ()) for sheet in sheets(document)):
            zh = f"{attachment.number}《{attachment.title}》已列入清单，但正文未引用。"
            en = f"{attachment.number} is listed but never cited."
            yield found("STR-05", Level.WARNING, Place((), attachment.anchor), zh, en)


def unused_terms(document: Document) -> Iterator[Finding]:
    """STR-06: a defined term that the contract never uses."""
    held = sheets(document)
    marked = frozenset().union(*(sheet.firsts.get(searches.used, ()) for sheet in held))
    for term, (place, *_) in _definitions(document).items():
        if term not in marked and sum(sheet.text.count(term) for sheet in held) == 1:  # the definition itself
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
    for term, (place, _) in firsts(document, searches.used, defined.keys()).items():
        yield _undefined((place,), term, partial(_undefined_finding, place, term))


_undefined: Memo[Finding] = Memo(1 << 9)


def _undefined_finding(place: Place, term: str) -> Finding:
    zh, en = f"“{term}”使用时没有定义。", f"'{term}' is used without a definition."
    return found("STR-07", Level.WARNING, place, zh, en, snippet=text(place)[:60])


def twice_defined_terms(document: Document) -> Iterator[Finding]:
    """STR-08: one term defined in two places."""
    for term, spots in _definitions(document).items():
        if len(spots) > 1:
            yield found("STR-08", Level.ERROR, spots[1], f"“{term}”重复定义。", f"'{term}' is defined twice.")


def _definitions(document: Document) -> dict[str, list[Place]]:
    spots: dict[str, list[Place]] = defaultdict(list)
    for place, term in hits(document, searches.defined):
        spots[term].append(place)
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
