"""Checks on the bank and the templates: one function a rule, one tuple of rules."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping

from clausebank.assembly.fill import check_path
from clausebank.assembly.references import key
from clausebank.assembly.select import FRAME_BLANKS, text_blanks
from clausebank.bank.language import (
    BlankMark,
    ClauseText,
    Comparison,
    Marks,
    ParagraphText,
    ReferenceMark,
    TableText,
    all_conditions,
    all_marks,
    holders,
)
from clausebank.bank.model import Bank, Blank, BlankType, Clause, Variant
from clausebank.bank.walk import clause_finding, texts, variants
from clausebank.document import Definition, Use
from clausebank.findings import Finding, Level
from clausebank.templates import Template
from clausebank.wording.phrase import WORDINGS

MOST_SUB_ITEMS = 20
LONGEST_ID = 48  # a Word content control has room for it beside version and digest
ORDERED = {BlankType.MONEY, BlankType.PERCENT, BlankType.INTEGER, BlankType.PERIOD, BlankType.DATE}
LABEL_WORDS = re.compile("[甲乙丙]方")
HALF_WIDTH = re.compile(r"[一-鿿”’）》][,;:?!()]|[,;:?!(][一-鿿“‘（《]")


def check_bank(bank: Bank) -> list[Finding]:
    """Return every problem of the bank's clauses, sorted by place."""
    return sorted((f for rule in BANK_RULES for f in rule(bank)), key=lambda f: (f.place, f.rule))


def check_template(template: Template, bank: Bank) -> list[Finding]:
    """Return every problem of a template against the bank."""
    return [finding for rule in TEMPLATE_RULES for finding in rule(template, bank)]


# --- the bank ------------------------------------------------------------------------------------


def topics(bank: Bank) -> Iterator[Finding]:
    """A clause's topic is in the vocabulary."""
    for clause in bank.clauses.values():
        if clause.topic not in bank.vocabulary.topics:
            yield clause_finding(
                "topics", clause, 1, f"没有主题“{clause.topic}”", f"no topic '{clause.topic}'"
            )


def basis(bank: Bank) -> Iterator[Finding]:
    """Every basis names a known statute, and an article it has."""
    for clause in bank.clauses.values():
        for name, article in clause.basis:
            law = bank.vocabulary.laws.get(name)
            if law is None:
                yield clause_finding("basis", clause, 1, f"laws.yml 中没有“{name}”", f"unknown law '{name}'")
            elif article > law.last_article:
                yield clause_finding(
                    "basis", clause, 1, f"“{name}”没有第{article}条", f"{name} has no art. {article}"
                )


def blanks(bank: Bank) -> Iterator[Finding]:
    """A clause declares exactly the blanks its texts use, each known to the vocabulary."""
    for clause in bank.clauses.values():
        used = set().union(*(text_blanks(variant.body) for variant in clause.variants.values()))
        for name in sorted(used - clause.suggestions.keys()):
            yield clause_finding(
                "blanks", clause, 1, f"空白项 {name} 未列入 blanks", f"blank {name} is not listed"
            )
        for name in sorted(clause.suggestions.keys() - used):
            yield clause_finding("blanks", clause, 1, f"空白项 {name} 未使用", f"blank {name} is not used")
        for name in sorted((used | clause.suggestions.keys()) - bank.vocabulary.blanks.keys()):
            yield clause_finding(
                "blanks", clause, 1, f"词汇表中没有空白项 {name}", f"blank {name} is not declared"
            )


def paths(bank: Bank) -> Iterator[Finding]:
    """Every ``{{path|wording}}`` leads to a declared blank and suits its type."""
    for clause, variant in variants(bank):
        for line, mark, source in _blank_marks(variant.body):
            blank = check_path(bank.vocabulary, mark.name, source)
            if blank is None:
                if mark.name in bank.vocabulary.blanks or "." in mark.name:
                    yield clause_finding(
                        "paths", clause, line, f"没有栏目 {mark.name}", f"no field {mark.name}"
                    )
            elif mark.wording and mark.wording not in WORDINGS[blank.type]:
                message = f"{mark.name} 没有写法“{mark.wording}”"
                yield clause_finding(
                    "paths", clause, line, message, f"{mark.name} has no wording '{mark.wording}'"
                )
            elif not mark.wording and blank.type in {BlankType.LIST, BlankType.SWITCH}:
                yield clause_finding(
                    "paths", clause, line, f"{mark.name} 不能直接写入文本", f"{mark.name} is no text"
                )


def conditions(bank: Bank) -> Iterator[Finding]:
    """Every condition compares a known blank with a value it can have."""
    for clause, variant in variants(bank):
        for line, condition in all_conditions(variant.body):
            for comparison in condition:
                blank = bank.vocabulary.blanks.get(comparison.name)
                if blank is not None and not _comparable(comparison, blank):
                    text = f"{comparison.name} {comparison.operator} {comparison.value}"
                    yield clause_finding(
                        "conditions", clause, line, f"条件不适合：{text}", f"condition unfit: {text}"
                    )


