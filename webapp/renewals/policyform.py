"""The form of a renewal policy: what was typed, what is wrong with it, and the policy it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError

from clausebank.assembly.select import Stances
from clausebank.bank.model import Bank, Bilingual, Blank, BlankType
from clausebank.renewal.policy import Policy
from schemas.fields import is_empty
from schemas.forms import flatten, nest
from schemas.renewals import policy_of, policy_schema, policy_vocabulary
from webapp.entry import Entry, Typed, add_row, is_full, read_entry, remove_row, row_count
from webapp.partial import flat_messages
from webapp.view import SELF_EVIDENT
from webapp.workbench import tidied


@dataclass(frozen=True)
class PolicyForm:
    """What the templates of fields ask for; ``policy`` is None while something is wrong."""

    entry: Entry
    language: str
    policy: Policy | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)

    @property
    def groups(self) -> Iterator[tuple[Bilingual, list[Blank]]]:
        """The questions by group."""
        vocabulary = policy_vocabulary()
        for name, title in vocabulary.groups.items():
            yield title, [blank for blank in vocabulary.blanks.values() if blank.group == name]

    def value(self, name: str) -> str:
        """Return what a field holds."""
        return self.entry.typed.get(name, "")

    def error(self, name: str) -> str:
        """Return the message at a field."""
        return self.errors.get(name, "")

    def notice(self, name: str) -> str:  # noqa: ARG002 (fields of contracts have some)
        """Return what is worth knowing at a field: nothing here."""
        return ""

    def example(self, blank: Blank) -> str:
        """Return the example to show below a field."""
        return "" if blank.type in SELF_EVIDENT or not blank.optional else str(blank.example)

    def rows(self, name: str) -> int:
        """Return how many rows a list shows."""
        return row_count(self.entry.typed, name)

    def full(self, blank: Blank, name: str) -> bool:
        """Tell whether a list takes no more rows."""
        return is_full(blank, self.rows(name))

    def label(self, name: str) -> str:
        """Return the label of a field."""
        return policy_vocabulary().label(name)[self.language]


def empty_form(bank: Bank, language: str) -> PolicyForm:
    """Return the form as first opened."""
    usual = {blank.name: blank.example for blank in _blanks() if not blank.optional}
    return _loaded(Entry(Stances(), Stances(), flatten(usual, _blanks())), bank, language)


def read_form(
    form: Mapping[str, str], bank: Bank, language: str, fees: list[dict[str, str]] | None = None
) -> PolicyForm:
    """Return the form as it was sent, after the button that adds or removes a row has done its work.

    ``fees`` from a file take the place of the table of fees.
    """
    entry = read_entry(form, _blanks())
    lists = {blank.name: blank for blank in _blanks() if blank.fields}
    if (blank := lists.get(form.get("_add", ""))) is not None:
        entry = add_row(entry, blank)
    name, _, index = form.get("_remove", "").partition(".")
    if name in lists and index.isascii() and index.isdigit():
        entry = remove_row(entry, lists[name], int(index))
    return _loaded(entry, bank, language, fees)


def _blanks() -> tuple[Blank, ...]:
    return tuple(policy_vocabulary().blanks.values())


def _loaded(entry: Entry, bank: Bank, language: str, fees: list[dict[str, str]] | None = None) -> PolicyForm:
    schema, raw = policy_schema(bank), _raw(entry.typed)
    if fees is not None:
        raw |= {"fee": "table", "fee_table": fees}
    try:
        values = schema.load(raw)
    except ValidationError as error:
        said = flat_messages(error.messages)
        return PolicyForm(
            entry, language, errors={path: "".join(one[language] for one in all_) for path, all_ in said}
        )
    return PolicyForm(entry, language, policy_of(values), dict(schema.dump(values)))


def _raw(typed: Typed) -> dict[str, Any]:
    """Return the fields as the schema takes them; rows left empty count as not there."""
    raw = nest(tidied(typed, _blanks()), _blanks())
    for blank in _blanks():
        if blank.type is BlankType.LIST:
            raw[blank.name] = [row for row in raw[blank.name] if not _is_blank(row, blank)]
    return raw


def _is_blank(row: Mapping[str, object], blank: Blank) -> bool:
    """Tell whether nothing was typed into a row."""
    return all(
        is_empty(row.get(column.name)) for column in blank.fields if column.type is not BlankType.SWITCH
    )
