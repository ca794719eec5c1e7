"""What the form page shows of a form worked out, in one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from uuid import UUID

from flask import url_for

from clausebank.assembly.conditions import applies
from clausebank.assembly.select import topics_with_stances
from clausebank.balance import Line as Topic
from clausebank.balance import balance
from clausebank.bank.model import Bank, Bilingual, Blank, BlankType, Clause
from clausebank.document import Attachment, Document, Role, Stance, contents
from clausebank.document import Entry as Line
from clausebank.findings import Finding, Level
from clausebank.policy import Breach, Policy, breaches
from clausebank.render.html import render_html
from clausebank.templates import ArticleSlot, Template
from clausebank.uploads import Limits
from clausebank.wording.money import rmb_in_words
from clausebank.wording.phrase import phrase
from clausebank.wording.values import Money, Row, Value
from webapp.attached import Kept, sealed, unsealed
from webapp.entry import Entry, is_full, row_count
from webapp.i18n import gettext as _
from webapp.i18n import ngettext
from webapp.saving import Saving, fresh_saving
from webapp.steps import Step, steps_of
from webapp.workbench import Work

GAP, MISSING_FILE = "STR-03", "FIL-01"
SELF_EVIDENT = {BlankType.CHOICE, BlankType.SWITCH, BlankType.COMPANY, BlankType.LIST}
SHARE = "share"
NAMED = 2
"""How many articles or questions name a step."""
Versions = Mapping[tuple[str, str], tuple[int, ...]]
ORDER = (Stance.CLIENT, Stance.NEUTRAL, Stance.PROVIDER)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with the place its link leads to."""

    finding: Finding
    target: str