def _comparable(comparison: Comparison, blank: Blank) -> bool:
    if comparison.operator in {"set", "unset"}:
        return True
    if comparison.operator not in {"=", "!="} and blank.type not in ORDERED:
        return False
    if blank.type is BlankType.CHOICE:
        return comparison.value in {choice.key for choice in blank.choices}
    return blank.type is not BlankType.SWITCH or comparison.value in {"true", "false"}


def definitions(bank: Bank) -> Iterator[Finding]:
    """A term is defined by one clause, once in each of its variants, and every marked use is defined."""
    owners: dict[str, set[str]] = defaultdict(set)
    for clause, variant in variants(bank):
        terms = Counter(mark.term for _, mark in all_marks(variant.body) if isinstance(mark, Definition))
        for term, count in terms.items():
            owners[term].add(clause.id)
            if count > 1:
                yield clause_finding(
                    "definitions", clause, 1, f"“{term}”定义了{count}次", f"'{term}' defined twice"
                )
    for term, ids in owners.items():
        if len(ids) > 1:
            clause = bank.clauses[min(ids)]
            both = "、".join(sorted(ids))
            yield clause_finding(
                "definitions", clause, 1, f"“{term}”在多处定义：{both}", f"'{term}' defined in {both}"
            )
    for clause, variant in variants(bank):
        for line, mark in all_marks(variant.body):
            if isinstance(mark, Use) and mark.term not in owners:
                yield clause_finding(
                    "definitions", clause, line, f"“{mark.term}”没有定义", f"'{mark.term}' undefined"
                )


def references(bank: Bank) -> Iterator[Finding]:
    """Every clause and anchor referred to exists, in each variant of the target."""
    for clause, variant in variants(bank):
        for line, mark in all_marks(variant.body):
            if isinstance(mark, ReferenceMark) and mark.kind == "clause" and not _found(mark, bank):
                name = key(mark)
                yield clause_finding(
                    "references", clause, line, f"引用的“{name}”不存在", f"'{name}' does not exist"
                )


def _found(mark: ReferenceMark, bank: Bank) -> bool:
    target = bank.clauses.get(mark.id)
    if target is None or not mark.anchor:
        return target is not None
    return all(mark.anchor in _anchors(variant.body) for variant in target.variants.values())


def _anchors(text: ClauseText) -> set[str]:
    paragraphs = [block for block in text.blocks if isinstance(block, ParagraphText)]
    return {h.anchor for p in paragraphs for h in holders(p) if h.anchor}


def label_words(bank: Bank) -> Iterator[Finding]:
    """Clauses speak of roles, never of 甲方 and 乙方."""
    for clause, line, text in texts(bank):
        if match := LABEL_WORDS.search(text):
            yield clause_finding(
                "label-words", clause, line, f"请用角色代替“{match[0]}”", "write {client} or {provider}", text
            )


def punctuation(bank: Bank) -> Iterator[Finding]:
    """Chinese text has full-width punctuation."""
    for clause, line, text in texts(bank):
        if match := HALF_WIDTH.search(text):
            yield clause_finding(
                "punctuation", clause, line, f"中文里有半角标点：{match[0]}", "half-width mark", text
            )


def sub_items(bank: Bank) -> Iterator[Finding]:
    """Circled numbers reach to 20."""
    for clause, variant in variants(bank):
        for block in variant.body.blocks:
            if isinstance(block, ParagraphText) and any(len(i.items) > MOST_SUB_ITEMS for i in block.items):
                yield clause_finding(
                    "sub-items", clause, block.line, "一项之下最多20目", "at most 20 sub-items"
                )


def long_ids(bank: Bank) -> Iterator[Finding]:
    """A clause id fits the tag of a Word content control."""
    for clause in bank.clauses.values():
        if len(clause.id) > LONGEST_ID:
            yield clause_finding(
                "long-ids", clause, 1, f"条款编号最多{LONGEST_ID}个字符", "the id is too long"
            )


BankRule = Callable[[Bank], Iterator[Finding]]
BANK_RULES: tuple[BankRule, ...] = (
    topics,
    basis,
    blanks,
    paths,
    conditions,
    definitions,
    references,
    label_words,
    punctuation,
    sub_items,
    long_ids,
)


def _blank_marks(text: ClauseText) -> Iterator[tuple[int, BlankMark, str]]:
    """Yield every blank mark with its line and the list of the table it stands in."""
    for block in text.blocks:
        match block:
            case ParagraphText():
                for holder in holders(block):
                    yield from _blanks_in(holder.marks, holder.line, "")
            case TableText():
                for index, row in enumerate(block.rows):
                    for cell in row.cells:
                        yield from _blanks_in(cell, row.line, block.source if index == 0 else "")


def _blanks_in(marks: Marks, line: int, source: str) -> Iterator[tuple[int, BlankMark, str]]:
    yield from ((line, mark, source) for mark in marks if isinstance(mark, BlankMark))


