"""Paragraphs, items, tables and signature blocks as WordprocessingML."""

from __future__ import annotations

from typing import assert_never

from clausebank.document import (
    Block,
    Definition,
    Gap,
    Inlines,
    Item,
    Paragraph,
    Reference,
    Signatory,
    Signature,
    Table,
)
from clausebank.render._docx import names
from clausebank.render._docx.markup import bookmark_name, field, paragraph, run
from clausebank.render._docx.rendering import Rendering
from clausebank.render.columns import fitted, is_short

GAP = paragraph(names.TABLE_GAP, "")
_NARROWEST = 720
_WIDE = 2


def inline_runs(inlines: Inlines, rendering: Rendering, style: str = "") -> str:
    """Return a run of inlines; ``style`` is the character style of its plain words."""
    pieces = []
    for inline in inlines:
        match inline:
            case Definition():
                pieces.append(run(inline.text, names.DEFINED_TERM))
            case Gap():
                pieces.append(run(inline.text, names.GAP))
            case Reference():
                pieces.append(_reference(inline, rendering, style))
            case _:
                pieces.append(run(inline.text, style))
    return "".join(pieces)


def _reference(reference: Reference, rendering: Rendering, style: str) -> str:
    """Return a live field where Word computes the very number we print, else the number as text."""
    anchor = reference.anchor
    if anchor is None or not reference.number or rendering.labels.get(anchor) != reference.number:
        return run(reference.text, style)
    number = field(f"REF {bookmark_name(anchor)} \\n \\h", reference.number, style)
    return run(reference.before, style) + number + run(reference.after, style)


def block(content: Block, levels: names.Levels, rendering: Rendering) -> str:
    """Return one block; ``levels`` says which list numbers it."""
    match content:
        case Paragraph():
            return _paragraph(content, levels, rendering)
        case Table():
            return _table(content, rendering)
        case Signature():
            return signature(content, rendering) + GAP
        case _:
            assert_never(content)


def _paragraph(content: Paragraph, levels: names.Levels, rendering: Rendering) -> str:
    if not content.number:
        levels = names.UNLABELLED
    bare = not content.number and not content.items
    style = names.UNNUMBERED if bare else levels.paragraph
    words = names.CONSPICUOUS if content.conspicuous and rendering.emphasis else ""
    caption = run(f"{content.caption}。", names.RUN_IN) if content.caption else ""
    inner = (
        rendering.bookmarks.get(content.anchor, "") + caption + inline_runs(content.inlines, rendering, words)
    )
    rest = "".join(_item(item, levels, rendering, words) for item in content.items)
    return paragraph(style, inner, keep=bool(rest) or content.anchor in rendering.kept) + rest


def _item(item: Item, levels: names.Levels, rendering: Rendering, words: str, depth: int = 0) -> str:
    style = levels.subitem if depth else levels.item
    inner = rendering.bookmarks.get(item.anchor, "") + inline_runs(item.inlines, rendering, words)
    rest = "".join(_item(sub, levels, rendering, words, depth + 1) for sub in item.items)
    return paragraph(style, inner, keep=bool(rest) or item.anchor in rendering.kept) + rest


# --- tables --------------------------------------------------------------------------------------


def _table(table: Table, rendering: Rendering) -> str:
    fit = fitted(table)
    widths, whole = _shares(fit, rendering.width), is_short(table, fit)
    above = (
        paragraph(names.CAPTION, run(table.caption))
        if table.caption
        else paragraph(names.TABLE_GAP, "", keep=True)
    )
    styles = [names.TABLE_CELL[align] for align in table.aligns]
    if table.header:
        look = _table_start(names.LIST_TABLE, widths, 'w:firstRow="1" w:firstColumn="0"')
        head = _row(table.header, widths, [names.TABLE_HEADER] * len(widths), rendering, repeat=True)
    else:
        look = _table_start(names.FIELDS_TABLE, widths, 'w:firstRow="0" w:firstColumn="1"')
        head, styles = "", [names.TABLE_LABEL, *styles[1:]]
    held = len(table.rows) if whole else 0
    rows = "".join(
        _row(row, widths, styles, rendering, keep=at < held) for at, row in enumerate(table.rows, 1)
    )
    return f"{above}{look}{head}{rows}</w:tbl>{GAP}"


def _shares(shares: tuple[int, ...], width: int) -> list[int]:
    """Return column widths that add up to the text width; none is too narrow for a heading of two characters."""
    total = sum(shares)
    widths = [max(width * share // total, _NARROWEST) for share in shares]
    widths[widths.index(max(widths))] += width - sum(widths)
    return widths


def _table_start(style: str, widths: list[int], look: str) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook {look} w:lastRow="0" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    )


def _row(
    cells: tuple[Inlines, ...],
    widths: list[int],
    styles: list[str],
    rendering: Rendering,
    *,
    repeat: bool = False,
    keep: bool = False,
) -> str:
    inner = "".join(
        _cell(width, paragraph(style, inline_runs(cell, rendering), keep=keep))
        for cell, width, style in zip(cells, widths, styles, strict=True)
    )
    header = "<w:tblHeader/>" if repeat else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{inner}</w:tr>"


def _cell(width: int, content: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>'


# --- signatures ----------------------------------------------------------------------------------


def signature(content: Signature, rendering: Rendering) -> str:
    """Return a signature block: a table whose rows stay together and with what stands before it."""
    parties = content.signatories
    widths = _shares((1,) * len(parties), rendering.width)
    narrow = names.NARROW if len(parties) > _WIDE else ""
    rows = [
        [_signatory(party, rendering) for party in parties],
        *(
            [_line(words, narrow) for words in lines]
            for lines in zip(*(p.lines for p in parties), strict=True)
        ),
    ]
    start = _table_start(names.SIGNATURE_TABLE, widths, 'w:firstRow="0" w:firstColumn="0"')
    body = "".join(_signature_row(row, widths) for row in rows)
    return f"{start}{body}</w:tbl>"


def _signatory(party: Signatory, rendering: Rendering) -> str:
    """Return who signs, with room below for a seal."""
    heading = paragraph(names.SIGNATURE_HEADING, run(party.heading))
    return heading + paragraph(names.SIGNATURE_NAME, inline_runs(party.name, rendering))


def _line(words: str, narrow: str) -> str:
    """Return a line of a signature block; one that ends in a colon has room and a rule to write on."""
    style = names.SIGNATURE_RULE if words.endswith("：") else names.SIGNATURE_LINE
    return paragraph(style + narrow, run(words))


def _signature_row(cells: list[str], widths: list[int]) -> str:
    inner = "".join(_cell(width, cell) for width, cell in zip(widths, cells, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{inner}</w:tr>"
