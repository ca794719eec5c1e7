"""Contracts changed at random in every way a redline must carry: for tests of the comparison."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from clausebank.document import Article, Document, Item, Paragraph, Section, Signature, Table, Text

WORDS = (
    "甲方",
    "应当",
    "在收到发票后",
    "15",
    "日内",
    "支付人民币",
    "¥1,200.00",
    "A&B<c>",
    "，",
    "。",
    "第三方\n",
    "😀",
)


def mutated(document: Document, random: Random) -> Document:
    """Return a contract with clauses, paragraphs, items, rows, columns and words changed, moved, gone or new."""
    parts = [replace(part, articles=_articles(part.articles, random)) for part in document.parts]
    attachments = [replace(a, articles=_articles(a.articles, random)) for a in document.attachments]
    return replace(
        document,
        title=_maybe(random, document.title, "服务合同"),
        parts=tuple(parts),
        attachments=tuple(_shuffled(_dropped(attachments, random), random)),
        closing=_maybe(random, document.closing, "（签署页）"),
    )


def _maybe(random: Random, one, other):
    return other if random.random() < 0.1 else one


def _dropped(things, random: Random) -> list:
    return [thing for thing in things if random.random() > 0.12]


def _shuffled(things: list, random: Random) -> list:
    things = list(things)
    if len(things) > 1 and random.random() < 0.25:
        thing = things.pop(random.randrange(len(things)))
        things.insert(random.randrange(len(things) + 1), thing)
    return things


def _articles(articles: tuple[Article, ...], random: Random) -> tuple[Article, ...]:
    kept = [replace(a, sections=_sections(a.sections, random)) for a in _dropped(articles, random)]
    return tuple(_shuffled(kept, random)) or articles[:1]


def _sections(sections: tuple[Section, ...], random: Random) -> tuple[Section, ...]:
    made = []
    for section in _dropped(sections, random):
        blocks = [_block(block, random) for block in _dropped(section.blocks, random)]
        blocks = _shuffled(blocks, random)
        if random.random() < 0.15:
            new = Paragraph("", f"{section.clause}/new", (Text(_words(random)),))
            blocks.insert(random.randrange(len(blocks) + 1), new)
        made.append(replace(section, blocks=tuple(blocks), version=random.choice((1, 1, 2))))
    return tuple(_shuffled(made, random))


def _words(random: Random) -> str:
    return "".join(random.choice(WORDS) for _ in range(random.randrange(1, 12)))


def _block(block, random: Random):
    match block:
        case Paragraph():
            flag = block.conspicuous ^ (random.random() < 0.1)
            return replace(
                block,
                inlines=_inlines(block.inlines, random),
                items=_items(block.items, random),
                conspicuous=flag,
                number=_maybe(random, block.number, ""),
            )
        case Table():
            return _table(block, random)
        case Signature():
            parties = block.signatories
            return Signature((*parties, parties[0])) if random.random() < 0.2 else block


def _items(items: tuple[Item, ...], random: Random) -> tuple[Item, ...]:
    kept = _shuffled(_dropped(items, random), random)
    return tuple(
        replace(item, inlines=_inlines(item.inlines, random), items=_items(item.items, random))
        for item in kept
    )


def _inlines(inlines, random: Random):
    inlines = list(inlines)
    if random.random() < 0.3:
        inlines.insert(random.randrange(len(inlines) + 1), Text(_words(random)))
    if len(inlines) > 1 and random.random() < 0.2:
        inlines.pop(random.randrange(len(inlines)))
    return tuple(inlines)


def _table(table: Table, random: Random) -> Table:
    rows = [tuple(_inlines(cell, random) for cell in row) for row in _dropped(table.rows, random)]
    rows = _shuffled(rows, random) or list(table.rows[:1])
    header = table.header
    widths, aligns = table.widths, table.aligns
    if random.random() < 0.15 and len(widths) > 2:
        header, widths, aligns = header[:-1], widths[:-1], aligns[:-1]
        rows = [row[:-1] for row in rows]
    return replace(
        table,
        header=header,
        rows=tuple(rows),
        widths=widths,
        aligns=aligns,
        caption=_maybe(random, table.caption, "新表"),
    )
