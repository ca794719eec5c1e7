"""What a person has entered so far: stances and the fields of the form, as typed.

Names with a leading underscore steer the form; all others are flat names of blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from clausebank.assembly.select import Stances, suggestions
from clausebank.bank.model import Bank, Bilingual, Blank, BlankType
from clausebank.document import Stance
from clausebank.storage.models import Contract
from clausebank.templates import Template
from schemas.forms import INDEX_LENGTH, flatten
from webapp.attached import NOTHING, Attached
from webapp.pasting import read_table

Typed = Mapping[str, str]
CHOICE = re.compile(r"([a-z]+)(?::([1-9]\d{0,8}))?", re.ASCII)
OWN = ("contract_number", "signing_date")


@dataclass(frozen=True, slots=True)
class Pasting:
    """What came of pasting rows into a list: how many were taken, and what was not.

    ``wrong`` says by field what to do about a cell. ``left`` are rows the list has no room for, as text;
    ``unknown`` are headings that no column has.
    """

    name: str
    taken: int
    wrong: Mapping[str, Bilingual]
    left: str = ""
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """The state of a form.

    ``was`` are the stances under which the form was last shown: a field still holding what they
    suggest was not edited and follows a change of stance. ``fresh`` is a row just added.
    ``wrong`` are messages by field, and ``told`` by question, about the button pressed just now.
    ``shell`` is the Word shell chosen, empty for that of the kind. ``team`` is the id of the team chosen,
    empty where nothing was chosen. ``files`` are those the parties attach.
    ``pasted`` are rows that came from a spreadsheet just now.
    """

    stances: Stances
    was: Stances
    typed: Typed
    submitted: bool = False
    fresh: str = ""
    shell: str = ""
    team: str = ""
    files: Attached = NOTHING
    followed: frozenset[str] = field(default_factory=frozenset)
    pasted: Pasting | None = None
    wrong: Mapping[str, Bilingual] = field(default_factory=dict)
    told: Mapping[str, Bilingual] = field(default_factory=dict)


def first_entry(template: Template, bank: Bank, blanks: Iterable[Blank]) -> Entry:
    """Return the form as first opened: neutral, with what the clauses suggest."""
    typed = dict(_suggested(template, bank, Stances(), blanks))
    for blank in blanks:
        if blank.type is BlankType.LIST and not blank.optional and not _rows(typed, blank.name):
            typed = _with_rows(typed, blank.name, [_empty_row(blank)])
    return Entry(Stances(), Stances(), typed)


def again(entry: Entry, contract: Contract, blanks: Iterable[Blank]) -> Entry:
    """Return the form filled as an earlier contract was, but for its number and date of signing."""
    held = {name: value for name, value in contract.answers.items() if name not in OWN}
    typed = flatten(held, tuple(blanks))
    rest = {name: text for name, text in entry.typed.items() if name.split(".")[0] not in held}
    stances = Stances.from_data(contract.stances)
    shell = str(contract.manifest.get("shell_name", ""))
    return replace(entry, stances=stances, was=stances, typed={**rest, **typed}, shell=shell)


def read_entry(form: Mapping[str, str], blanks: Iterable[Blank]) -> Entry:
    """Read a submitted form; fields of unknown blanks are not taken up."""
    names = {blank.name for blank in blanks}
    typed = {name: text for name, text in form.items() if name.split(".")[0] in names}
    for blank in blanks:
        if blank.type is BlankType.LIST:
            typed = _with_rows(typed, blank.name, _rows(typed, blank.name))
    return Entry(
        stances=_stances(form, "_stance", "_clause"),
        was=_stances(form, "_was", "_wasclause"),
        typed=typed,
        submitted="_submitted" in form,
        shell=form.get("_shell", ""),
        team=form.get("_team", ""),
    )


def follow_stance(entry: Entry, template: Template, bank: Bank, blanks: Iterable[Blank]) -> Entry:
    """Give fields nobody edited the suggestions of the stances chosen now."""
    if entry.stances == entry.was:
        return entry
    before = _suggested(template, bank, entry.was, blanks)
    now = _suggested(template, bank, entry.stances, blanks)
    unedited = {b.name for b in blanks if _part(entry.typed, b.name) == _part(before, b.name)}
    changed = frozenset(name for name in unedited if _part(before, name) != _part(now, name))
    typed = {name: text for name, text in entry.typed.items() if name.split(".")[0] not in changed}
    for name in changed:
        typed |= _part(now, name)
    return replace(entry, typed=typed, was=entry.stances, followed=changed)


def add_row(entry: Entry, blank: Blank) -> Entry:
    """Add an empty row to a list, up to the limit of the list."""
    rows = _rows(entry.typed, blank.name)
    if is_full(blank, len(rows)):
        return entry
    typed = _with_rows(entry.typed, blank.name, [*rows, _empty_row(blank)])
    return replace(entry, typed=typed, fresh=f"{blank.name}.{len(rows)}", followed=frozenset({blank.name}))


def remove_row(entry: Entry, blank: Blank, index: int) -> Entry:
    """Take a row out of a list; the rows after it move up."""
    rows = _rows(entry.typed, blank.name)
    rest = rows[:index] + rows[index + 1 :]
    return replace(entry, typed=_with_rows(entry.typed, blank.name, rest), followed=frozenset({blank.name}))


def paste_rows(entry: Entry, blank: Blank, text: str, at: str = "") -> Entry:
    """Put rows of a spreadsheet into a list: from the cell ``payment_schedule.1.share`` on, or in place of all."""
    _name, index, column = (
        at.split(".")[:3] if at.count(".") > 1 and at.startswith(f"{blank.name}.") else ("",) * 3
    )
    pasted = read_table(text, blank, column)
    rows = _rows(entry.typed, blank.name)
    start = (
        min(int(index), len(rows))
        if index.isascii() and index.isdigit() and len(index) <= INDEX_LENGTH
        else 0
    )
    room = max(int(blank.maximum) - start, 0) if blank.maximum else len(pasted.rows)
    taken = pasted.rows[:room]
    kept = rows if at else []
    under = [*kept[start : start + len(taken)], *([{}] * len(taken))][: len(taken)]
    fresh = [{**_empty_row(blank), **old, **new} for old, new in zip(under, taken, strict=True)]
    wrong = {
        f"{blank.name}.{start + int(row)}.{name}": said
        for (row, name), said in ((key.split(".", 1), said) for key, said in pasted.wrong.items())
        if int(row) < room
    }
    done = Pasting(blank.name, len(taken), wrong, _as_text(pasted.rows[room:]), pasted.unknown)
    typed = _with_rows(entry.typed, blank.name, [*kept[:start], *fresh, *kept[start + len(taken) :]])
    return replace(entry, typed=typed, followed=frozenset({blank.name}), pasted=done)


def fill_in(entry: Entry, kept: Typed, blanks: Iterable[Blank]) -> Entry:
    """Put kept answers into the form; what it does not ask is passed over."""
    names = {blank.name for blank in blanks} & {name.split(".")[0] for name in kept}
    others = {name: text for name, text in entry.typed.items() if name.split(".")[0] not in names}
    taken = {name: text for name, text in kept.items() if name.split(".")[0] in names}
    return replace(entry, typed={**others, **taken}, followed=frozenset(names))


def company_fields(typed: Typed, name: str) -> dict[str, str]:
    """Return the fields of a company by their own names, without blanks around them."""
    below = {key.partition("."): text for key, text in typed.items()}
    return {field: text.strip() for (root, _dot, field), text in below.items() if root == name and field}


def _as_text(rows: Iterable[Typed]) -> str:
    return "\n".join("\t".join(row.values()) for row in rows)


def row_count(typed: Typed, name: str) -> int:
    """Return how many rows of a list the form holds."""
    return len(_rows(typed, name))


def is_full(blank: Blank, rows: int) -> bool:
    """Tell whether a list takes no more rows."""
    return blank.maximum is not None and rows >= int(blank.maximum)


def _empty_row(blank: Blank) -> Typed:
    return {column.name: "" for column in blank.fields if not column.derived}


def _suggested(template: Template, bank: Bank, stances: Stances, blanks: Iterable[Blank]) -> Typed:
    return flatten(suggestions(template, bank, stances), tuple(blanks))


def _stances(form: Mapping[str, str], whole: str, single: str) -> Stances:
    """Read the stance of the whole and of topics by the one prefix, that of clauses by the other."""
    known = set(Stance)
    topics = {topic: Stance(text) for topic, text in _below(form, whole) if text in known}
    choices = {clause: CHOICE.fullmatch(text) for clause, text in _below(form, single)}
    chosen = {clause: found for clause, found in choices.items() if found and found[1] in known}
    default = form.get(whole, "")
    return Stances(
        Stance(default) if default in known else Stance.NEUTRAL,
        topics,
        {clause: Stance(found[1]) for clause, found in chosen.items()},
        {clause: int(found[2]) for clause, found in chosen.items() if found[2]},
        frozenset(clause for clause, _ in _below(form, "_without")),
    )


def _below(form: Mapping[str, str], prefix: str) -> Iterator[tuple[str, str]]:
    for name, text in form.items():
        if name.startswith(f"{prefix}."):
            yield name.removeprefix(f"{prefix}."), text


def _part(typed: Typed, name: str) -> dict[str, str]:
    """Return the filled fields of one blank."""
    return {key: text for key, text in typed.items() if text and key.split(".")[0] == name}


def _rows(typed: Typed, name: str) -> list[dict[str, str]]:
    """Return the rows of a list in the order of their numbers."""
    rows: dict[int, dict[str, str]] = {}
    for key, text in typed.items():
        root, _, rest = key.partition(".")
        index, _, column = rest.partition(".")
        if root == name and column and index.isascii() and index.isdigit() and len(index) <= INDEX_LENGTH:
            rows.setdefault(int(index), {})[column] = text
    return [rows[index] for index in sorted(rows)]


def _with_rows(typed: Typed, name: str, rows: Iterable[Typed]) -> dict[str, str]:
    others = {key: text for key, text in typed.items() if key.split(".")[0] != name}
    for index, row in enumerate(rows):
        others |= {f"{name}.{index}.{column}": text for column, text in row.items()}
    return others
