"""The policy: how far from one's own interest a contract may go before somebody else must approve it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from clausebank.assembly.select import reached_blanks
from clausebank.balance import Line, size_of
from clausebank.bank.model import Bank, Bilingual, Blank
from clausebank.document import Document, Stance, sections
from clausebank.wording.reading import read_value, shown
from clausebank.wording.values import Value


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most a figure may be, as text ``read_value`` reads; empty for no limit."""

    least: str = ""
    most: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be agreed without asking.

    ``side`` is the stance of our own interest. ``floors`` gives for a topic the stance furthest from it
    that is allowed; a topic not named allows the neutral wording. ``limits`` are those of figures, by blank.
    """

    side: Stance = Stance.CLIENT
    floors: Mapping[str, Stance] = field(default_factory=dict)
    limits: Mapping[str, Range] = field(default_factory=dict)

    def floor(self, topic: str) -> Stance:
        """Return the stance of a topic furthest from our interest that is allowed."""
        return self.floors.get(topic, Stance.NEUTRAL)

    def allows(self, topic: str, stance: Stance) -> bool:
        """Tell whether a wording of a topic may be agreed without asking."""
        return self._distance(stance) <= self._distance(self.floor(topic))

    def _distance(self, stance: Stance) -> int:
        return 0 if stance is self.side else 1 if stance is Stance.NEUTRAL else 2

    def to_data(self) -> dict[str, Any]:
        """Return the policy as plain data."""
        return {
            "side": self.side.value,
            "floors": {topic: stance.value for topic, stance in sorted(self.floors.items())},
            "limits": {name: asdict(limit) for name, limit in sorted(self.limits.items())},
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Policy:
        """Return the policy that plain data describe."""
        return cls(
            Stance(data["side"]),
            {topic: Stance(stance) for topic, stance in data["floors"].items()},
            {name: Range(**limit) for name, limit in data["limits"].items()},
        )


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a contract goes below the floor: a wording (``clause``) or a figure (``blank``).

    ``chosen`` and ``allowed`` are stances for a wording, words for a figure.
    """

    title: Bilingual
    chosen: str
    allowed: str
    clause: str = ""
    blank: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return the breach as plain data."""
        return {**asdict(self), "title": {"zh": self.title.zh, "en": self.title.en}}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Breach:
        """Return the breach that plain data describe."""
        return cls(**{**data, "title": Bilingual(data["title"]["zh"], data["title"]["en"])})


def breaches(lines: tuple[Line, ...], document: Document, bank: Bank, policy: Policy) -> tuple[Breach, ...]:
    """Return where a contract goes below the floor; ``lines`` are its balance."""
    return (*_wordings(lines, policy), *_figures(document, bank, policy))


def _wordings(lines: tuple[Line, ...], policy: Policy) -> Iterator[Breach]:
    for line in lines:
        for wording in line.wordings:
            if not policy.allows(line.topic, wording.stance):
                floor = policy.floor(line.topic).value
                yield Breach(wording.title, wording.stance.value, floor, clause=wording.clause)


def _figures(document: Document, bank: Bank, policy: Policy) -> Iterator[Breach]:
    reached = {
        name
        for section in sections(document)
        if section.clause in bank.clauses
        for name in reached_blanks(
            bank.clauses[section.clause].variant(section.stance).body, document.answers
        )
    }
    for name, limit in policy.limits.items():
        blank, value = bank.vocabulary.blanks.get(name), document.answers.get(name)
        if blank is not None and value is not None and name in reached and not _within(value, limit, blank):
            yield Breach(blank.label, shown(value, blank), words_of(limit, blank), blank=name)


def _within(value: Value, limit: Range, blank: Blank) -> bool:
    """Tell whether a figure is within its limits; what is no number has none."""
    size = size_of(value)
    least, most = (size_of(read_value(text, blank)) if text else None for text in (limit.least, limit.most))
    if size is None:
        return True
    return (least is None or size >= least) and (most is None or size <= most)


def words_of(limit: Range, blank: Blank) -> str:
    """Return the limits of a figure in words: ``≥ 30%``, ``≤ 60日``, ``30% – 100%``."""
    least, most = (
        shown(read_value(text, blank), blank) if text else "" for text in (limit.least, limit.most)
    )
    if least and most:
        return f"{least} – {most}"
    return f"≥ {least}" if least else f"≤ {most}"
