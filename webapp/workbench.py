"""The form worked out: which questions to ask, what is wrong, and the contract as far as it goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from webapp.entry import Entry, Typed
from webapp.figures import NUMBERS, plain_number
from webapp.partial import Messages, load_partly


@dataclass(frozen=True, slots=True)
class Work:
    """A form worked out: its valid answers, its problems, and the document they make.

    ``raw`` is the form as the schema takes it; ``messages`` are the schema's, by flat name.
    """

    entry: Entry
    template: Template
    questions: tuple[Blank, ...]
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


def work_out(entry: Entry, template: Template, bank: Bank, asked: tuple[Blank, ...]) -> Work:
    """Make as much of a contract as the entries allow; what is missing or invalid stays a gap."""
    raw = nest(tidied(entry.typed, asked), asked)
    answers, messages = load_partly(template, bank, entry.stances, raw)
    document = assemble(template, answers, bank, entry.stances, filed=entry.files.kept)
    return Work(
        entry=entry,
        template=template,
        questions=asked,
        raw=raw,
        answers=answers,
        messages=messages,
        needed=blanks_needed(template, bank, entry.stances, answers),
        document=document,
        findings=tuple(lint(document)),
    )


def tidied(typed: Typed, blanks: Sequence[Blank]) -> Iterator[tuple[str, str]]:
    """Yield the fields with numbers as the schema takes them: half-width, without sign or unit."""
    plain = {blank.name: blank.type for blank in blanks}
    plain |= {f"{b.name}.{column.name}": column.type for b in blanks for column in b.fields}
    for name, text in typed.items():
        root, *path = name.split(".")
        column = ".".join([root, *(step for step in path if not step.isdigit())]).removesuffix(".number")
        if plain.get(column) in NUMBERS and not name.endswith(".unit"):
            yield name, plain_number(text)
        else:
            yield name, text
