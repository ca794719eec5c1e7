"""Companies of the address book: what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import ValidationError

from clausebank.bank.model import Bank, Bilingual
from schemas.answers import make_schema
from webapp.partial import flat_messages

PARTY = "client"
"""A blank of the type of a company, the rules of which every record follows."""


def party_problems(fields: Mapping[str, str], bank: Bank) -> dict[str, Bilingual]:
    """Return what is wrong with the fields of a company, by field."""
    schema = make_schema([bank.vocabulary.blanks[PARTY]], bank.vocabulary, {}, lambda _: (PARTY,))
    try:
        schema.load({PARTY: dict(fields)})
    except ValidationError as error:
        return {
            name.partition(".")[2]: Bilingual("".join(m["zh"] for m in said), "".join(m["en"] for m in said))
            for name, said in flat_messages(error.messages)
        }
    return {}
