"""Pairs of contracts from the shipped bank: stances, changed answers, switched parts, swapped labels, kinds."""

from __future__ import annotations

from functools import cache

from clausebank import Stances, assemble, load_bank, load_templates
from clausebank.document import Document, Stance
from schemas import answers_schema, example_answers

BANK, TEMPLATES = load_bank(), load_templates()
ONE = "crm-outsourcing"
ACROSS = [(ONE, "support-outsourcing"), ("support-staged", "complaints-crm"), ("support-retention", ONE)]
STANCES = [("neutral", "client"), ("client", "provider"), ("provider", "neutral")]
CHANGES: dict[str, dict[str, object]] = {
    "number": {"contract_number": "CRM-2027-0099"},
    "place": {"signing_place": "北京市海淀区"},
    "date": {"signing_date": "2027-05-06"},
    "without third party": {"third_party": False},
    "without personal data": {"personal_data": False},
}


SWAPPED = {"client_first": "provider_first", "provider_first": "client_first"}


@cache
def contract(kind: str, stance: str = "neutral", change: str = "") -> Document:
    """Assemble a kind with its example answers, some of them changed."""
    stances = Stances(Stance(stance))
    template = TEMPLATES[kind]
    raw = example_answers(template, BANK, stances)
    raw |= {"party_labels": SWAPPED[raw["party_labels"]]} if change == "labels" else CHANGES.get(change, {})
    return assemble(template, answers_schema(template, BANK, stances).load(raw), BANK, stances)


def _taken(kind: str, change: str) -> bool:
    """Tell whether a kind asks for what a change answers."""
    return set(CHANGES[change]) <= set(example_answers(TEMPLATES[kind], BANK, Stances()))


def _labelled(kind: str) -> bool:
    return example_answers(TEMPLATES[kind], BANK, Stances()).get("party_labels") in SWAPPED


Named = tuple[str, str, str]
PAIRS: list[tuple[Named, Named]] = [
    *(((kind, one, ""), (kind, other, "")) for kind in TEMPLATES for one, other in STANCES),
    *(((kind, "neutral", ""), (kind, "neutral", "labels")) for kind in TEMPLATES if _labelled(kind)),
    *(
        ((kind, "neutral", ""), (kind, "neutral", change))
        for kind in (ONE, "support-staged", "complaints-crm")
        for change in CHANGES
        if _taken(kind, change)
    ),
    *(((one, "neutral", ""), (other, "neutral", "")) for one, other in ACROSS),
]
