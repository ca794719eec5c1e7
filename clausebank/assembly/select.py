"""Selection: which variants a contract takes, and which blanks they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clausebank.assembly.conditions import applies, holds
from clausebank.bank.language import (
    BlankMark,
    ClauseText,
    Condition,
    GeneratedText,
    ItemText,
    Marks,
    ParagraphText,
    TableText,
    all_conditions,
    all_marks,
)
from clausebank.bank.model import Bank, Blank, Clause, Variant
from clausebank.document import Stance
from clausebank.errors import UnknownName
from clausebank.memo import Memo
from clausebank.templates import ArticleSlot, AttachmentSlot, PartSlot, Template
from clausebank.wording.values import Value

_TEXTS = 1 << 12
_blanks_of: Memo[frozenset[str]] = Memo(_TEXTS)
_deciding: Memo[tuple[str, ...]] = Memo(_TEXTS)
_reached: Memo[frozenset[str]] = Memo(_TEXTS)
_choices: Memo[tuple[str, ...]] = Memo(1 << 6)
_selections: Memo[Selection] = Memo(1 << 8)
_conditions: Memo[tuple[Condition, ...]] = Memo(1 << 8)
_decided: Memo[tuple[bool, ...]] = Memo(1 << 10)
_needed: Memo[frozenset[str]] = Memo(1 << 8)

FRAME_BLANKS = ("contract_number", "signing_place", "signing_date", "party_labels", "client", "provider")


@dataclass(frozen=True, slots=True)
class Stances:
    """The stance of a contract as a whole, of single topics and of single clauses.

    ``versions`` are numbers of the versions to take of clauses named in ``by_clause``, the newest where
    none is given. ``without`` are the ids of clauses left out.
    """

    default: Stance = Stance.NEUTRAL
    by_topic: Mapping[str, Stance] = field(default_factory=dict)
    by_clause: Mapping[str, Stance] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    without: frozenset[str] = field(default_factory=frozenset)

    def of(self, clause: Clause) -> Stance:
        """Return the stance chosen for a clause, else for its topic, else for the whole."""
        return self.by_clause.get(clause.id) or self.by_topic.get(clause.topic, self.default)

    def key(self) -> tuple[object, ...]:
        """Return what decides which variants are taken of a bank, as a key."""
        single = (tuple(sorted(each.items())) for each in (self.by_topic, self.by_clause))
        return (self.default, *single, self.without)

    def clause_choice(self, clause_id: str) -> str:
        """Return what was chosen for a clause as it is written: ``client`` or ``client:2``, empty for nothing."""
        stance, version = self.by_clause.get(clause_id, ""), self.versions.get(clause_id)
        return f"{stance}:{version}" if version else str(stance)

    def to_data(self) -> dict[str, Any]:
        """Return plain data, as it is stored; what was not chosen is left out."""
        chosen: dict[str, Any] = {
            "by_clause": {clause: stance.value for clause, stance in self.by_clause.items()},
            "versions": dict(self.versions),
            "without": sorted(self.without),
        }
        return {
            "default": self.default.value,
            "by_topic": {topic: stance.value for topic, stance in self.by_topic.items()},
            **{name: value for name, value in chosen.items() if value},
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Stances:
        """Read stored stances."""
        topics, clauses = (
            {n: Stance(s) for n, s in data.get(k, {}).items()} for k in ("by_topic", "by_clause")
        )
        without = frozenset(data.get("without", ()))
        return cls(Stance(data["default"]), topics, clauses, data.get("versions", {}), without)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A clause with the variant taken."""

    clause: Clause
    variant: Variant


@dataclass(frozen=True, slots=True)
class SelectedArticle:
    """An article that applies, with its clauses."""

    slot: ArticleSlot
    clauses: tuple[Chosen, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """The parts and attachments that apply, in order, each with its articles."""

    parts: tuple[tuple[PartSlot, tuple[SelectedArticle, ...]], ...]
    attachments: tuple[tuple[AttachmentSlot, tuple[SelectedArticle, ...]], ...]

    def chosen(self) -> Iterator[Chosen]:
        """Yield every clause taken, in order."""
        for _, articles in (*self.parts, *self.attachments):
            for article in articles:
                yield from article.clauses


def select(
    template: Template,
    answers: Mapping[str, Value],
    bank: Bank,
    stances: Stances | None = None,
    pins: Mapping[str, Variant] | None = None,
) -> Selection:
    """Take the slots whose conditions hold, each in its stance's variant; ``pins`` override.

    Answers that decide alike give the same object.
    """
    chosen, pinned = stances or Stances(), pins or {}
    names = _choices((template,), (), lambda: _names_asked(template))
    owners = (template, bank, *pinned.values(), *map(answers.get, names))
    key = (*chosen.key(), *pinned)
    return _selections(owners, key, lambda: _select(template, answers, bank, chosen, pinned))


def _names_asked(template: Template) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for when in template.conditions() for name in when))


