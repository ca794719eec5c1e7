"""What a choice of wording would change: every text of a topic or a clause beside the neutral one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from clausebank.balance import ladder
from clausebank.bank.model import Bank, Bilingual, Clause, Variant
from clausebank.compare import compare
from clausebank.compare.clauses import clause_document
from clausebank.compare.html import render_inline
from clausebank.document import Stance
from clausebank.templates import Template
from clausebank.wording.reading import shown

SIDES = (Stance.CLIENT, Stance.PROVIDER)


@dataclass(frozen=True, slots=True)
class Wording:
    """A text and, as HTML, how it differs from the neutral text in force."""

    stance: Stance
    version: int
    html: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """A clause with the texts that differ from its neutral one, and the figures that follow the stance."""

    clause: Clause
    texts: tuple[Wording, ...]
    figures: tuple[tuple[Bilingual, Mapping[Stance, str]], ...]


def of_topic(template: Template, bank: Bank, topic: str, language: str) -> list[Wordings]:
    """Return the clauses of a topic whose text or figures differ by stance, in the order of the contract."""
    clauses = [bank.clauses[name] for name in dict.fromkeys(template.clause_ids())]
    found = (of_clause(template, bank, clause, (), language) for clause in clauses if clause.topic == topic)
    return [each for each in found if each.texts or each.figures]


def of_clause(
    template: Template, bank: Bank, clause: Clause, older: Iterable[Variant], language: str
) -> Wordings:
    """Return the texts of a clause beside the neutral one, ``older`` versions after those in force."""
    own = [clause.variants[stance] for stance in SIDES if stance in clause.variants]
    neutral = clause_document(clause, clause.variants[Stance.NEUTRAL], bank)
    texts = tuple(
        Wording(
            variant.stance,
            variant.version,
            render_inline(compare(neutral, clause_document(clause, variant, bank)), language=language),
        )
        for variant in (*own, *older)
    )
    return Wordings(clause, texts, tuple(_figures(template, bank, clause)))


def _figures(
    template: Template, bank: Bank, clause: Clause
) -> Iterator[tuple[Bilingual, Mapping[Stance, str]]]:
    for blank, suggested in ladder(clause, bank, template):
        yield blank.label, {stance: shown(value, blank) for stance, value in suggested.items()}
