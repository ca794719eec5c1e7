"""What the rules look for in a single place. A search is a function, the searches are two tables.

A search looks at its place and the printed text there alone, so what stands in many contracts is searched
once for all rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from clausebank.document import Definition, Filled, Gap, Reference, Text, Use
from clausebank.lint.places import Place

TYPED_REFERENCE = re.compile(
    r"(?<!》)(?<!》的)第(?:[一二三四五六七八九十百]+|\d+(?:\.\d+)*)条|附件[一二三四五六七八九十]+"
)
PLACEHOLDER = re.compile(r"_{3,}|＿{2,}|【[^】]*】|\[\s*\]|X{2,}|×{2,}|待定|待补充|\{\{|\}\}")
QUOTED = re.compile(r"“([^“”]{2,12})”")
LABEL = re.compile("[甲乙丙丁]方|(?:委托|服务|客户)方(?![案式法面向])")
BOTH = re.compile(r"人民币([零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正]+)（[¥￥]([\d,]+(?:\.\d{1,2})?)）")
DAY = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
DATE = re.compile(DAY)
SPAN = re.compile(rf"自{DAY}起?至{DAY}止?[^。]{{0,12}}?(\d+)(个月|年)")
_BLANKS = {"Cf", "Cc", "Zs"}


def dangling(place: Place, _: str) -> Iterator[Reference]:
    """Yield the references whose target is not in the contract."""
    return (each for each in place.inlines if isinstance(each, Reference) and each.anchor is None)


def typed_references(place: Place, _: str) -> Iterator[tuple[Text | Filled, str]]:
    """Yield the article and attachment numbers that stand as plain words."""
    for inline in place.inlines:
        if isinstance(inline, Text | Filled):
            yield from ((inline, match[0]) for match in TYPED_REFERENCE.finditer(inline.text))


def unfilled(place: Place, _: str) -> Iterator[tuple[Gap | Filled, str]]:
    """Yield gaps, and answers with the placeholder they hold."""
    for inline in place.inlines:
        if isinstance(inline, Gap):
            yield inline, ""
        elif isinstance(inline, Filled) and (match := PLACEHOLDER.search(inline.text)):
            yield inline, match[0]


def both_amounts(_: Place, words: str) -> Iterator[re.Match[str]]:
    """Yield the sums in capital words and figures."""
    return BOTH.finditer(words)


def dates(_: Place, words: str) -> Iterator[re.Match[str]]:
    """Yield the dates."""
    return DATE.finditer(words)


def spans(_: Place, words: str) -> Iterator[re.Match[str]]:
    """Yield the terms that stand with their first and last day."""
    return SPAN.finditer(words)


def unprintable(place: Place, _: str) -> Iterator[tuple[Filled, str]]:
    """Yield the characters of answers for which the fonts of the PDF have no glyph."""
    for inline in place.inlines:
        if isinstance(inline, Filled) and _is_uncommon(inline.text):
            yield from ((inline, char) for char in dict.fromkeys(inline.text) if _has_no_glyph(char))


@lru_cache(maxsize=1 << 12)
def _has_no_glyph(char: str) -> bool:
    """Tell whether a character cannot be shown; the fonts are opened for uncommon ones alone."""
    if not _is_uncommon(char) or unicodedata.category(char) in _BLANKS or "\ufe00" <= char <= "\ufe0f":
        return False
    from clausebank.render._pdf.glyphs import characters

    return char not in characters()


def _is_uncommon(text: str) -> bool:
    """Tell whether some character is neither in GB 2312, all of which the fonts hold, nor the sign of a sum."""
    try:
        text.replace("¥", "").encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def defined(place: Place, _: str) -> Iterator[str]:
    """Yield the terms defined."""
    return (inline.term for inline in place.inlines if isinstance(inline, Definition))


# --- of which the first place of each is enough ----------------------------------------------------


def cited(place: Place, _: str) -> Iterator[tuple[str, str]]:
    """Yield the targets cited outside the attachment list, except the attachment in which a place stands."""
    targets = (each.target for each in place.inlines if isinstance(each, Reference) and not place.register)
    return ((target, target) for target in targets if target != f"attachment:{place.attachment}")


def labels(place: Place, _: str) -> Iterator[tuple[str, Text | Filled]]:
    """Yield the party labels with the words they stand in."""
    for inline in place.inlines:
        if isinstance(inline, Text | Filled):
            yield from ((label, inline) for label in _labels(inline.text))


@lru_cache(maxsize=1 << 13)
def _labels(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(LABEL.findall(text)))


def used(place: Place, _: str) -> Iterator[tuple[str, str]]:
    """Yield the terms marked as defined, or quoted like them."""
    for inline in place.inlines:
        if isinstance(inline, Use):
            yield inline.term, inline.term
        if isinstance(inline, Text):
            yield from ((term, term) for term in _quoted(inline.text))


@lru_cache(maxsize=1 << 13)
def _quoted(text: str) -> tuple[str, ...]:
    """Return the words quoted as a term is."""
    after = ((match[1], text[match.end() : match.end() + 1]) for match in QUOTED.finditer(text))
    return tuple(term for term, following in after if following not in "（的字一")


Search = Callable[[Place, str], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Needs:
    """A search finds nothing in a place without an inline of these kinds of whose text ``words`` is true."""

    kinds: frozenset[type]
    words: Callable[[str], object] = bool


_WORDS = frozenset({Text, Definition, Use, Reference, Filled, Gap})
SEARCHES: Mapping[Search, Needs] = {
    dangling: Needs(frozenset({Reference})),
    typed_references: Needs(frozenset({Text, Filled}), re.compile("第|附件").search),
    unfilled: Needs(frozenset({Gap, Filled}), re.compile(r"[_＿【\[X×待{}]").search),
    both_amounts: Needs(_WORDS, re.compile("币").search),
    dates: Needs(_WORDS, re.compile("年").search),
    spans: Needs(_WORDS, re.compile("自").search),
    unprintable: Needs(frozenset({Filled}), _is_uncommon),
    defined: Needs(frozenset({Definition})),
}
FIRSTS: Mapping[Search, Needs] = {
    cited: Needs(frozenset({Reference})),
    labels: Needs(frozenset({Text, Filled}), re.compile("方").search),
    used: Needs(frozenset({Text, Use})),
}


_EVERY = (*SEARCHES.items(), *FIRSTS.items())


@lru_cache(maxsize=1 << 14)
def may_find(kind: type, text: str) -> frozenset[Search]:
    """Return the searches worth making in a place with an inline of this kind and text."""
    return frozenset([find for find, needs in _EVERY if kind in needs.kinds and needs.words(text)])
