"""Checks of the bank that need the schemas: examples, limits and suggestions are possible answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from marshmallow import ValidationError

from clausebank.bank.model import Bank, Blank
from clausebank.document import Stance
from clausebank.findings import Finding, Level
from clausebank.templates import Template
from schemas.nested import field_of

Suggestions = Mapping[str, Mapping[Stance, object]]


def check_values(bank: Bank, templates: Iterable[Template] = ()) -> list[Finding]:
    """Return a finding for every example, limit or suggested value that no answer could have."""
    company = bank.vocabulary.company
    findings = [f for blank in bank.vocabulary.blanks.values() for f in _declared(blank, company, blank.name)]
    findings += [f for column in company for f in _declared(column, (), f"company.{column.name}")]
    for holder, suggestions in (
        *((clause.id, clause.suggestions) for clause in bank.clauses.values()),
        *((template.kind, template.suggestions) for template in templates),
    ):
        findings += _suggested(bank, holder, suggestions)
    return findings


def _declared(blank: Blank, company: tuple[Blank, ...], place: str) -> Iterator[Finding]:
    """Yield what is wrong with the example and limits of a blank and of its columns."""
    yield from _invalid(blank, company, blank.example, place, "example")
    for column in blank.fields:
        yield from _declared(column, (), f"{place}.{column.name}")


def _suggested(bank: Bank, holder: str, suggestions: Suggestions) -> Iterator[Finding]:
    """Yield what is wrong with suggestions; names the vocabulary lacks are reported elsewhere."""
    known = (
        (bank.vocabulary.blanks[name], by)
        for name, by in suggestions.items()
        if name in bank.vocabulary.blanks
    )
    for blank, by_stance in known:
        for stance, raw in by_stance.items():
            yield from _invalid(blank, bank.vocabulary.company, raw, holder, f"{blank.name} {stance}")


def _invalid(
    blank: Blank, company: tuple[Blank, ...], raw: object, place: str, what: str
) -> Iterator[Finding]:
    try:
        field_of(blank, company).deserialize(raw)
    except ValidationError as error:
        reason = _reason(error.messages, "zh"), _reason(error.messages, "en")
    except (ValueError, TypeError) as error:  # a limit that cannot be read at all
        reason = str(error), str(error)
    else:
        return
    zh, en = f"{what} 的值无效（{raw}）：{reason[0]}", f"{what}: invalid value ({raw}): {reason[1]}"
    yield Finding("value", Level.ERROR, zh, en, place=place, blank=blank.name, snippet=str(raw))


def _reason(messages: object, language: str) -> str:
    """Return the messages of a tree in one line."""
    match messages:
        case dict() if language in messages:
            return str(messages[language])
        case dict():
            return " ".join(f"{key}: {_reason(below, language)}" for key, below in messages.items())
        case list():
            return " ".join(_reason(below, language) for below in messages)
    raise TypeError(messages)
