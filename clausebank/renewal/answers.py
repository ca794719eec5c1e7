"""What differs between the answers of two contracts, field by field, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from clausebank.bank.model import Bilingual, Blank, Vocabulary
from clausebank.wording.reading import shown
from clausebank.wording.values import Answers, Company, Value


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A field that differs: its flat name, its label, what it was and what it is; empty for nothing."""

    path: str
    label: Bilingual
    old: str
    new: str


def changed_answers(old: Answers, new: Answers, vocabulary: Vocabulary) -> tuple[AnswerChange, ...]:
    """Return the fields that differ, computed ones included, in the order of the vocabulary."""
    before, after = (dict(_fields(answers, vocabulary)) for answers in (old, new))
    labels = {path: label for path, (label, _) in [*before.items(), *after.items()]}
    return tuple(
        AnswerChange(path, labels[path], was, now)
        for path in labels
        if (was := _text(before, path)) != (now := _text(after, path))
    )


_Fields = Mapping[str, tuple[Bilingual, str]]


def _text(fields: _Fields, path: str) -> str:
    return fields[path][1] if path in fields else ""


def _fields(answers: Answers, vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[Bilingual, str]]]:
    for name, blank in vocabulary.blanks.items():
        if name in answers:
            yield from _below(answers[name], blank, vocabulary)


def _below(value: Value, blank: Blank, vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[Bilingual, str]]]:
    if isinstance(value, Company):
        parts = asdict(value)
        for part in vocabulary.company:
            label = Bilingual(f"{blank.label.zh} {part.label.zh}", f"{blank.label.en}: {part.label.en}")
            yield f"{blank.name}.{part.name}", (label, str(parts.get(part.name, "")))
    elif isinstance(value, tuple):
        for index, row in enumerate(value):
            for column in blank.fields:
                if column.name in row:
                    yield (
                        f"{blank.name}.{index}.{column.name}",
                        (
                            _row_label(blank, index, column),
                            shown(row[column.name], column),
                        ),
                    )
    else:
        yield blank.name, (blank.label, shown(value, blank))


def _row_label(blank: Blank, index: int, column: Blank) -> Bilingual:
    zh = f"{blank.label.zh} 第{index + 1}行 {column.label.zh}"
    return Bilingual(zh, f"{blank.label.en}, row {index + 1}: {column.label.en}")
