"""From template, answers and bank to the document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from clausebank.assembly import frame
from clausebank.assembly.conditions import holds
from clausebank.assembly.derive import derive
from clausebank.assembly.fill import Filler
from clausebank.assembly.number import (
    Numbered,
    NumberedArticle,
    NumberedClause,
    Numbering,
    number,
)
from clausebank.assembly.references import cited
from clausebank.assembly.select import Selection, Stances, select, text_blanks, told
from clausebank.bank.language import GeneratedText, ParagraphText, RowText, TableText
from clausebank.bank.model import Bank, Variant
from clausebank.document import (
    Article,
    Attachment,
    Block,
    Document,
    Inlines,
    Item,
    Paragraph,
    Part,
    Section,
    Table,
)
from clausebank.memo import Memo
from clausebank.templates import Template
from clausebank.wording.values import Row, Value


def assemble(
    template: Template,
    answers: Mapping[str, Value],
    bank: Bank,
    stances: Stances | None = None,
    *,
    pins: Mapping[str, Variant] | None = None,
    filed: Collection[str] = (),
) -> Document:
    """Make the document of a contract.

    ``answers`` are typed values by blank name; what is missing becomes a gap, never an error.
    ``pins`` fix the variant of single clauses, by clause id. ``filed`` are the ids of attachments
    whose file the parties have given.
    """
    values = derive(answers)
    selection = select(template, values, bank, stances, pins)
    numbering = number(selection, values)
    labels = frame.labels_of(values, template.labels)
    filler = Filler(bank.vocabulary, values, labels, numbering.targets)
    bare = _bare_attachments(selection, numbering, filler, filed)
    register = frame.register(bare, {slot.id for slot, articles in selection.attachments if articles})
    return Document(
        kind=template.kind,
        title=template.title.zh,
        cover=frame.cover(filler),
        parts=_parts(selection, numbering, filler, register),
        closing=frame.CLOSING,
        signature=frame.signature(filler),
        attachments=_attachments(bare, numbering, filler, register),
        answers=values,
        labels=labels,
    )


def _bare_attachments(
    selection: Selection,
    numbering: Numbering,
    filler: Filler,
    filed: Collection[str],
) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            slot.id,
            label,
            f"attachment:{slot.id}",
            slot.title.zh,
            filler.fill(slot.requirement),
            filed=slot.id in filed and not made,
        )
        for (slot, made), (label, _) in zip(selection.attachments, numbering.attachments, strict=True)
    )


def _attachments(
    bare: tuple[Attachment, ...],
    numbering: Numbering,
    filler: Filler,
    register: Table,
) -> tuple[Attachment, ...]:
    return tuple(
        replace(
            attachment,
            articles=tuple(
                _article(a, replace(filler, attachment=attachment.id), register) for a in articles
            ),
        )
        for attachment, (_, articles) in zip(bare, numbering.attachments, strict=True)
    )


def _parts(
    selection: Selection,
    numbering: Numbering,
    filler: Filler,
    register: Table,
) -> tuple[Part, ...]:
    return tuple(
        Part(
            slot.id,
            label,
            f"part:{slot.id}",
            slot.title.zh,
            tuple(_article(article, filler, register) for article in articles),
        )
        for (slot, _), (label, articles) in zip(selection.parts, numbering.parts, strict=True)
    )


def _article(article: NumberedArticle, filler: Filler, register: Table) -> Article:
    slot = article.article.slot
    return Article(
        slot.id,
        article.number,
        article.anchor,
        slot.title.zh,
        tuple(_section(clause, filler, register) for clause in article.clauses),
    )


_sections: Memo[Section] = Memo(1 << 11)


def _section(clause: NumberedClause, filler: Filler, register: Table) -> Section:
    """Return a clause in place; one that reads as in an earlier contract is that same object."""
    text = clause.chosen.variant.body
    if any(isinstance(block, GeneratedText) for block in text.blocks):
        return _made_section(clause, filler, register)
    owners = (clause.blocks, clause.chosen.clause, clause.chosen.variant, filler.vocabulary)
    key = (
        filler.attachment,
        *filler.labels.items(),
        *told(text_blanks(text), filler.answers),
        *cited(text, filler.targets),
    )
    return _sections(owners, key, lambda: _made_section(clause, filler, register))


def _made_section(clause: NumberedClause, filler: Filler, register: Table) -> Section:
    variant = clause.chosen.variant
    blocks = tuple(made for block in clause.blocks for made in _made(block, filler, register))
    return Section(
        clause.chosen.clause.id,
        variant.stance,
        variant.version,
        variant.sha256,
        clause.chosen.clause.title.zh,
        blocks,
    )


def _made(
    block: Numbered | TableText | GeneratedText,
    filler: Filler,
    register: Table,
) -> Iterator[Block]:
    match block:
        case Numbered():
            yield _paragraph(block, filler)
        case TableText():
            yield _table(block, filler)
        case GeneratedText(kind="parties"):
            yield from frame.party_tables(filler)
        case GeneratedText(kind="attachments"):
            yield register
        case GeneratedText():
            yield frame.signature(filler, block.roles)


def _paragraph(numbered: Numbered, filler: Filler) -> Paragraph:
    source = numbered.source
    assert isinstance(source, ParagraphText)
    return Paragraph(
        numbered.number,
        numbered.anchor,
        filler.fill(source.marks),
        tuple(_item(item, filler) for item in numbered.items),
        source.caption,
        source.conspicuous,
    )


def _item(numbered: Numbered, filler: Filler) -> Item:
    return Item(
        numbered.number,
        numbered.anchor,
        filler.fill(numbered.source.marks),
        tuple(_item(item, filler) for item in numbered.items),
    )


def _table(table: TableText, filler: Filler) -> Table:
    return Table(
        table.caption,
        tuple(filler.fill(cell) for cell in table.header),
        tuple(_rows(table, filler)),
        table.widths,
        table.aligns,
    )


def _rows(table: TableText, filler: Filler) -> Iterator[tuple[Inlines, ...]]:
    """Yield the rows that apply; the first row of a list table once for each row of its list."""
    repeated = table.rows[:1] if table.source else ()
    for row in repeated:
        answer = filler.answers.get(table.source)
        entries: tuple[Row, ...] = answer if isinstance(answer, tuple) and answer else ({},)
        for position, entry in enumerate(entries, 1):
            yield _row(row, replace(filler, row={**entry, "number": position}, source=table.source))
    for row in table.rows[len(repeated) :]:
        if holds(row.condition, filler.answers):
            yield _row(row, filler)


def _row(row: RowText, filler: Filler) -> tuple[Inlines, ...]:
    return tuple(filler.fill(cell) for cell in row.cells)
