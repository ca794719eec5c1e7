"""From template, answers and bank to the document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial

from clausebank.assembly import frame
from clausebank.assembly.conditions import holds
from clausebank.assembly.derive import derive
from clausebank.assembly.fill import Filler
from clausebank.assembly.number import Numbered, Numbering, number
from clausebank.assembly.plan import ArticlePlan, BlockPlan, ClausePlan, Plan, plan_of
from clausebank.assembly.select import Selection, Stances, marks_blanks, select
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
    plan = plan_of(numbering, bank.vocabulary, tuple(slot.id for slot, _ in selection.attachments))
    bare, register = _bare_attachments(selection, numbering, filler, filed)
    return Document(
        kind=template.kind,
        title=template.title.zh,
        cover=frame.cover(filler),
        parts=_parts(selection, numbering, plan, filler, register),
        closing=frame.CLOSING,
        signature=frame.signature(filler),
        attachments=_attachments(bare, plan, filler, register),
        answers=values,
        labels=labels,
    )


_Bare = tuple[tuple[Attachment, ...], Table]
_bare: Memo[_Bare] = Memo(1 << 8)


def _bare_attachments(
    selection: Selection, numbering: Numbering, filler: Filler, filed: Collection[str]
) -> _Bare:
    """Return the attachments without their articles, and the list of them."""
    names = sorted({name for slot, _ in selection.attachments for name in marks_blanks(slot.requirement)})
    owners = (selection, numbering, filler.vocabulary, filler.labels, *map(filler.answers.get, names))
    return _bare(owners, frozenset(filed), lambda: _made_bare(selection, numbering, filler, filed))


def _made_bare(selection: Selection, numbering: Numbering, filler: Filler, filed: Collection[str]) -> _Bare:
    bare = tuple(
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
    return bare, frame.register(bare, {slot.id for slot, articles in selection.attachments if articles})


def _attachments(
    bare: tuple[Attachment, ...], plan: Plan, filler: Filler, register: Table
) -> tuple[Attachment, ...]:
    return tuple(
        replace(attachment, articles=_articles(articles, replace(filler, attachment=attachment.id), register))
        for attachment, articles in zip(bare, plan.attachments, strict=True)
    )


def _parts(
    selection: Selection, numbering: Numbering, plan: Plan, filler: Filler, register: Table
) -> tuple[Part, ...]:
    return tuple(
        Part(slot.id, label, f"part:{slot.id}", slot.title.zh, _articles(articles, filler, register))
        for (slot, _), (label, _), articles in zip(selection.parts, numbering.parts, plan.parts, strict=True)
    )


_kept_articles: Memo[Article] = Memo(1 << 9)


def _articles(plans: tuple[ArticlePlan, ...], filler: Filler, register: Table) -> tuple[Article, ...]:
    """Return articles in place; what reads as in an earlier contract is that same object."""
    answers, labels = filler.answers, filler.labels
    return tuple(
        _kept_articles(
            plan.needs.owners(answers, labels, register),
            plan.attachment,
            partial(_article, plan, filler, register),
        )
        for plan in plans
    )


def _article(plan: ArticlePlan, filler: Filler, register: Table) -> Article:
    slot = plan.article.article.slot
    sections = tuple(_section(clause, filler, register) for clause in plan.clauses)
    return Article(slot.id, plan.article.number, plan.article.anchor, slot.title.zh, sections)


_sections: Memo[Section] = Memo(1 << 11)


def _section(plan: ClausePlan, filler: Filler, register: Table) -> Section:
    owners = plan.needs.owners(filler.answers, filler.labels, register)
    return _sections(owners, filler.attachment, lambda: _made_section(plan, filler, register))


def _made_section(plan: ClausePlan, filler: Filler, register: Table) -> Section:
    clause, variant = plan.clause.chosen.clause, plan.clause.chosen.variant
    blocks = tuple(made for block in plan.blocks for made in _blocks(block, filler, register))
    return Section(clause.id, variant.stance, variant.version, variant.sha256, clause.title.zh, blocks)


_kept_blocks: Memo[tuple[Block, ...]] = Memo(1 << 12)


def _blocks(plan: BlockPlan, filler: Filler, register: Table) -> tuple[Block, ...]:
    owners = plan.needs.owners(filler.answers, filler.labels, register)
    return _kept_blocks(owners, filler.attachment, lambda: tuple(_made(plan.block, filler, register)))


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
