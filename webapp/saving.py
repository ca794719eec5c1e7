"""Between the form and its draft: what is kept of it, and what differs when two pages save one draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from clausebank.bank.model import Blank, BlankType
from webapp.attached import NOTE, sealed
from webapp.entry import Entry

Fields = Mapping[str, str]
LONGEST_TAB = 40
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Differing:
    """An entry that two pages hold differently: the fields it consists of, and what each page holds.

    ``mine`` and ``theirs`` are lines; ``touched`` tells whether it was changed on this page.
    """

    name: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    touched: bool


@dataclass(frozen=True, slots=True)
class Saving:
    """Where a form is kept: its draft, the page it is on, and the revision this page saw last.

    ``at`` is when it was saved, None before the first save. ``differing`` is not empty when another page
    saved in between; ``theirs`` is then the revision of the other page and ``by`` who saved it.
    """

    id: UUID
    tab: str
    revision: int = 0
    at: datetime | None = None
    differing: tuple[Differing, ...] = ()
    theirs: int = 0
    by: str = ""


def fresh_saving(draft_id: UUID | None = None, revision: int = 0, at: datetime | None = None) -> Saving:
    """Return where a page just opened keeps its form."""
    return Saving(draft_id or uuid4(), uuid4().hex, revision, at)


def read_saving(form: Fields) -> Saving | None:
    """Return where a form that was sent is kept; None when it does not say so."""
    try:
        draft_id = UUID(form.get("_draft", ""))
    except ValueError:
        return None
    revision = form.get("_revision", "")
    number = (
        int(revision) if revision.isascii() and revision.isdigit() and len(revision) <= LONGEST_TAB else 0
    )
    tab = "".join(c for c in form.get("_tab", "") if c.isalnum())[:LONGEST_TAB]
    return Saving(draft_id, tab or uuid4().hex, number)


def fields_of(entry: Entry) -> dict[str, str]:
    """Return the fields that show an entry; ``read_entry`` reads them back."""
    stances = entry.stances
    chosen = {"_stance": stances.default.value}
    chosen |= {f"_stance.{topic}": stance.value for topic, stance in stances.by_topic.items()}
    chosen |= {f"_clause.{clause}": stances.clause_choice(clause) for clause in stances.by_clause}
    chosen |= {f"_without.{clause}": "on" for clause in sorted(stances.without)}
    if entry.shell:
        chosen["_shell"] = entry.shell
    if entry.team:
        chosen["_team"] = entry.team
    notes = {f"{NOTE}{name}": sealed(name, held) for name, held in entry.files.kept.items()}
    return {**entry.typed, **chosen, **notes}


def differing(
    mine: Fields, theirs: Fields, blanks: Iterable[Blank], touched: Iterable[str]
) -> list[Differing]:
    """Return the entries in which two forms differ, in the order of the questions.

    The rows of a list, and number and unit of a period, are one entry.
    """
    lists = list_names(blanks)
    names = {field: entry_of(field, lists) for field in (*theirs, *mine)}
    own = {entry_of(field, lists) for field in touched}
    return [
        Differing(name, tuple(_lines(mine, name)), tuple(_lines(theirs, name)), name in own)
        for name in dict.fromkeys(names.values())
        if _part(mine, names, name) != _part(theirs, names, name)
    ]


def merged(mine: Fields, theirs: Fields, blanks: Iterable[Blank], taken: Iterable[str]) -> dict[str, str]:
    """Return my form with some entries as they are in the other one."""
    lists = list_names(blanks)
    chosen = set(taken)
    kept = {field: text for field, text in mine.items() if entry_of(field, lists) not in chosen}
    return kept | {field: text for field, text in theirs.items() if entry_of(field, lists) in chosen}


def list_names(blanks: Iterable[Blank]) -> list[str]:
    """Return the names of the lists among some blanks."""
    return [blank.name for blank in blanks if blank.type is BlankType.LIST]


def entry_of(field: str, lists: Iterable[str]) -> str:
    """Return the name of the entry a field belongs to."""
    root = field.split(".", maxsplit=1)[0]
    if root in lists:
        return root
    return field.removesuffix(".number").removesuffix(".unit")


def _part(fields: Fields, names: Mapping[str, str], entry: str) -> dict[str, str]:
    return {field: text for field, text in fields.items() if text and names[field] == entry}


def _lines(fields: Fields, entry: str) -> Iterator[str]:
    """Yield what an entry holds: the text of its field, or a line for each row of a list."""
    rows: dict[str, list[str]] = {}
    for field, text in fields.items():
        if field == entry or field in {f"{entry}.number", f"{entry}.unit"}:
            rows.setdefault("", []).append(text)
        elif field.startswith(f"{entry}.") and field.removeprefix(f"{entry}.").split(".")[0].isdigit():
            rows.setdefault(field.removeprefix(f"{entry}.").split(".")[0], []).append(text)
    for row, texts in rows.items():
        line = (" · " if row else " ").join(text for text in texts if text)
        if line:
            yield line
