"""Loading answers as far as they go: what is valid, and what is said about the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import ValidationError

from clausebank.assembly.select import Stances
from clausebank.bank.model import Bank, BlankType
from clausebank.templates import Template
from clausebank.wording.values import Answers, Company, Value
from schemas import answers_schema

Message = Mapping[str, str]
Messages = Mapping[str, tuple[Message, ...]]


def load_partly(
    template: Template, bank: Bank, stances: Stances, raw: Mapping[str, object]
) -> tuple[Answers, Messages]:
    """Return the valid answers, and every message by the flat name of its field."""
    try:
        return answers_schema(template, bank, stances).load(raw), {}
    except ValidationError as error:
        valid = error.valid_data if isinstance(error.valid_data, dict) else {}
        answers = {name: _value(bank, name, value) for name, value in valid.items()}
        return answers, dict(flat_messages(error.messages))


def _value(bank: Bank, name: str, value: Any) -> Value:
    """Return a valid value; of a company or list with faults, what is valid in it."""
    blank = bank.vocabulary.blanks[name]
    if blank.type is BlankType.COMPANY and isinstance(value, dict):
        return Company(**{field.name: value.get(field.name, "") for field in bank.vocabulary.company})
    if blank.type is BlankType.LIST:
        return tuple(row if isinstance(row, Mapping) else {} for row in value)
    result: Value = value
    return result


def flat_messages(messages: Any, path: str = "") -> Iterator[tuple[str, tuple[Message, ...]]]:
    """Yield the messages of a tree with their dotted paths."""
    if isinstance(messages, Mapping) and messages.keys() != {"zh", "en"}:
        for key, below in messages.items():
            yield from flat_messages(below, path if key == "_schema" else f"{path}.{key}".lstrip("."))
    elif isinstance(messages, Mapping):
        yield path, (messages,)
    elif isinstance(messages, Sequence) and not isinstance(messages, str):
        yield path, tuple(messages)
