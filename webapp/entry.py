"""What a person has entered so far: stances and the fields of the form, as typed.

Names with a leading underscore steer the form; all others are flat names of blanks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from clausebank.assembly.select import Stances, suggestions
from clausebank.bank.model import Bank, Blank, BlankType
from clausebank.document import Stance
from clausebank.storage.models import Contract
from clausebank.templates import Template
from schemas.forms import INDEX_LENGTH, flatten
from webapp.attached import NOTHING, Attached

Typed = Mapping[str, str]
OWN = ("contract_number", "signing_date")


@dataclass(frozen=True, slots=True)
class Entry:
    """The state of a form.

    ``was`` are the stances under which the form was last shown: a field still holding what they
    suggest was not edited and follows a change of stance. ``fresh`` is a row just added.
    ``shell`` is the Word shell chosen, empty for that of the kind. ``files`` are those the parties attach.
    """

    stances: Stances
    was: Stances
    typed: Typed
    submitted: bool = False
    fresh: str = ""
    shell: str = ""
    files: Attached = NOTHING
    followed: frozenset[str] = field(default_factory=frozenset)


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
    by_topic = {topic: Stance(stance) for topic, stance in contract.stances["by_topic"].items()}
    stances = Stances(Stance(contract.stances["default"]), by_topic)
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
        stances=_stances(form, "_stance"),
        was=_stances(form, "_was"),
        typed=typed,
        submitted="_submitted" in form,
        shell=form.get("_shell", ""),
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


def _stances(form: Mapping[str, str], prefix: str) -> Stances:
    known = set(Stance)
    chosen = {
        name.removeprefix(f"{prefix}."): Stance(text)
        for name, text in form.items()
        if name.startswith(f"{prefix}.") and text in known
    }
    default = form.get(prefix, "")
    return Stances(Stance(default) if default in known else Stance.NEUTRAL, chosen)


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
