"""References: from a target to the words 第8.2条, 附件三, 本附件第二条."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clausebank.assembly.number import Target
from clausebank.bank.language import ClauseText, ReferenceMark, all_marks
from clausebank.document import Inline, Reference, Text
from clausebank.memo import Memo

DANGLING = "【引用不存在】"
BODY = "合同正文"


def key(mark: ReferenceMark) -> str:
    """Return the name of a reference's target."""
    if mark.kind == "clause":
        return f"{mark.id}#{mark.anchor}" if mark.anchor else mark.id
    return f"{mark.kind}:{mark.id}"


_cited: Memo[tuple[object, ...]] = Memo(1 << 12)


def cited(text: ClauseText, targets: Mapping[str, tuple[Target, ...]]) -> tuple[object, ...]:
    """Return all that the references of a text are made of: their targets, and where those stand.

    What is equal is the same object.
    """
    found = [targets.get(name, ()) for name in _names(text)]
    homes = (f"attachment:{target.attachment}" for each in found for target in each if target.attachment)
    made = (*found, *(targets[home][0].number for home in homes))
    return _cited((), made, lambda: made)


def _names(text: ClauseText) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key(mark) for _, mark in all_marks(text) if isinstance(mark, ReferenceMark)))


def resolve(
    mark: ReferenceMark,
    targets: Mapping[str, tuple[Target, ...]],
    attachment: str,
) -> tuple[Inline, ...]:
    """Return the inlines of a reference made from within ``attachment`` (empty: the body)."""
    name = key(mark)
    found = targets.get(name)
    if not found:
        return (Reference(name, None, DANGLING),)
    first, last = found[0], found[-1]
    inlines = [*_place(first, attachment, targets, mark.kind), *_shown(name, first, mark.titled)]
    if last is not first:
        inlines += [Text("至"), *_shown(name, last, titled=False)]
    return tuple(inlines)


def _place(
    target: Target,
    attachment: str,
    targets: Mapping[str, tuple[Target, ...]],
    kind: str,
) -> Iterator[Inline]:
    """Yield the words that say in which text the target stands, where that is not the same one."""
    if kind in {"attachment", "part"}:
        return
    if target.attachment == attachment:
        if attachment:
            yield Text("本附件")
    elif target.attachment:
        name = f"attachment:{target.attachment}"
        yield Reference(name, targets[name][0].anchor, targets[name][0].number)
    else:
        yield Text(BODY)


def _shown(name: str, target: Target, titled: bool) -> Iterator[Inline]:  # noqa: FBT001 (private, one caller)
    if not target.number:
        yield Reference(name, target.anchor, target.title, "“", "”")
    elif target.number[0].isdigit():
        yield Reference(name, target.anchor, target.number, "第", "条")
    else:
        yield Reference(name, target.anchor, target.number)
    for index, (number, anchor) in enumerate(target.items):
        yield Reference(name, anchor, number, "第" if index == 0 else "", "项" if index == 0 else "")
    if titled:
        left, right = ("《", "》") if name.startswith("attachment:") else ("（", "）")
        yield Text(f"{left}{target.title}{right}")
