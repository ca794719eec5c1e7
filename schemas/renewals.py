"""The schema of a renewal policy: the same for a file on the command line and the form of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from clausebank.bank.model import Bank, Vocabulary
from clausebank.bank.vocabulary_files import load_vocabulary
from clausebank.document import Stance
from clausebank.renewal.policy import (
    NUMBER,
    PLACES,
    POLICY,
    ByPercent,
    BySum,
    ByTable,
    FeeChange,
    Policy,
    Signatory,
    Texts,
)
from clausebank.renewal.renew import PLACE
from clausebank.wording.values import Money, Unit
from schemas.fields import is_empty
from schemas.nested import field_of
from schemas.problems import Message, message
from schemas.strict import StrictSchema

WORDS = re.compile(r"[\s,，、;；]+")
KEEP, YES = "keep", "yes"
WANTED = {
    "percent_up": "fee_percent",
    "percent_down": "fee_percent",
    "sum_up": "fee_sum",
    "sum_down": "fee_sum",
    "table": "fee_table",
}
COMPANY_FIELDS = ("legal_representative", "contact", "phone", "email")


@cache
def policy_vocabulary() -> Vocabulary:
    """Return the questions a policy answers, with their groups."""
    return load_vocabulary(POLICY)


class PolicySchema(StrictSchema):
    """A policy as typed ↔ its values; what is not optional may be left out and is as its example then."""

    clauses: frozenset[str]
    topics: frozenset[str]
    marked: bool

    def faults(self, data: Mapping[str, Any], original: Mapping[str, Any]) -> dict[str, Any]:
        """Return the messages about what is missing, and about what does not go together."""
        found: dict[str, list[Message]] = {}
        for name, said in self._faults(data, original):
            found.setdefault(name, []).append(said)
        return {**found, **self.missing(self.fields, data, original)}

    def _faults(self, data: Mapping[str, Any], original: Mapping[str, Any]) -> Iterator[tuple[str, Message]]:
        wanted = WANTED.get(data.get("fee", ""))
        if wanted and is_empty(original.get(wanted)):
            yield wanted, message("请填写，服务费按它调整。", "Enter it: the fee changes by it.")
        term = data.get("term")
        if term is not None and term.unit not in {Unit.DAY, Unit.MONTH, Unit.YEAR}:
            yield "term", message("请用日、个月或者年。", "Use days, months or years.")
        yield from self._numbers(str(data.get("number", NUMBER)))
        yield from self._names(data)

    def _numbers(self, pattern: str) -> Iterator[tuple[str, Message]]:
        unknown = [name for name in PLACE.findall(pattern) if name not in PLACES]
        places = "、".join(f"{{{name}}}" for name in PLACES)
        if unknown:
            yield "number", message(f"只能使用 {places}。", f"Use only {places}.")
        elif "{first}" not in pattern and "{number}" not in pattern:
            zh, en = "应当含有 {first} 或者 {number}。", "It needs {first} or {number}."
            yield "number", message(f"{zh}否则编号会重复。", f"{en} Numbers would repeat otherwise.")

    def _names(self, data: Mapping[str, Any]) -> Iterator[tuple[str, Message]]:
        known = self.clauses | self.topics
        unknown = [name for name in words(data.get("mandatory", "")) if name not in known]
        if unknown:
            zh, en = (
                f"没有条款或者主题“{'、'.join(unknown)}”。",
                f"There is no clause or topic {', '.join(unknown)}.",
            )
            yield "mandatory", message(zh, en)
        if data.get("texts") == Texts.MANDATORY and not self.marked and not words(data.get("mandatory", "")):
            zh = "条款库中没有标明必须更新的条款，请在这里列出条款或者主题。"
            en = "No clause of the bank is marked mandatory: list clauses or topics here."
            yield "mandatory", message(zh, en)
        topics = [
            row["topic"] for row in data.get("stance_for", ()) if isinstance(row, Mapping) and "topic" in row
        ]
        wrong = [topic for topic in topics if topic not in self.topics]
        if wrong:
            zh, en = f"没有主题“{'、'.join(wrong)}”。", f"There is no topic {', '.join(wrong)}."
            yield "stance_for", message(zh, en)


def policy_schema(bank: Bank) -> PolicySchema:
    """Return the schema of a policy for this bank."""
    fields = {name: field_of(blank, ()) for name, blank in policy_vocabulary().blanks.items()}
    for field in fields.values():
        if not field.blank.optional:
            field.load_default = field.deserialize(field.blank.example)
    schema = PolicySchema.from_dict(dict(fields))()
    assert isinstance(schema, PolicySchema)
    schema.marked = any(clause.mandatory for clause in bank.clauses.values())
    schema.clauses, schema.topics = frozenset(bank.clauses), frozenset(bank.vocabulary.topics)
    return schema


def words(text: str) -> list[str]:
    """Return the names in a list a person typed."""
    return [word for word in WORDS.split(text) if word]


def policy_of(values: Mapping[str, Any]) -> Policy:
    """Return the policy that loaded values describe."""
    follows = values.get("follows_term")
    return Policy(
        term=values.get("term"),
        fee=_fee(values),
        follows_term=None if follows is None else follows == YES,
        prices=values["prices"],
        budgets=values["budgets"],
        text_dates=values["text_dates"],
        texts=Texts(values["texts"]),
        mandatory=frozenset(words(values.get("mandatory", ""))),
        stance=None if values["stance"] == KEEP else Stance(values["stance"]),
        stance_for={row["topic"]: Stance(row["stance"]) for row in values.get("stance_for", ())},
        figures=values["figures"],
        signatories=tuple(_signatory(row) for row in values.get("signatories", ())),
        number=values["number"],
        signing_date=values.get("signing_date"),
    )


def _fee(values: Mapping[str, Any]) -> FeeChange | None:
    percent: Decimal = values.get("fee_percent", Decimal(0))
    amount: Money = values.get("fee_sum", Money(0))
    match values["fee"]:
        case "percent_up":
            return ByPercent(percent)
        case "percent_down":
            return ByPercent(-percent)
        case "sum_up":
            return BySum(amount.fen)
        case "sum_down":
            return BySum(-amount.fen)
        case "table":
            return ByTable({row["number"]: row["fee"] for row in values.get("fee_table", ())})
    return None


def _signatory(row: Mapping[str, str]) -> Signatory:
    return Signatory(row["company"], {name: row[name] for name in COMPANY_FIELDS if name in row})
