"""The contract every engine renders: about 14 pages of the shipped bank, other answers in every document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from clausebank import Stances, load_bank, load_templates
from clausebank.assembly.select import choose
from clausebank.bank.language import ReferenceMark, all_marks
from clausebank.bank.model import Bank
from clausebank.templates import ArticleSlot, Template
from schemas import example_answers

KIND = "crm-outsourcing"
LEFT_OUT = {"personnel", "assignment", "change"}
CLAUSES = 4
OFF = {"third_party": False, "personal_data": False}
UNASKED = {"outbound_contact": False}
"""Otherwise a rule would ask for the agreement on personal data, which is left out."""


@dataclass(frozen=True)
class Case:
    """The bank, the kind cut to size, and its raw answers."""

    bank: Bank
    template: Template
    answers: Mapping[str, Any]

    def raw(self, number: int) -> dict[str, Any]:
        """Return the answers of one document; no two documents share number, party, fee and dates."""
        day = date.fromordinal(date(2026, 1, 1).toordinal() + number % 300)
        return {
            **self.answers,
            "contract_number": f"BENCH-{number:05d}",
            "client": {**self.answers["client"], "name": f"第{number}号零售有限公司"},
            "fee_total": f"{480_000 + 37 * number}.00",
            "signing_date": day.isoformat(),
            "service_start_date": day.isoformat(),
            "service_end_date": day.replace(year=day.year + 2).isoformat(),
        }


def bench_case() -> Case:
    """Return the case, made from the texts as they are shipped now."""
    bank = load_bank()
    template = _cut(load_templates()[KIND], bank)
    answers = example_answers(template, bank)
    return Case(bank, template, {name: OFF.get(name, value) for name, value in answers.items()})


def left_out(case: Case) -> list[str]:
    """Return the clauses of the whole kind that the case does not hold."""
    kept = set(case.template.clause_ids())
    return [clause for clause in load_templates()[KIND].clause_ids() if clause not in kept]


def cut_answers(case: Case) -> dict[str, Any]:
    """Return raw answers for the whole kind without those clauses."""
    answers = example_answers(load_templates()[KIND], case.bank)
    return {name: {**OFF, **UNASKED}.get(name, value) for name, value in answers.items()}


def _cut(template: Template, bank: Bank) -> Template:
    """Keep the first clauses of the main articles, less those that refer to what is not kept."""
    part = template.parts[0]
    articles = [replace(a, slots=a.slots[:CLAUSES]) for a in part.articles if a.id not in LEFT_OUT]
    kept = _closed(articles, bank)
    while kept != articles:
        articles, kept = kept, _closed(kept, bank)
    return replace(template, parts=(replace(part, articles=tuple(kept)),), attachments=())


def _closed(articles: Iterable[ArticleSlot], bank: Bank) -> list[ArticleSlot]:
    articles = list(articles)
    there = {slot.clause for article in articles for slot in article.slots}
    there |= {f"article:{article.id}" for article in articles} | {"part:main"}
    shorter = (
        replace(a, slots=tuple(s for s in a.slots if _targets(s.clause, bank) <= there)) for a in articles
    )
    return [article for article in shorter if article.slots]


def _targets(clause: str, bank: Bank) -> set[str]:
    marks = [mark for _, mark in all_marks(choose(bank, clause, Stances()).variant.body)]
    references = [mark for mark in marks if isinstance(mark, ReferenceMark)]
    return {mark.id if mark.kind == "clause" else f"{mark.kind}:{mark.id}" for mark in references}