# --- templates -----------------------------------------------------------------------------------


def slots(template: Template, bank: Bank) -> Iterator[Finding]:
    """Every slot names a clause of the bank, and each clause stands once."""
    for clause_id, count in Counter(template.clause_ids()).items():
        if clause_id not in bank.clauses:
            yield _template_finding("slots", template, f"没有条款“{clause_id}”", f"no clause '{clause_id}'")
        if count > 1:
            yield _template_finding(
                "slots", template, f"条款“{clause_id}”出现{count}次", f"'{clause_id}' repeats"
            )


def identities(template: Template, _: Bank) -> Iterator[Finding]:
    """Ids of parts, articles and attachments are unique."""
    for kind, ids in (
        ("part", [part.id for part in template.parts]),
        ("article", [article.id for article in template.articles()]),
        ("attachment", [attachment.id for attachment in template.attachments]),
    ):
        for name, count in Counter(ids).items():
            if count > 1:
                yield _template_finding(
                    "identities", template, f"{kind} 编号重复：{name}", f"{kind} {name} repeats"
                )


def whens(template: Template, bank: Bank) -> Iterator[Finding]:
    """Every condition names a switch, choice or other blank with a value it can have."""
    for when in template.conditions():
        for name, values in when.items():
            blank = bank.vocabulary.blanks.get(name)
            keys = {choice.key for choice in blank.choices} if blank else set()
            if blank is None or (blank.type is BlankType.CHOICE and not keys.issuperset(map(str, values))):
                yield _template_finding("whens", template, f"条件不适合：{name}", f"condition unfit: {name}")


def targets(template: Template, bank: Bank) -> Iterator[Finding]:
    """Every reference of the clauses used has its target in the template."""
    ids = {f"article:{article.id}" for article in template.articles()}
    ids |= {f"part:{part.id}" for part in template.parts}
    ids |= {f"attachment:{attachment.id}" for attachment in template.attachments}
    ids |= set(template.clause_ids())
    for clause, line, mark in _template_marks(template, bank):
        name = mark.id if mark.kind == "clause" else f"{mark.kind}:{mark.id}"
        if name not in ids:
            message = f"{template.kind}：引用的“{name}”不在模板中"
            yield clause_finding("targets", clause, line, message, f"{template.kind} lacks '{name}'")


def citations(template: Template, bank: Bank) -> Iterator[Finding]:
    """Every attachment is cited by a clause of the body; the list of attachments does not count."""
    cited = {mark.id for _, _, mark in _template_marks(template, bank) if mark.kind == "attachment"}
    for attachment in template.attachments:
        if attachment.id not in cited:
            yield _template_finding(
                "citations",
                template,
                f"附件“{attachment.title.zh}”没有被引用",
                f"{attachment.id} is never cited",
            )


def used_blanks(template: Template, bank: Bank) -> Iterator[Finding]:
    """The frame's blanks and those with suggestions are declared."""
    for name in (*FRAME_BLANKS, *template.suggestions):
        if name not in bank.vocabulary.blanks:
            yield _template_finding(
                "used-blanks", template, f"词汇表中没有空白项 {name}", f"blank {name} is missing"
            )


def endings(template: Template, bank: Bank) -> Iterator[Finding]:
    """The body ends with a paragraph, which the signatures can be kept with on one page."""
    last = template.parts[-1].articles[-1].slots[-1].clause if template.parts else ""
    for variant in _variant_texts(bank.clauses.get(last)):
        if not isinstance(variant.body.blocks[-1], ParagraphText):
            yield clause_finding(
                "endings", bank.clauses[last], 1, "正文不能以表格结尾", "the body ends with a table"
            )


TemplateRule = Callable[[Template, Bank], Iterator[Finding]]
TEMPLATE_RULES: tuple[TemplateRule, ...] = (
    slots,
    identities,
    whens,
    targets,
    citations,
    used_blanks,
    endings,
)


def _template_marks(template: Template, bank: Bank) -> Iterator[tuple[Clause, int, ReferenceMark]]:
    for clause_id in template.clause_ids():
        clause = bank.clauses.get(clause_id)
        for variant in _variant_texts(clause):
            for line, mark in all_marks(variant.body):
                if clause is not None and isinstance(mark, ReferenceMark):
                    yield clause, line, mark


def _variant_texts(clause: Clause | None) -> tuple[Variant, ...]:
    return tuple(clause.variants.values()) if clause else ()


def _template_finding(rule: str, template: Template, zh: str, en: str) -> Finding:
    return Finding(rule, Level.ERROR, zh, en, f"{template.kind}/template.yml:1")


def unused_blanks(bank: Bank, templates: Mapping[str, Template]) -> list[str]:
    """Return the declared blanks that no clause, template or frame of any kind uses."""
    used = set(FRAME_BLANKS)
    for template in templates.values():
        for when in template.conditions():
            used |= when.keys()
    for _, variant in variants(bank):
        used |= text_blanks(variant.body)
    return sorted(bank.vocabulary.blanks.keys() - used)