@dataclass(frozen=True)
class View:
    """Everything the templates of the form page ask for."""

    work: Work
    bank: Bank
    language: str
    renamed: bool = False
    shell_names: tuple[str, ...] = ()
    limits: Limits = Limits()  # noqa: RUF009 (frozen)
    saving: Saving = field(default_factory=fresh_saving)
    versions: Versions = field(default_factory=dict)
    book: tuple[tuple[str, str], ...] = ()
    sets: tuple[str, ...] = ()
    policy: Policy | None = None
    team_names: tuple[tuple[UUID, str], ...] = ()

    @property
    def template(self) -> Template:
        """The template of the contract being drafted."""
        return self.work.template

    @property
    def entry(self) -> Entry:
        """What was entered."""
        return self.work.entry

    @property
    def shells(self) -> list[tuple[str, str, bool]]:
        """The Word shells to choose from: name, label, and whether it is the one chosen."""
        known = {
            "standard": _("Standard: Song type, hanging numbers"),
            "formal": _("Official document: Fangsong type"),
        }
        chosen = self.entry.shell if self.entry.shell in self.shell_names else self.template.shell
        return [(name, known.get(name, name), name == chosen) for name in self.shell_names]

    @property
    def teams(self) -> list[tuple[UUID, str, bool]]:
        """The teams to choose from: id, name, and whether it is the one chosen; nothing without a choice."""
        known = {str(team) for team, _name in self.team_names}
        home = str(self.team_names[0][0]) if self.team_names else ""
        chosen = self.entry.team if self.entry.team in known else home
        return [(team, name, str(team) == chosen) for team, name in self.team_names]

    @cached_property
    def filed(self) -> tuple[Attachment, ...]:
        """The attachments the parties provide as files."""
        return tuple(each for each in self.work.document.attachments if not each.articles)

    @property
    def kept(self) -> dict[str, Kept]:
        """The files that came in, by attachment; those of attachments the contract has not are left out."""
        return {each.id: held[each.id] for each in self.filed if each.id in (held := self.entry.files.kept)}

    @property
    def refused(self) -> dict[str, str]:
        """Why files were not taken, by attachment."""
        why = self.entry.files.refused
        said = {each.id: why[each.id][self.language] for each in self.filed if each.id in why}
        return {attachment: reason[:1].upper() + reason[1:] for attachment, reason in said.items()}

    @property
    def files_shown(self) -> str:
        """What the form shows of the files; it changes when a file or an attachment comes or goes."""
        held = self.kept
        return " ".join(
            f"{each.id}:{held[each.id].sha256[:8] if each.id in held else ''}" for each in self.filed
        )

    def size(self, attachment: str) -> str:
        """Return how large a file is."""
        return shown_size(self.kept[attachment].size)

    def note(self, attachment: str) -> str:
        """Return the sealed note of a file for the form to carry."""
        return sealed(attachment, self.kept[attachment])

    @property
    def preview_url(self) -> str:
        """Where the live preview is asked for."""
        return url_for("drafts.preview", kind=self.template.kind)

    # --- questions -------------------------------------------------------------------------------

    @property
    def questions(self) -> tuple[Blank, ...]:
        """Every question of the kind, those not needed now included."""
        return self.work.questions

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The questions these answers do not need; one with a problem stays in sight."""
        wrong = {name.split(".")[0] for name in self.shown_errors}
        return frozenset(blank.name for blank in self.questions) - self.work.needed - wrong

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The questions in steps, in the order of the vocabulary."""
        return steps_of(self.template, self.bank, self.questions)

    @property
    def step_groups(self) -> list[list[Step]]:
        """The steps by their group."""
        return [list(steps) for _group, steps in groupby(self.steps, key=lambda step: step.group)]

    @property
    def hidden_steps(self) -> frozenset[str]:
        """The steps none of whose questions is needed."""
        hidden = self.hidden
        return frozenset(s.name for s in self.steps if all(blank.name in hidden for blank in s.blanks))

    def step_label(self, step: Step) -> str:
        """Return what a step of several is called: its questions where they are few, else the articles it fills."""
        labels = [blank.label for blank in step.blanks]
        titles = labels if len(labels) <= NAMED else [article.title for article in step.articles] or labels
        return _(", ").join(title[self.language] for title in titles[:NAMED])

    @property
    def company(self) -> tuple[Blank, ...]:
        """The fields of a company."""
        return self.bank.vocabulary.company

    def told(self, name: str) -> str:
        """Return what came of the button pressed at a question."""
        said = self.entry.told.get(name)
        return said[self.language] if said else ""

    def value(self, name: str) -> str:
        """Return what a field holds."""
        return self.entry.typed.get(name, "")

    def example(self, blank: Blank) -> str:
        """Return the example to show below a field; choices, switches and groups show theirs already."""
        return "" if blank.type in SELF_EVIDENT else str(blank.example)

    def rows(self, name: str) -> int:
        """Return how many rows a list shows; an empty list shows none."""
        return row_count(self.entry.typed, name)

    def column_names(self, blank: Blank) -> str:
        """Return the columns a list asks for, in their order."""
        return _(", ").join(column.label[self.language] for column in blank.fields if not column.derived)

    def full(self, blank: Blank, name: str) -> bool:
        """Tell whether a list takes no more rows."""
        return is_full(blank, self.rows(name))

    @cached_property
    def readings(self) -> dict[str, str]:
        """What the typed values come to: sums in words, weekdays, computed values."""
        answers = self.work.document.answers
        blanks = self.bank.vocabulary.blanks
        found: dict[str, str] = {}
        for name, value in answers.items():
            if isinstance(value, tuple):
                columns = {column.name: column for column in blanks[name].fields}
                found[f"{name}.sum"] = shares_total(value)
                for index, row in enumerate(value):
                    cells = {c: reading(cell, columns[c]) for c, cell in row.items() if c in columns}
                    found |= {f"{name}.{index}.{column}": text for column, text in cells.items()}
            else:
                found[name] = reading(value, blanks[name])
        return {name: text for name, text in found.items() if text}

    # --- the draft -------------------------------------------------------------------------------

    @property
    def saving_path(self) -> str:
        """Where the draft of this form is opened again."""
        return url_for("saved.open_draft", draft_id=self.saving.id)

    def entry_label(self, name: str) -> str:
        """Return what an entry of the form is called, a question or a choice of wording."""
        kind, _dot, of = name.partition(".")
        topics, clauses = self.bank.vocabulary.topics, self.bank.clauses
        known = {
            "_stance": _("Stance") + (f" {topics[of][self.language]}" if of in topics else ""),
            "_clause": clauses[of].title[self.language] if of in clauses else of,
            "_without": f"{clauses[of].title[self.language]}: {_('Leave out')}" if of in clauses else of,
            "_shell": _("Layout"),
            "_team": _("Team the contract belongs to"),
            "_filed": f"{_('Files')} {of}",
        }
        return known[kind] if kind in known else self.path_label(name)

    def shown(self, name: str, text: str) -> str:
        """Return the text of an entry as a person knows it: the label of a choice."""
        blank = self.bank.vocabulary.blanks.get(name)
        labels = {choice.key: choice.label[self.language] for choice in (blank.choices if blank else ())}
        if name.startswith("_filed.") and (held := unsealed(name.removeprefix("_filed."), text)):
            return held.name
        if name.startswith("_stance") and text in set(Stance):
            return self.stance_name(Stance(text))
        return labels.get(text, text)

    # --- problems --------------------------------------------------------------------------------

    @cached_property
    def shown_errors(self) -> dict[str, str]:
        """The schema's messages to show now: all after submitting, else those at filled fields."""
        order = [blank.name for blank in self.questions]
        messages = sorted(self.work.messages.items(), key=lambda entry: order.index(entry[0].split(".")[0]))
        pasted = {**self.entry.wrong, **(self.entry.pasted.wrong if self.entry.pasted else {})}
        said = {
            name: "".join(message[self.language] for message in said)
            for name, said in messages
            if self.entry.submitted or self._is_filled(name)
        }
        return said | {name: message[self.language] for name, message in pasted.items()}

    def _is_filled(self, name: str) -> bool:
        typed = self.entry.typed
        return bool(typed.get(name) or typed.get(f"{name}.number"))

    def error(self, name: str) -> str:
        """Return the message to show at a field."""
        return self.shown_errors.get(name, "")

    @cached_property
    def notices(self) -> dict[str, str]:
        """The warnings about what was typed, by field; a field with an error shows that alone."""
        said: dict[str, list[str]] = {}
        for finding in self.work.findings:
            if finding.level is Level.WARNING and finding.blank:
                for name in self._fields_of(finding):
                    said.setdefault(name, []).append(finding.message(self.language))
        return {name: "".join(messages) for name, messages in said.items() if not self.error(name)}

    def notice(self, name: str) -> str:
        """Return the warning to show at a field."""
        return self.notices.get(name, "")

    def _fields_of(self, finding: Finding) -> list[str]:
        """Return the fields a finding is about; of a column, the rows that hold what it found."""
        root, _dot, column = finding.blank.partition(".")
        cells = (f"{root}.{index}.{column}" for index in range(self.rows(root)))
        rows = [cell for cell in cells if column and finding.snippet in self.value(cell)]
        return rows or [finding.blank]

    def path_label(self, name: str) -> str:
        """Return the label of a field with that of the company or list it belongs to."""
        return " ".join(self._labels(name))

    def place_label(self, name: str, message: str) -> str:
        """Return what to put before a message about a field: not what the message says itself."""
        *above, own = self._labels(name)
        return " ".join(above if own in message else [*above, own])

    def _labels(self, name: str) -> list[str]:
        root, *path = name.split(".")
        blank = self.bank.vocabulary.blanks[root]
        fields = {field.name: field.label[self.language] for field in blank.fields or self.company}
        below = (_("row %(number)s", number=int(s) + 1) if s.isdigit() else fields[s] for s in path)
        return [blank.label[self.language], *below]

    # --- findings --------------------------------------------------------------------------------

    @cached_property
    def gaps(self) -> tuple[Found, ...]:
        """The blanks still open, in the order of the contract."""
        return tuple(self._found(f) for f in self.work.findings if f.rule == GAP and f.level is Level.ERROR)

    @cached_property
    def findings(self) -> tuple[Found, ...]:
        """All other findings."""
        gaps = {found.finding for found in self.gaps}
        return tuple(self._found(finding) for finding in self.work.findings if finding not in gaps)

    def _found(self, finding: Finding) -> Found:
        if finding.rule == MISSING_FILE:
            wanting = (each.id for each in self.filed if each.anchor == finding.place)
            return Found(finding, f"input-_file.{next(wanting)}")
        root = finding.blank.split(".")[0]
        asked = {blank.name: blank for blank in self.questions if blank.name not in self.hidden}
        if root in asked:
            name = finding.blank if asked[root].type is BlankType.COMPANY else root
            return Found(finding, f"input-{name}")
        return Found(finding, finding.place or "paper")

    def count(self, level: str) -> int:
        """Return how many findings are of a level."""
        return sum(found.finding.level == level for found in self.findings)

    @cached_property
    def open(self) -> dict[str, str]:
        """How many blanks are open in each group and step, for the outline."""
        places = {blank.name: {step.group, step.name} for step in self.steps for blank in step.blanks}
        names = [found.finding.blank.split(".")[0] for found in self.gaps]
        counts = Counter(place for name in names for place in places.get(name, ()))
        return {place: str(count) for place, count in counts.items()}

    @property
    def is_draft(self) -> bool:
        """Tell whether something still keeps the contract a draft."""
        return bool(self.gaps or self.count("error") or self.work.messages)

    @property
    def status(self) -> str:
        """One line on where the contract stands."""
        if self.gaps:
            return ngettext("%(num)d blank is open", "%(num)d blanks are open", len(self.gaps))
        if self.is_draft:
            return _("Every blank is filled, but errors remain")
        return _("Complete: ready to be made")

    # --- choices of wording ----------------------------------------------------------------------

    @property
    def articles(self) -> list[tuple[ArticleSlot, list[Clause]]]:
        """The articles of the kind, each with its clauses."""
        clauses = self.bank.clauses
        return [
            (article, [clauses[slot.clause] for slot in article.slots])
            for article in self.template.articles()
        ]

    def changed_clauses(self, clauses: Iterable[Clause]) -> int:
        """Return for how many of these clauses something was chosen."""
        stances = self.entry.stances
        return sum(clause.id in stances.without or clause.id in stances.by_clause for clause in clauses)

    def clause_options(self, clause: Clause) -> list[tuple[str, str, bool]]:
        """Return the wordings of a clause: value, label, and whether it is the one chosen; none for one wording."""
        chosen = self.entry.stances.clause_choice(clause.id)
        found = []
        for stance in ORDER:
            numbers = self.versions.get((clause.id, stance), ())
            for number in numbers:
                value = f"{stance}:{number}" if number != numbers[0] else str(stance)
                label = f"{self.stance_name(stance)} · {_('version %(number)s', number=number)}"
                found.append((value, label, value == chosen))
        return found if len(found) > 1 else []

    @property
    def absent(self) -> list[tuple[Bilingual, str]]:
        """The parts and attachments the contract has not, each with the question that switches it on."""
        answers = self.work.document.answers
        parts, attachments = self.template.parts, self.template.attachments
        slots = [(slot.title, slot.when) for slot in parts] + [
            (slot.title, slot.when) for slot in attachments
        ]
        return [(title, next(iter(when))) for title, when in slots if when and not applies(when, answers)]

    # --- contract --------------------------------------------------------------------------------

    @property
    def stance_order(self) -> tuple[Stance, ...]:
        """The stances in the order in which they are offered."""
        return ORDER

    def stance_name(self, stance: Stance) -> str:
        """Return a stance in the words of this contract: 甲方有利."""
        return stance_name(stance, self.work.document)

    @property
    def topics(self) -> tuple[tuple[str, Bilingual], ...]:
        """The topics whose wording differs by stance, with their names."""
        topics = self.bank.vocabulary.topics
        return tuple((topic, topics[topic]) for topic in topics_with_stances(self.template, self.bank))

    @property
    def stance_names(self) -> dict[str, str]:
        """The stances in the words of this contract."""
        return {stance.value: self.stance_name(stance) for stance in Stance}

    @cached_property
    def balance(self) -> tuple[Topic, ...]:
        """Whose favour each topic is in."""
        return balance(self.work.document, self.template, self.bank)

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Where the contract goes below the floor, for whoever is bound by one."""
        found = self.policy and breaches(self.balance, self.work.document, self.bank, self.policy)
        return found or ()

    @property
    def contents(self) -> tuple[Line, ...]:
        """The contract's table of contents."""
        return contents(self.work.document)

    @property
    def paper(self) -> str:
        """The contract as HTML, with the findings marked in its margin."""
        marks = worst_levels(self.work.findings)
        return render_html(self.work.document, draft=self.is_draft, language=self.language, marks=marks)

    @property
    def state(self) -> Mapping[str, object]:
        """What the page's script needs after each preview."""
        return {
            "hidden": sorted(self.hidden),
            "readings": self.readings,
            "errors": self.shown_errors,
            "notices": self.notices,
            "open": self.open,
            "gaps": sorted({found.finding.blank.split(".")[0] for found in self.gaps}),
            "status": self.status,
            "saving": self._saving_state() if self.saving.at or self.saving.differing else None,
        }

    def _saving_state(self) -> Mapping[str, object]:
        saving = self.saving
        return {
            "revision": saving.revision,
            "path": self.saving_path,
            "conflict": bool(saving.differing),
        }


