"""A comparison as HTML: inline or side by side, class names only, never by colour alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

from clausebank.compare.comparison import (
    QUIET,
    Change,
    Comparison,
    Mark,
    RowChange,
    Segments,
    Status,
    whole,
)
from clausebank.document import LANGUAGE

STYLE = Path(__file__).with_name("comparison.css")
_PAGE = (
    ":root { color-scheme: light dark; } body { margin: 0; background: #fff; color: #1c1b1a; "
    "font-family: system-ui, sans-serif; } main { max-width: 80rem; margin: 0 auto; padding: 1.5rem; } "
    "h1 { font-size: 1.25rem; } "
    "@media (prefers-color-scheme: dark) { body { background: #17181a; color: #e9e6e0; } } "
)
NEIGHBOURS = 1
"""How many unchanged lines stay open before and after a change."""
_FEWEST_TO_FOLD = 3
_WORDS = {
    "zh": {
        "label": "文本比较",
        "old": "原文本",
        "new": "新文本",
        "equal": "两份文本完全相同。",
        "folded": "{} 段未变",
        "followed": "（其中 {} 段只是编号随之变化）",
        "computed": "编号自动变化",
        Status.CHANGED: "修改",
        Status.INSERTED: "新增",
        Status.DELETED: "删除",
        Status.MOVED_FROM: "移走",
        Status.MOVED_TO: "移来",
        Status.RESTYLED: "格式变化",
        Status.RENUMBERED: "编号变化",
        "to": "现在的位置",
        "from": "原来的位置",
    },
    "en": {
        "label": "Comparison",
        "old": "Old text",
        "new": "New text",
        "equal": "The two texts are the same.",
        "folded": "{} paragraphs unchanged",
        "followed": " (in {} of them only numbers followed)",
        "computed": "number computed anew",
        Status.CHANGED: "changed",
        Status.INSERTED: "added",
        Status.DELETED: "deleted",
        Status.MOVED_FROM: "moved away",
        Status.MOVED_TO: "moved here",
        Status.RESTYLED: "emphasis changed",
        Status.RENUMBERED: "renumbered",
        "to": "where it is now",
        "from": "where it was",
    },
}
_Write = Callable[[int, Change, str, Mapping[str, str]], str]
_COUNTED = (Status.CHANGED, Status.INSERTED, Status.DELETED, Status.MOVED_TO, Status.RESTYLED)
_TAGS = {Mark.DELETED: "del", Mark.INSERTED: "ins"}


def render_inline(comparison: Comparison, *, language: str = "zh") -> str:
    """Return both texts in one: what went struck through, what came underlined."""
    return _rendered(comparison, language, "inline", _inline)


def render_side_by_side(comparison: Comparison, *, language: str = "zh") -> str:
    """Return the old text beside the new one, paragraph by paragraph."""
    return _rendered(comparison, language, "side-by-side", _beside)


def render_comparison_page(comparison: Comparison, *, language: str = "zh") -> str:
    """Return a whole HTML file, side by side, with its styles inside."""
    words = _words(language)
    title = escape(f"{words['label']}：{comparison.old_title} → {comparison.new_title}")
    lang = "en" if language == "en" else LANGUAGE
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_PAGE}{comparison_style()}</style></head><body><main><h1>{title}</h1>"
        f"{render_side_by_side(comparison, language=language)}</main></body></html>\n"
    )


@cache
def comparison_style() -> str:
    """Return the style sheet of both views."""
    return STYLE.read_text(encoding="utf-8")


def _words(language: str) -> Mapping[str, str]:
    return _WORDS["en" if language == "en" else "zh"]


def _rendered(comparison: Comparison, language: str, view: str, write: _Write) -> str:
    words = _words(language)
    body = "".join(_rows(comparison.changes, words, write))
    head = (
        f'<div class="sides" aria-hidden="true"><span>{words["old"]}</span><span>{words["new"]}</span></div>'
    )
    return (
        f'<div class="comparison {view}">{_summary(comparison, words)}'
        f'{head if view != "inline" else ""}<div class="lines" lang="{LANGUAGE}">{body}</div></div>'
    )


def _summary(comparison: Comparison, words: Mapping[str, str]) -> str:
    if comparison.equal:
        return f'<p class="summary">{words["equal"]}</p>'
    counts = comparison.counts
    items = "".join(f"<li>{words[s]} {counts[s]}</li>" for s in _COUNTED if counts[s])
    return (
        f'<ul class="summary">{items}</ul>' if items else f'<p class="summary">{words[Status.RENUMBERED]}</p>'
    )


# --- folding -------------------------------------------------------------------------------------


def _rows(changes: Sequence[Change], words: Mapping[str, str], write: _Write) -> Iterator[str]:
    """Yield every line; long runs without a change are folded, and like neighbours are flagged once."""
    loud = [index for index, change in enumerate(changes) if change.status not in QUIET]
    near = {index + step for index in loud for step in range(-NEIGHBOURS, NEIGHBOURS + 1)}
    for folded, group in groupby(range(len(changes)), key=lambda index: index not in near):
        inside = list(group)
        lines = "".join(write(i, changes[i], _flag(changes, i, words), words) for i in inside)
        if folded and len(inside) >= _FEWEST_TO_FOLD:
            text = words["folded"].format(len(inside))
            if renumbered := sum(changes[index].status is Status.RENUMBERED for index in inside):
                text += words["followed"].format(renumbered)
            yield f'<details class="folded"><summary>{text}</summary>{lines}</details>'
        else:
            yield lines


# --- lines ---------------------------------------------------------------------------------------


def _inline(index: int, change: Change, flag: str, words: Mapping[str, str]) -> str:
    return f"{_open(index, change)}{flag}{_content(change, None, words)}</div>"


def _beside(index: int, change: Change, flag: str, words: Mapping[str, str]) -> str:
    cells = "".join(
        f'<div class="side {name}">{_content(change, side, words) if present else ""}</div>'
        for name, side, present in (("old", Mark.DELETED, change.old), ("new", Mark.INSERTED, change.new))
    )
    return f"{_open(index, change)}{flag}{cells}</div>"


def _open(index: int, change: Change) -> str:
    return f'<div class="line {change.status} {change.line.kind}" id="change-{index}">'


def _flag(changes: Sequence[Change], index: int, words: Mapping[str, str]) -> str:
    """Return what became of a line in words, with a link to the other end of a move."""
    change = changes[index]
    if change.partner is not None:
        end = words["to" if change.status is Status.MOVED_FROM else "from"]
        link = f'<a href="#change-{change.partner}">{end}</a>'
        return f'<p class="flag">{words[change.status]} {link}</p>'
    if change.status is Status.EQUAL or (index and changes[index - 1].status is change.status):
        return ""
    return f'<p class="flag">{words[change.status]}</p>'


def _content(change: Change, side: Mark | None, words: Mapping[str, str]) -> str:
    """Return a line as it was, as it is, or as both."""
    line = change.line
    if line.rows:
        rows = (row for row in change.rows or _only(change) if _is_on(row, side))
        inner = "".join(_row(row, line.header and not index, side, words) for index, row in enumerate(rows))
        return f"<table><tbody>{inner}</tbody></table>"
    segments = change.segments or whole(line.tokens, _mark(change))
    return f"<p>{_number(change, side, words)}{_text(segments, side, words)}</p>"


def _mark(change: Change) -> Mark:
    return Mark.DELETED if change.new is None else Mark.INSERTED if change.old is None else Mark.EQUAL


def _only(change: Change) -> Iterator[RowChange]:
    """Yield the rows of a table that only one text has."""
    mark = _mark(change)
    for row in change.line.rows:
        yield RowChange(change.status, tuple(whole(cell, mark) for cell in row))


def _is_on(row: RowChange, side: Mark | None) -> bool:
    absent = {Mark.DELETED: Status.INSERTED, Mark.INSERTED: Status.DELETED}
    return side is None or row.status is not absent[side]


def _row(row: RowChange, header: bool, side: Mark | None, words: Mapping[str, str]) -> str:  # noqa: FBT001 (private)
    tag = "th" if header else "td"
    cells = "".join(f"<{tag}>{_text(cell, side, words)}</{tag}>" for cell in row.cells)
    return f'<tr class="{row.status}">{cells}</tr>'


def _number(change: Change, side: Mark | None, words: Mapping[str, str]) -> str:
    old, new = (line.number if line else "" for line in (change.old, change.new))
    shown = {Mark.DELETED: old, Mark.INSERTED: new}.get(side) if side else new or old
    if not side and old and new and old != new:
        return _computed(old, new, words)
    return f'<span class="number">{escape(shown)}</span> ' if shown else ""


def _text(segments: Segments, side: Mark | None, words: Mapping[str, str]) -> str:
    pieces = []
    for segment in segments:
        tag = _TAGS.get(segment.mark)
        if side is not None and tag and segment.mark is not side:
            continue
        if segment.mark is Mark.COMPUTED and side is None:
            pieces.append(_computed(segment.old, segment.new, words))
            continue
        text = escape(segment.old if side is Mark.DELETED else segment.new or segment.old)
        text = text.replace("\n", "<br>")
        pieces.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return "".join(pieces)


def _computed(old: str, new: str, words: Mapping[str, str]) -> str:
    """Return a number that followed what it counts or points at: no change of wording."""
    title = escape(words["computed"])
    return f'<span class="number computed" title="{title}">{escape(old)} → {escape(new)}</span> '
