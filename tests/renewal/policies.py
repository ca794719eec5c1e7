"""Policies as a person would write them, and the answers they are applied to."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from clausebank.bank.model import Bank
from clausebank.renewal.policy import Policy
from clausebank.templates import Template
from clausebank.wording.values import Answers
from schemas import answers_schema
from schemas.renewals import policy_of, policy_schema

GOLDEN = Path(__file__).parents[1] / "golden"
TODAY = date(2027, 10, 1)


def policy(bank: Bank, **raw: Any) -> Policy:
    return policy_of(policy_schema(bank).load(raw))


def neutral_answers(template: Template, bank: Bank, **other: Any) -> Answers:
    """The answers of a kind's golden contract."""
    raw = yaml.safe_load((GOLDEN / template.kind / "neutral.yml").read_text("utf-8"))
    return answers_schema(template, bank).load({**raw, **other})