def _select(
    template: Template,
    answers: Mapping[str, Value],
    bank: Bank,
    chosen: Stances,
    pins: Mapping[str, Variant],
) -> Selection:
    def articles(slots: tuple[ArticleSlot, ...]) -> tuple[SelectedArticle, ...]:
        taken = (
            SelectedArticle(
                slot,
                tuple(
                    choose(bank, place.clause, chosen, pins)
                    for place in slot.slots
                    if applies(place.when, answers) and place.clause not in chosen.without
                ),
            )
            for slot in slots
            if applies(slot.when, answers)
        )
        return tuple(article for article in taken if article.clauses)

    return Selection(
        tuple((part, articles(part.articles)) for part in template.parts if applies(part.when, answers)),
        tuple((a, articles(a.articles)) for a in template.attachments if applies(a.when, answers)),
    )


def choose(bank: Bank, clause_id: str, stances: Stances, pins: Mapping[str, Variant] | None = None) -> Chosen:
    """Return a clause with its pinned variant, or else the one for its topic's stance."""
    if clause_id not in bank.clauses:
        raise UnknownName("条款", clause_id)
    clause = bank.clauses[clause_id]
    pinned = (pins or {}).get(clause_id)
    return Chosen(clause, pinned or clause.variant(stances.of(clause)))


def topics_with_stances(template: Template, bank: Bank) -> tuple[str, ...]:
    """Return the topics of a template in which the stances differ, in vocabulary order."""
    clauses = [bank.clauses[clause_id] for clause_id in template.clause_ids()]
    differing = {clause.topic for clause in clauses if stances_differ(clause)}
    return tuple(topic for topic in bank.vocabulary.topics if topic in differing)


def stances_differ(clause: Clause) -> bool:
    """Tell whether some stance has a wording of its own or suggests another value than neutral."""
    suggested = (values for values in clause.suggestions.values() if Stance.NEUTRAL in values)
    own = any(any(value != values[Stance.NEUTRAL] for value in values.values()) for values in suggested)
    return own or len(clause.variants) > 1


def blanks_offered(template: Template, bank: Bank, stances: Stances | None = None) -> tuple[Blank, ...]:
    """Return every blank that could be asked for under these stances, in vocabulary order."""
    names = set(FRAME_BLANKS)
    for when in template.conditions():
        names |= when.keys()
    for attachment in template.attachments:
        names |= marks_blanks(attachment.requirement)
    for clause_id in template.clause_ids():
        names |= text_blanks(choose(bank, clause_id, stances or Stances()).variant.body)
    blanks = bank.vocabulary.blanks
    return tuple(blank for name, blank in blanks.items() if name in names and not blank.derived)


def blanks_needed(
    template: Template,
    bank: Bank,
    stances: Stances | None,
    answers: Mapping[str, Value],
) -> frozenset[str]:
    """Return the blanks a contract with these answers reaches, optional ones included.

    Answers decide conditions, so the set can grow as more answers are given.
    """
    selection = select(template, answers, bank, stances)
    key = decided(selection, answers)
    return _needed((template, bank, selection), key, lambda: _made_needed(template, bank, selection, answers))


def _made_needed(
    template: Template, bank: Bank, selection: Selection, answers: Mapping[str, Value]
) -> frozenset[str]:
    names = {*FRAME_BLANKS, *_names_asked(template)}
    for attachment, _ in selection.attachments:
        names |= marks_blanks(attachment.requirement)
    for chosen in selection.chosen():
        names |= reached_blanks(chosen.variant.body, answers)
    blanks = bank.vocabulary.blanks
    return frozenset(name for name in names if name not in blanks or not blanks[name].derived)


