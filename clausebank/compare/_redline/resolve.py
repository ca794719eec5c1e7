"""Accepting or rejecting every tracked change, the way Word does it."""

from __future__ import annotations

from lxml import etree

from clausebank.compare._redline.names import (
    HYPERLINK,
    INSTRUCTION,
    PPR,
    RPR,
    SDT,
    SECTION,
    TBL,
    TR,
    TRPR,
    P,
    T,
    w,
)

_COMING, _GOING = ("ins", "moveTo"), ("del", "moveFrom")
_TEXTS = {w("delText"): T, w("delInstrText"): INSTRUCTION}
_RANGES = [w(f"{kind}Range{end}") for kind in ("moveFrom", "moveTo") for end in ("Start", "End")]
_CHANGES = {RPR: w("rPrChange"), PPR: w("pPrChange")}


def resolve(root: etree._Element, *, accept: bool) -> etree._Element:
    """Accept or reject every tracked change in a part, in place."""
    keep, drop = (_COMING, _GOING) if accept else (_GOING, _COMING)
    _rows(root, keep, drop)
    _runs(root, [w(kind) for kind in keep], [w(kind) for kind in drop])
    for properties, change in _CHANGES.items():
        for mark in list(root.iter(change)):
            _properties(mark, properties, accept=accept)
    _paragraphs(root, keep, drop)
    for node in [*root.iter(*_RANGES), *(link for link in root.iter(HYPERLINK) if not len(link))]:
        _remove(node)
    return root


def _rows(root: etree._Element, keep: tuple[str, ...], drop: tuple[str, ...]) -> None:
    for row in list(root.iter(TR)):
        properties = row.find(TRPR)
        if properties is None:
            continue
        for kind in (*keep, *drop):
            mark = properties.find(w(kind))
            if mark is not None and kind in drop:
                _remove(row)
            elif mark is not None:
                properties.remove(mark)
    for table in [table for table in root.iter(TBL) if table.find(TR) is None]:
        _remove(table)


def _runs(root: etree._Element, keep: list[str], drop: list[str]) -> None:
    """Drop or unwrap runs; the marks of paragraphs and rows are empty elements within properties."""
    for node in list(root.iter(*drop)):
        if _parent(node).tag not in {RPR, TRPR}:
            _remove(node)
    for node in list(root.iter(*keep)):
        parent = _parent(node)
        if parent.tag not in {RPR, TRPR}:
            place = parent.index(node)
            parent[place : place + 1] = list(node)
    for node in root.iter(*_TEXTS):
        node.tag = _TEXTS[str(node.tag)]


def _properties(change: etree._Element, kind: str, *, accept: bool) -> None:
    """Keep the properties as they are, or go back to those the change holds."""
    holder = _parent(change)
    holder.remove(change)
    if accept:
        return
    for look in list(holder):
        if look.tag not in {RPR, SECTION}:
            holder.remove(look)
    before = change.find(kind)
    holder[:0] = [] if before is None else list(before)


def _paragraphs(root: etree._Element, keep: tuple[str, ...], drop: tuple[str, ...]) -> None:
    """Join a paragraph whose mark goes to the one after it."""
    blocks = [node for node in root.iter(P, TBL) if next(node.iterancestors(TBL), None) is None]
    following = [*blocks[1:], None]
    for block, after in zip(blocks, following, strict=True):
        marks = block.find(f"{PPR}/{RPR}") if block.tag == P else None
        if marks is None:
            continue
        kinds = {str(mark.tag) for mark in marks}
        if kinds & {w(kind) for kind in drop} and (after is not None or not _content(block)):
            _join(block, after)
        elif kinds & {w(kind) for kind in (*keep, *drop)}:
            _parent(marks).remove(marks)
    for control in [node for node in root.iter(SDT) if node.find(f".//{P}") is None]:
        _remove(control)


def _join(paragraph: etree._Element, after: etree._Element | None) -> None:
    rest = _content(paragraph)
    if after is not None and after.tag == P:
        place = int(after.find(PPR) is not None)
        after[place:place] = rest
        _remove(paragraph)
    elif not any(node.find(f".//{T}") is not None for node in rest):
        _remove(paragraph)


def _content(paragraph: etree._Element) -> list[etree._Element]:
    """Return what stands in a paragraph; marks of places go with it."""
    skipped = {PPR, w("bookmarkStart"), w("bookmarkEnd")}
    return [
        node
        for node in paragraph
        if node.tag not in skipped and not (node.tag == HYPERLINK and not len(node))
    ]


def _parent(node: etree._Element) -> etree._Element:
    parent = node.getparent()
    assert parent is not None
    return parent


def _remove(node: etree._Element) -> None:
    _parent(node).remove(node)
