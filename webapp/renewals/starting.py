"""From proposals to a batch in the ledger: what was looked at is what will be made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clausebank.bank.model import Vocabulary
from clausebank.storage import ledger
from clausebank.storage.columns import now
from clausebank.storage.ledger import NewItem
from clausebank.storage.ledger_models import RENEWAL
from clausebank.storage.renewals import lock_contracts
from webapp.batch.names import numbered
from webapp.drafting import outcome_of
from webapp.renewals.proposing import Proposal, proposal_data
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