def suggestions(template: Template, bank: Bank, stances: Stances | None = None) -> dict[str, object]:
    """Return the suggested raw values for these stances by blank name.

    A template's own suggestion overrides that of a clause; the stance is that of the clause's topic.
    """
    chosen = stances or Stances()
    found: dict[str, object] = {"party_labels": template.labels}
    for clause_id in template.clause_ids():
        clause = bank.clauses[clause_id]
        for name, suggested in clause.suggestions.items():
            _suggest(found, name, template.suggestions.get(name, suggested), chosen.of(clause))
    for name, suggested in template.suggestions.items():
        _suggest(found, name, suggested, chosen.default)
    return found


def _suggest(
    found: dict[str, object],
    name: str,
    suggested: Mapping[Stance, object],
    stance: Stance,
) -> None:
    value = suggested.get(stance, suggested.get(Stance.NEUTRAL))
    if value is not None:
        found.setdefault(name, value)


def marks_blanks(marks: Marks) -> set[str]:
    """Return the names of the blanks in a run of marks."""
    return {_root(mark.name) for mark in marks if isinstance(mark, BlankMark)} - {"row"}


def text_blanks(text: ClauseText) -> frozenset[str]:
    """Return every blank a text names: in marks, list tables and conditions."""
    return _blanks_of((text,), (), lambda: find_blanks(text))


def find_blanks(text: ClauseText) -> frozenset[str]:
    """Return the same, looked up anew: for texts that are not kept."""
    names = {_root(mark.name) for _, mark in all_marks(text) if isinstance(mark, BlankMark)} - {"row"}
    names |= {comparison.name for _, condition in all_conditions(text) for comparison in condition}
    names |= {block.source for block in text.blocks if isinstance(block, TableText) and block.source}
    return frozenset(names)


def decided(selection: Selection, answers: Mapping[str, Value]) -> tuple[bool, ...]:
    """Return which of the conditions in the texts taken hold, in the order in which they first stand."""
    conditions = _conditions((selection,), (), lambda: _all_conditions(selection))
    names = _deciding((conditions,), (), lambda: _names_compared(conditions))
    given = map(answers.get, names)
    return _decided((conditions, *given), (), lambda: tuple(holds(each, answers) for each in conditions))


def _all_conditions(selection: Selection) -> tuple[Condition, ...]:
    texts = (chosen.variant.body for chosen in selection.chosen())
    return tuple(dict.fromkeys(condition for text in texts for _, condition in all_conditions(text)))


def _names_compared(conditions: Iterable[Condition]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(comparison.name for condition in conditions for comparison in condition))


def deciding_answers(text: ClauseText, answers: Mapping[str, Value]) -> tuple[Value | None, ...]:
    """Return the answers that decide the conditions of a text."""
    conditions = (condition for _, condition in all_conditions(text))
    return tuple(map(answers.get, _deciding((text,), (), lambda: _names_compared(conditions))))


def reached_blanks(text: ClauseText, answers: Mapping[str, Value]) -> frozenset[str]:
    """Return the blanks a text needs when its conditions are decided by these answers."""
    owners = (text, *deciding_answers(text, answers))
    return _reached(owners, (), lambda: _reached_blanks(text, answers))


def _reached_blanks(text: ClauseText, answers: Mapping[str, Value]) -> frozenset[str]:
    names: set[str] = set()
    for block in text.blocks:
        match block:
            case ParagraphText():
                names |= _reached_holder(block, answers)
            case TableText():
                names |= {block.source} if block.source else set()
                names |= set().union(*map(marks_blanks, block.header)) if block.header else set()
                for row in block.rows:
                    names |= _names(row.condition)
                    if holds(row.condition, answers):
                        names |= set().union(*map(marks_blanks, row.cells))
            case GeneratedText():
                pass
    return frozenset(names)


def _reached_holder(holder: ParagraphText | ItemText, answers: Mapping[str, Value]) -> set[str]:
    names = _names(holder.condition)
    if holds(holder.condition, answers):
        names |= marks_blanks(holder.marks)
        for item in holder.items:
            names |= _reached_holder(item, answers)
    return names


def _names(condition: Condition) -> set[str]:
    return {comparison.name for comparison in condition}


def _root(name: str) -> str:
    return name.split(".", maxsplit=1)[0]
