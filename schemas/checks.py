"""Checks of the vocabulary and the clauses that need the schemas: examples, limits, suggestions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from marshmallow import ValidationError

from clausebank.bank.model import Bank, Blank, Vocabulary
from clausebank.findings import Finding, Level
from schemas.nested import field_of


def check_values(bank: Bank) -> list[Finding]:
    """Return a finding for every example, limit and suggested value that no answer could have."""
    return [*_vocabulary(bank.vocabulary), *_suggestions(bank)]


def _vocabulary(vocabulary: Vocabulary) -> Iterator[Finding]:
    for blank in (*vocabulary.blanks.values(), *vocabulary.company):
        yield from _value(blank, blank.example, vocabulary, f"{blank.name}.example")
        for column in blank.fields:
            yield from _value(column, column.example, vocabulary, f"{blank.name}.{column.name}.example")


def _suggestions(bank: Bank) -> Iterator[Finding]:
    for clause in bank.clauses.values():
        for name, by_stance in clause.suggestions.items():
            blank = bank.vocabulary.blanks.get(name)
            for stance, raw in by_stance.items() if blank else ():
                assert blank is not None
                if raw is not None:
                    yield from _value(blank, raw, bank.vocabulary, f"{clause.id} {name} {stance}")


def _value(blank: Blank, raw: object, vocabulary: Vocabulary, place: str) -> Iterator[Finding]:
    try:
        field_of(blank, vocabulary.company).deserialize(raw)
    except (ValidationError, ValueError) as error:
        reasons = (
            error.messages if isinstance(error, ValidationError) else [{"zh": str(error), "en": str(error)}]
        )
        zh, en = (_words(reasons, language) for language in ("zh", "en"))
        yield Finding(
            "value",
            Level.ERROR,
            f"{place} 的值 {raw!r} 无效：{zh}",
            f"{place}: invalid value {raw!r}: {en}",
            place=place,
            blank=blank.name,
        )


def _words(messages: object, language: str) -> str:
    """Return all messages of a tree in one line."""
    if isinstance(messages, Mapping):
        own = messages.get(language)
        if isinstance(own, str):
            return own
        return " ".join(f"{key}: {_words(below, language)}" for key, below in messages.items())
    return (
        " ".join(_words(below, language) for below in messages)
        if isinstance(messages, list)
        else str(messages)
    )
