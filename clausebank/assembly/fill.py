"""Filling: from the marks of a clause text to the inlines of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clausebank.assembly.number import Target
from clausebank.assembly.references import resolve
from clausebank.bank.language import BlankMark, Marks, ReferenceMark, RoleMark
from clausebank.bank.model import Bilingual, Blank, BlankType, Vocabulary
from clausebank.document import Definition, Filled, Gap, Inline, Inlines, Role, Text, Use
from clausebank.wording.phrase import phrase
from clausebank.wording.values import Row, Value

ROW_NUMBER = Blank("number", BlankType.INTEGER, Bilingual("序号", "No."), "", 1)


@dataclass(frozen=True, slots=True)
class Filler:
    """Everything a mark may need: answers, labels, reference targets, the row of a list table.

    ``attachment`` is the id of the attachment being filled, empty in the body.
    """

    vocabulary: Vocabulary
    answers: Mapping[str, Value]
    labels: Mapping[Role, str]
    targets: Mapping[str, tuple[Target, ...]]
    attachment: str = ""
    row: Row | None = None
    source: str = ""

    def fill(self, marks: Marks) -> Inlines:
        """Return the inlines of a run of marks, neighbouring texts joined."""
        joined: list[Inline] = []
        for inline in self._inlines(marks):
            if joined and isinstance(inline, Text) and isinstance(joined[-1], Text):
                joined[-1] = Text(joined[-1].text + inline.text)
            else:
                joined.append(inline)
        return tuple(joined)

    def _inlines(self, marks: Marks) -> Iterator[Inline]:
        for mark in marks:
            match mark:
                case Text() | Definition() | Use():
                    yield mark
                case RoleMark():
                    yield Text(self.labels[mark.role])
                case BlankMark():
                    yield self.blank(mark.name, mark.wording)
                case ReferenceMark():
                    yield from resolve(mark, self.targets, self.attachment)

    def blank(self, name: str, wording: str = "") -> Filled | Gap:
        """Return the wording of an answer, or a gap where there is none."""
        blank, value = self._find(name)
        path = f"{self.source}.{name.split('.')[1]}" if name.startswith("row.") else name
        return shown(path, blank, value, wording)

    def _find(self, name: str) -> tuple[Blank, Value | None]:
        """Return the declaration and the answer of a blank's path."""
        root, _, column = name.partition(".")
        blanks = self.vocabulary.blanks
        if root == "row":
            return _column(blanks[self.source].fields, column), (self.row or {}).get(column)
        blank, value = blanks[root], self.answers.get(root)
        if not column:
            return blank, value
        return _column(self.vocabulary.company, column), getattr(value, column, None)


def shown(path: str, blank: Blank, value: Value | None, wording: str = "") -> Filled | Gap:
    """Return the wording of an answer given at a path, or a gap where there is none."""
    if value is None or value == "":
        return Gap(path, blank.label.zh)
    return Filled(path, phrase(value, blank, wording))


def _column(columns: tuple[Blank, ...], name: str) -> Blank:
    if name == "number":
        return ROW_NUMBER
    return next(column for column in columns if column.name == name)


def check_path(vocabulary: Vocabulary, name: str, source: str) -> Blank | None:
    """Return the declaration a path leads to, or None; ``source`` is the list of a list table."""
    root, _, column = name.partition(".")
    if root == "row":
        columns = vocabulary.blanks[source].fields if source in vocabulary.blanks else ()
        return ROW_NUMBER if column == "number" else next((c for c in columns if c.name == column), None)
    blank = vocabulary.blanks.get(root)
    if not column or blank is None:
        return blank
    if blank.type is not BlankType.COMPANY:
        return None
    return next((c for c in vocabulary.company if c.name == column), None)
