"""The form worked out: which questions to ask, what is wrong, and the contract as far as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clausebank.assembly.assemble import assemble
from clausebank.assembly.select import Stances, blanks_needed, blanks_offered
from clausebank.bank.model import Bank, Blank
from clausebank.document import Document, Stance
from clausebank.findings import Finding
from clausebank.lint import lint
from clausebank.templates import Template
from clausebank.wording.values import Answers
from schemas.forms import nest
from webapp.entry import Entry
from webapp.partial import Messages, load_partly


@dataclass(frozen=True, slots=True)
class Work:
    """A form worked out: its valid answers, its problems, and the document they make.

    ``raw`` is the form as the schema takes it; ``messages`` are the schema's, by flat name.
    """

    entry: Entry
    template: Template
    raw: Mapping[str, object]
    answers: Answers
    messages: Messages
    needed: frozenset[str]
    document: Document
    findings: tuple[Finding, ...]


def questions(template: Template, bank: Bank) -> tuple[Blank, ...]:
    """Return every blank a kind may ask for under any stance, in vocabulary order."""
    names = {
        blank.name for stance in Stance for blank in blanks_offered(template, bank, Stances(default=stance))
    }
    return tuple(blank for name, blank in bank.vocabulary.blanks.items() if name in names)


def work_out(entry: Entry, template: Template, bank: Bank) -> Work:
    """Make as much of a contract as the entries allow; what is missing or invalid stays a gap."""
    raw = nest(entry.typed.items(), questions(template, bank))
    answers, messages = load_partly(template, bank, entry.stances, raw)
    document = assemble(template, answers, bank, entry.stances)
    return Work(
        entry=entry,
        template=template,
        raw=raw,
        answers=answers,
        messages=messages,
        needed=blanks_needed(template, bank, entry.stances, answers),
        document=document,
        findings=tuple(lint(document)),
    )
