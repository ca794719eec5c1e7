"""The columns of a kind: one sheet of contracts, and a sheet for each list."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from clausebank.assembly.select import Stances, blanks_offered, suggestions
from clausebank.bank.model import Bank, Bilingual, Blank, BlankType, Vocabulary
from clausebank.templates import Template

KEY = "row"
KEY_LABEL = Bilingual("行号", "Row")
MAIN_TITLE = "合同 Contracts"
EXAMPLE = Bilingual("示例", "Example")
TITLE_LENGTH = 31
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet; ``name`` is the flat name of its field, in a list without the row number."""

    name: str
    blank: Blank
    label: Bilingual
    suggested: object = None


@dataclass(frozen=True)
class Sheet:
    """A sheet of the form; ``blank`` is the list it holds, None for the contracts themselves.

    ``examples`` are example rows: values by the name of their column.
    """

    title: str
    blank: Blank | None
    columns: tuple[Column, ...]
    examples: tuple[Mapping[str, object], ...]

    def find(self, heading: str) -> Column | None:
        """Return the column of a heading: its name, or its label in either language."""
        return self._by_name.get(heading.strip()) or self._by_label.get(_folded(heading))

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def _by_label(self) -> dict[str, Column]:
        """The columns by their labels; a label of several columns names none."""
        labels = [(_folded(label), c) for c in self.columns for label in {c.label.zh, c.label.en}]
        counts = Counter(label for label, _ in labels)
        return {label: column for label, column in labels if counts[label] == 1}


@dataclass(frozen=True, slots=True)
class Layout:
    """All the sheets of a kind, the contracts first, and the blanks they fill."""

    kind: str
    title: Bilingual
    sheets: tuple[Sheet, ...]
    blanks: tuple[Blank, ...]
    vocabulary: Vocabulary

    @property
    def main(self) -> Sheet:
        """The sheet of contracts."""
        return self.sheets[0]

    @property
    def lists(self) -> Mapping[str, Sheet]:
        """The sheets of lists by the name of their blank."""
        return {sheet.blank.name: sheet for sheet in self.sheets if sheet.blank is not None}

    def label(self, path: str) -> Bilingual:
        """Return the label of a field by its flat name, without the number of its row: the cell tells that."""
        return self.vocabulary.label(".".join(step for step in path.split(".") if not step.isdigit()))


def layout_of(template: Template, bank: Bank, stances: Stances | None = None) -> Layout:
    """Return the sheets that ask for everything a kind may need under these stances."""
    blanks = blanks_offered(template, bank, stances)
    suggested = suggestions(template, bank, stances)
    main = [
        c for blank in blanks if blank.type is not BlankType.LIST for c in _columns(blank, bank, suggested)
    ]
    titles = {MAIN_TITLE}
    examples = dict(_examples(blanks, bank, suggested))
    sheets = [Sheet(MAIN_TITLE, None, tuple(main), (examples,))]
    for blank in blanks:
        if blank.type is BlankType.LIST:
            title = _title(blank.label.zh, titles)
            titles.add(title)
            sheets.append(Sheet(title, blank, _list_columns(blank), _list_examples(blank, suggested)))
    return Layout(template.kind, template.title, tuple(sheets), blanks, bank.vocabulary)


def joined(first: Bilingual, second: Bilingual) -> Bilingual:
    """Return two labels as one."""
    return Bilingual(f"{first.zh} {second.zh}", f"{first.en}: {second.en}")


def _columns(blank: Blank, bank: Bank, suggested: Mapping[str, object]) -> Iterator[Column]:
    if blank.type is not BlankType.COMPANY:
        yield Column(blank.name, blank, blank.label, suggested.get(blank.name))
        return
    for part in bank.vocabulary.company:
        whole = replace(part, optional=part.optional or blank.optional)
        yield Column(f"{blank.name}.{part.name}", whole, joined(blank.label, part.label))


def _examples(
    blanks: Iterable[Blank], bank: Bank, suggested: Mapping[str, object]
) -> Iterator[tuple[str, object]]:
    """Yield an example for every column of the contracts, a suggested value where there is one."""
    for blank in blanks:
        value = suggested.get(blank.name)
        value = blank.example if value is None else value
        if blank.type is not BlankType.COMPANY:
            yield blank.name, value
            continue
        parts = value if isinstance(value, Mapping) else {}
        for part in bank.vocabulary.company:
            yield f"{blank.name}.{part.name}", parts.get(part.name, part.example)


def _list_columns(blank: Blank) -> tuple[Column, ...]:
    return tuple(Column(f"{blank.name}.{c.name}", c, c.label) for c in blank.fields if not c.derived)


def _list_examples(blank: Blank, suggested: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
    """Return the rows suggested for a list, else its example, else a row of its columns' examples."""
    rows = suggested.get(blank.name) or blank.example
    if not isinstance(rows, list) or not rows:
        rows = [{column.name: column.example for column in blank.fields if not column.derived}]
    return tuple({f"{blank.name}.{name}": value for name, value in row.items()} for row in rows)


def _title(label: str, taken: set[str]) -> str:
    """Return a sheet title that spreadsheets take and that no other sheet has."""
    stem = NOT_IN_TITLES.sub(" ", label).strip()[: TITLE_LENGTH - 3]
    numbered = (f"{stem} {number}" for number in range(2, TITLE_LENGTH))
    return stem if stem not in taken else next(title for title in numbered if title not in taken)


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()
