"""The records of the bank: vocabulary, clauses, their variants and versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from clausebank.bank.language import ClauseText
from clausebank.document import Stance


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A label or help text in Chinese and English."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        """Return the text in ``zh`` or ``en``."""
        return self.en if language == "en" else self.zh


class BlankType(StrEnum):
    """What kind of value fills a blank."""

    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    PERIOD = "period"
    INTEGER = "integer"
    CHOICE = "choice"
    SWITCH = "switch"
    TEXT = "text"
    COMPANY = "company"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a choice blank; ``text`` is its wording in a contract."""

    key: str
    label: Bilingual
    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A named typed gap.

    ``minimum``, ``maximum`` and ``example`` are in the form a person would enter (see
    docs/clause-authors.md §3): limits of a text count characters, those of a list count rows.
    """

    name: str
    type: BlankType
    label: Bilingual
    group: str
    example: object
    help: Bilingual | None = None
    unit: Bilingual | None = None
    minimum: str | None = None
    maximum: str | None = None
    optional: bool = False
    derived: bool = False
    multiline: bool = False
    choices: tuple[Choice, ...] = ()
    fields: tuple[Blank, ...] = ()


@dataclass(frozen=True, slots=True)
class Law:
    """A statute: its short name in ``basis``, and when which text of it was in force."""

    name: str
    title: str
    last_article: int
    effective_from: date
    effective_to: date | None
    version: str
    replaced_by: str = ""

    def in_force(self, day: date) -> bool:
        """Tell whether the statute applies on a day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Term:
    """A word to use, the words not to use ``instead`` of it, and the ``allowed`` words that hold those."""

    name: str
    instead: tuple[str, ...]
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two clauses that may hold nearly the same sentence, and why."""

    clauses: frozenset[str]
    reason: Bilingual


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words the bank may use; ``company`` holds the fields of every company blank."""

    blanks: Mapping[str, Blank]
    groups: Mapping[str, Bilingual]
    topics: Mapping[str, Bilingual]
    laws: Mapping[str, Law]
    company: tuple[Blank, ...]
    sha256: str
    terms: tuple[Term, ...] = ()
    alike: tuple[Alike, ...] = ()

    def label(self, path: str) -> Bilingual:
        """Return the label of a field by its flat name, as ``payment_schedule.0.share``; an unknown name itself."""
        root, *below = path.split(".")
        blank = self.blanks.get(root)
        if blank is None:
            return Bilingual(path, path)
        parts = {part.name: part.label for part in blank.fields or self.company}
        zh, en = blank.label.zh, blank.label.en
        for step in below:
            if step.isdigit():
                zh, en = f"{zh} 第{int(step) + 1}行", f"{en}, row {int(step) + 1}"
            elif step in parts:
                zh, en = f"{zh} {parts[step].zh}", f"{en}: {parts[step].en}"
        return Bilingual(zh, en)


@dataclass(frozen=True, slots=True)
class Variant:
    """The wording of a clause for one stance, at one version.

    ``sha256`` is the digest of ``text``; ``body`` is what the parser made of it.
    """

    stance: Stance
    version: int
    sha256: str
    text: str
    body: ClauseText


@dataclass(frozen=True, slots=True)
class Clause:
    """A section of the bank.

    ``suggestions`` maps a blank the clause uses to suggested raw values by stance. ``mandatory`` marks
    that renewals which keep the other texts take the approved one of this clause.
    """

    id: str
    topic: str
    title: Bilingual
    basis: tuple[tuple[str, int], ...]
    suggestions: Mapping[str, Mapping[Stance, object]]
    notes: Bilingual | None
    variants: Mapping[Stance, Variant]
    source: str = ""
    mandatory: bool = False

    def variant(self, stance: Stance) -> Variant:
        """Return the variant for a stance; the neutral one where there is none."""
        return self.variants.get(stance) or self.variants[Stance.NEUTRAL]


@dataclass(frozen=True, slots=True)
class Bank:
    """Every clause and the vocabulary; ``version`` is the digest of its texts."""

    clauses: Mapping[str, Clause]
    vocabulary: Vocabulary
    version: str = field(default="")
