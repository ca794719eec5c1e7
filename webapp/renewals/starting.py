"""From proposals to a batch in the ledger: what was looked at is what will be made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from clausebank.bank.model import Vocabulary
from clausebank.errors import UnknownName
from clausebank.findings import Finding
from clausebank.renewal.renew import NUMBER
from clausebank.storage import ledger
from clausebank.storage.columns import now
from clausebank.storage.ledger import Claim, NewItem
from clausebank.storage.ledger_models import RENEWAL
from clausebank.storage.models import Contract
from clausebank.storage.renewals import lock_contracts
from schemas.renewals import policy_of, policy_schema
from webapp.batch.names import numbered
from webapp.drafting import outcome_of
from webapp.renewals.proposing import Proposal, proposal_data, propose
from webapp.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Started:
    """A batch, None where nothing could be renewed; ``lost`` were renewed by somebody else meanwhile."""

    batch_id: UUID | None
    lost: frozenset[UUID]


def start_renewals(
    place: Workspace,
    proposals: Iterable[Proposal],
    formats: Collection[str],
    policy: Mapping[str, Any],
    source: str,
) -> Started:
    """Store the proposals without problems as a batch.

    Each row keeps the manifest it was proposed with, so that workers make what was looked at, byte for
    byte, whatever is approved meanwhile. Contracts somebody else is renewing are left out.
    """
    every = list(proposals)
    good = [proposal for proposal in every if proposal.draft is not None and not proposal.problems]
    with place.database.writing() as session:
        lost = frozenset(lock_contracts(session, [proposal.contract.id for proposal in good]))
        items = list(_items([p for p in good if p.contract.id not in lost], place.bank.vocabulary, now()))
        if not items:
            return Started(None, lost)
        options = {
            "formats": list(formats),
            "policy": dict(policy),
            "left_out": len(every) - len(items),
        }
        return Started(ledger.create_batch(session, RENEWAL, source, options, items).id, lost)


def start_unseen(
    place: Workspace,
    contracts: Sequence[Contract],
    formats: Collection[str],
    policy: Mapping[str, Any],
    source: str,
    today: date,
) -> Started:
    """Store contracts as a batch whose workers work out each renewal when they come to it.

    For more contracts than anybody looks at one by one: what cannot be renewed fails there and says why.
    """
    with place.database.writing() as session:
        lost = frozenset(lock_contracts(session, [contract.id for contract in contracts]))
        held = [contract for contract in contracts if contract.id not in lost]
        if not held:
            return Started(None, lost)
        names = numbered(f"{contract.number} {contract.title}" for contract in held)
        items = [
            NewItem(contract.number or str(contract.id), name, {}, contract.id)
            for contract, name in zip(held, names, strict=True)
        ]
        options = {
            "formats": list(formats),
            "policy": dict(policy),
            "today": today.isoformat(),
            "left_out": len(lost),
        }
        return Started(ledger.create_batch(session, RENEWAL, source, options, items).id, lost)


def plan_renewal(place: Workspace, taken: Claim) -> Claim:
    """Work out the renewal of a row, keep that in the ledger, and return the row with it.

    ValidationError with what forbids it.
    """
    values = policy_schema(place.bank).load(taken.options["policy"])
    today = date.fromisoformat(taken.options["today"])
    with place.database.reading() as session:
        contract = session.get(Contract, taken.predecessor_id)
        if contract is None:
            raise UnknownName("contract", str(taken.predecessor_id))
        proposal = propose(place, session, contract, policy_of(values), today)
    if proposal.draft is None or proposal.problems:
        raise ValidationError(_said(proposal.problems))
    (item,) = _items([proposal], place.bank.vocabulary, now())
    assert item.plan is not None
    if not ledger.keep_plan(place.database, taken, item.name, item.answers, item.plan):
        number = item.answers[NUMBER]
        zh, en = (
            f"合同编号 {number} 已被使用，请修改编号格式。",
            f"The number {number} is taken: change the pattern.",
        )
        raise ValidationError({NUMBER: [{"zh": zh, "en": en}]})
    return replace(taken, answers=item.answers, plan=item.plan)


def _said(problems: Iterable[Finding]) -> dict[str, list[dict[str, str]]]:
    """Return problems as messages at their fields."""
    found: dict[str, list[dict[str, str]]] = {}
    for problem in problems:
        found.setdefault(problem.blank, []).append({"zh": problem.zh, "en": problem.en})
    return found


def _items(proposals: Iterable[Proposal], vocabulary: Vocabulary, moment: datetime) -> Iterator[NewItem]:
    held = list(proposals)
    outcomes = [outcome_of(proposal.draft) for proposal in held if proposal.draft]
    names = numbered(f"{outcome.number} {outcome.title}" for outcome in outcomes)
    for proposal, outcome, name in zip(held, outcomes, names, strict=True):
        plan = {
            "manifest": outcome.manifest.to_data(),
            "stances": dict(outcome.stances),
            "made": moment.isoformat(),
            "summary": proposal_data(proposal, vocabulary),
        }
        contract = proposal.contract
        yield NewItem(contract.number or str(contract.id), name, outcome.answers, contract.id, plan)
