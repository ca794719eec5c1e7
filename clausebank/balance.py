"""The balance of a contract: whose favour its wording and its figures are in, topic by topic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from clausebank.assembly.select import reached_blanks, text_blanks
from clausebank.bank.model import Bank, Bilingual, Blank, Clause
from clausebank.document import Document, Section, Stance, sections
from clausebank.templates import Template
from clausebank.wording.reading import read_value, shown
from clausebank.wording.values import Money, Period, Value

Suggested = Mapping[Stance, Value]


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause with a text of its own for some stance, and the stance of the text chosen."""

    clause: str
    title: Bilingual
    stance: Stance


@dataclass(frozen=True, slots=True)
class Figure:
    """A value beside what each stance suggests, all in words; ``leans`` is None where that cannot be told."""

    blank: str
    label: Bilingual
    value: str
    suggested: Mapping[Stance, str]
    leans: Stance | None


@dataclass(frozen=True, slots=True)
class Line:
    """A topic in which the stances differ."""

    topic: str
    title: Bilingual
    wordings: tuple[Wording, ...]
    figures: tuple[Figure, ...]

    @property
    def favours(self) -> Stance | None:
        """Whose favour the wording is in, or the figures where the wording is neutral; None when mixed."""
        sides = {wording.stance for wording in self.wordings} - {Stance.NEUTRAL}
        sides = sides or {f.leans for f in self.figures if f.leans} - {Stance.NEUTRAL}
        return next(iter(sides), Stance.NEUTRAL) if len(sides) <= 1 else None


def balance(document: Document, template: Template, bank: Bank) -> tuple[Line, ...]:
    """Return a line for each topic of a contract in which the stances differ, in vocabulary order."""
    by_topic: dict[str, list[tuple[Clause, Section]]] = {}
    for section in sections(document):
        if section.clause in bank.clauses:
            clause = bank.clauses[section.clause]
            by_topic.setdefault(clause.topic, []).append((clause, section))
    seen: set[str] = set()
    lines = (
        Line(
            topic,
            title,
            tuple(
                Wording(clause.id, clause.title, section.stance)
                for clause, section in by_topic[topic]
                if len(clause.variants) > 1
            ),
            tuple(_figures(by_topic[topic], document.answers, template, bank, seen)),
        )
        for topic, title in bank.vocabulary.topics.items()
        if topic in by_topic
    )
    return tuple(line for line in lines if line.wordings or line.figures)


def ladder(clause: Clause, bank: Bank, template: Template | None = None) -> Iterator[tuple[Blank, Suggested]]:
    """Yield the blanks of a clause whose suggestion differs by stance, with the typed suggestions.

    A stance whose text does not have the blank suggests nothing for it.
    """
    having = {stance: text_blanks(clause.variant(stance).body) for stance in Stance}
    for name, own in clause.suggestions.items():
        raw = template.suggestions.get(name, own) if template else own
        values = {s: raw.get(s, raw.get(Stance.NEUTRAL)) for s in Stance if name in having[s]}
        given = {stance: value for stance, value in values.items() if value is not None}
        blank = bank.vocabulary.blanks.get(name)
        if blank and any(value != given.get(Stance.NEUTRAL) for value in given.values()):
            yield blank, {stance: read_value(value, blank) for stance, value in given.items()}


def _figures(
    placed: Iterable[tuple[Clause, Section]],
    answers: Mapping[str, Value],
    template: Template,
    bank: Bank,
    seen: set[str],
) -> Iterator[Figure]:
    """Yield the figures of a topic that its chosen texts reach, each blank once a contract."""
    for clause, section in placed:
        reached = reached_blanks(clause.variant(section.stance).body, answers)
        for blank, suggested in ladder(clause, bank, template):
            if blank.name in reached and blank.name not in seen:
                seen.add(blank.name)
                yield _figure(blank, answers.get(blank.name), suggested)


def _figure(blank: Blank, value: Value | None, suggested: Suggested) -> Figure:
    return Figure(
        blank.name,
        blank.label,
        "" if value is None else shown(value, blank),
        {stance: shown(suggestion, blank) for stance, suggestion in suggested.items()},
        None if value is None else leaning(value, blank, suggested),
    )


def leaning(value: Value, blank: Blank, suggested: Suggested) -> Stance | None:
    """Return the side of the neutral suggestion a number is on; other values must equal a suggestion."""
    sizes = {stance: size_of(suggestion) for stance, suggestion in suggested.items()}
    size = size_of(value)
    if size is not None and len(sizes) == len(Stance) and None not in sizes.values():
        client, neutral, provider = (
            sizes[s] or Decimal() for s in (Stance.CLIENT, Stance.NEUTRAL, Stance.PROVIDER)
        )
        if client != provider:
            off = (size - neutral) * (provider - client)
            return Stance.NEUTRAL if off == 0 else Stance.PROVIDER if off > 0 else Stance.CLIENT
    said = shown(value, blank)
    equal = {stance for stance, suggestion in suggested.items() if shown(suggestion, blank) == said}
    if Stance.NEUTRAL in equal:
        return Stance.NEUTRAL
    return next(iter(equal)) if len(equal) == 1 else None


def size_of(value: Value) -> Decimal | None:
    """Return how large a figure is, to compare two of one blank; None for what is no number."""
    match value:
        case bool():
            return None
        case Money():
            return Decimal(value.fen)
        case Period():
            return value.hours
        case Decimal() | int():
            return Decimal(value)
        case _:
            return None
