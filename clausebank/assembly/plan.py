"""What each article, clause and block of a contract is made of, worked out once for a numbering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clausebank.assembly import frame
from clausebank.assembly.number import Numbered, NumberedArticle, NumberedClause, Numbering
from clausebank.assembly.references import cited
from clausebank.assembly.select import find_blanks
from clausebank.bank.language import ClauseText, GeneratedText, ItemText, TableText
from clausebank.bank.model import Vocabulary
from clausebank.memo import Memo
from clausebank.wording.values import Value

_NONE: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Needs:
    """What a text is made of besides itself.

    ``fixed`` are objects of the numbering and the bank, ``blanks`` the answers it reads, ``listing``
    tells whether it shows the list of attachments.
    """

    fixed: tuple[object, ...]
    blanks: tuple[str, ...]
    listing: bool

    def owners(self, answers: Mapping[str, Value], labels: object, register: object) -> tuple[object, ...]:
        """Return everything the text is made of in a contract with these answers."""
        shown = register if self.listing else None
        return (*self.fixed, labels, shown, *map(answers.get, self.blanks))


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """A block and what it is made of."""

    block: Numbered | TableText | GeneratedText
    needs: Needs


@dataclass(frozen=True, slots=True)
class ClausePlan:
    """A clause in place, its blocks, and what it is made of."""

    clause: NumberedClause
    blocks: tuple[BlockPlan, ...]
    needs: Needs


@dataclass(frozen=True, slots=True)
class ArticlePlan:
    """An article of the body or of ``attachment``, its clauses, and what it is made of."""

    article: NumberedArticle
    attachment: str
    clauses: tuple[ClausePlan, ...]
    needs: Needs


@dataclass(frozen=True, slots=True)
class Plan:
    """The articles of each part and of each attachment."""

    parts: tuple[tuple[ArticlePlan, ...], ...]
    attachments: tuple[tuple[ArticlePlan, ...], ...]


_plans: Memo[Plan] = Memo(1 << 7)


def plan_of(numbering: Numbering, vocabulary: Vocabulary, attachments: tuple[str, ...]) -> Plan:
    """Return the plan of a numbering, made once; ``attachments`` are the ids of its attachments."""
    return _plans((numbering, vocabulary), attachments, lambda: _plan(numbering, vocabulary, attachments))


def _plan(numbering: Numbering, vocabulary: Vocabulary, attachments: tuple[str, ...]) -> Plan:
    def planned(articles: tuple[NumberedArticle, ...], attachment: str = "") -> tuple[ArticlePlan, ...]:
        return tuple(_article(article, attachment, numbering, vocabulary) for article in articles)

    held = zip(attachments, numbering.attachments, strict=True)
    return Plan(
        tuple(planned(articles) for _, articles in numbering.parts),
        tuple(planned(articles, name) for name, (_, articles) in held),
    )


def _article(
    article: NumberedArticle, attachment: str, numbering: Numbering, vocabulary: Vocabulary
) -> ArticlePlan:
    clauses = tuple(_clause(clause, numbering, vocabulary) for clause in article.clauses)
    below = [clause.needs for clause in clauses]
    return ArticlePlan(article, attachment, clauses, _joined((article, numbering, vocabulary), below))


def _clause(clause: NumberedClause, numbering: Numbering, vocabulary: Vocabulary) -> ClausePlan:
    blocks = tuple(BlockPlan(block, _needs(block, numbering, vocabulary)) for block in clause.blocks)
    chosen = clause.chosen
    fixed = (clause.blocks, chosen.clause, chosen.variant, vocabulary)
    shown = [each for block in blocks for each in block.needs.fixed[2:]]
    return ClausePlan(clause, blocks, _joined((*fixed, *shown), [block.needs for block in blocks]))


def _needs(
    block: Numbered | TableText | GeneratedText, numbering: Numbering, vocabulary: Vocabulary
) -> Needs:
    if isinstance(block, GeneratedText):
        return Needs((block, vocabulary), frame.BLANKS, block.kind == "attachments")
    source = block.source if isinstance(block, Numbered) else block
    assert not isinstance(source, ItemText)
    text = ClauseText((source,))
    return Needs(
        (block, vocabulary, cited(text, numbering.targets)), tuple(sorted(find_blanks(text))), listing=False
    )


def _joined(fixed: tuple[object, ...], below: list[Needs]) -> Needs:
    blanks = sorted({name for needs in below for name in needs.blanks})
    return Needs(fixed, tuple(blanks), any(needs.listing for needs in below))