def reading(value: Value, blank: Blank) -> str:
    """Return what a value comes to, where that is worth saying beside its field."""
    if blank.derived:
        return phrase(value, blank, "figures" if isinstance(value, Money) else "")
    if isinstance(value, Money):
        return rmb_in_words(value)
    return _weekdays()[value.weekday()] if isinstance(value, date) else ""


def shares_total(rows: Sequence[Row]) -> str:
    """Return what the shares of the rows of a list add up to; nothing for rows without shares."""
    shares = [share for row in rows if isinstance(share := row.get(SHARE), Decimal)]
    return f"{sum(shares, Decimal()).normalize():f}%" if shares else ""


def stance_name(stance: Stance, document: Document) -> str:
    """Return a stance in the words of a contract: 甲方有利."""
    if stance is Stance.NEUTRAL:
        return _("Neutral")
    return _("Favours %(party)s", party=document.labels[Role(stance.value)])


def shown_size(size: int) -> str:
    """Return a size in bytes as it is shown: 132 KB, 1.4 MB."""
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"


def worst_levels(findings: Iterable[Finding]) -> dict[str, Level]:
    """Map each place to the worst level found there; the findings come worst first."""
    marks: dict[str, Level] = {}
    for finding in findings:
        marks.setdefault(finding.place, finding.level)
    return marks


def level_names() -> dict[str, str]:
    """Return the levels of findings by name."""
    return {Level.ERROR: _("Error"), Level.WARNING: _("Warning"), Level.INFO: _("Remark")}


def _weekdays() -> tuple[str, ...]:
    return (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )
