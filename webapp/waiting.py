"""What waits for whoever is logged in, as the first page shows it: the first few of each, with a link to all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from clausebank.people import Action, Person
from clausebank.register import Order, Sorting
from clausebank.storage.approval_models import ApprovalRequest
from clausebank.storage.approvals import waiting_requests
from clausebank.storage.contract_drafts import open_drafts
from clausebank.storage.drafting_models import ContractDraft
from clausebank.storage.ledger import Progress, progress_of, unsettled_batches
from clausebank.storage.ledger_models import Batch
from clausebank.storage.models import Status
from clausebank.storage.register import page_of
from clausebank.storage.versions import Version, open_versions
from webapp.register import SOON, Row, ending_within, row_of
from webapp.workspace import Workspace

FEW = 4


@dataclass(frozen=True, slots=True)
class Waiting:
    """What somebody has begun and what others wait for."""

    drafts: Sequence[ContractDraft]
    ending: Sequence[Row]
    requests: Sequence[ApprovalRequest]
    texts: Sequence[Version]
    batches: Sequence[tuple[Batch, Progress]]
    days: int = SOON[0]

    def __bool__(self) -> bool:
        """Tell whether anything waits."""
        return any((self.drafts, self.ending, self.requests, self.texts, self.batches))


def waiting(place: Workspace, person: Person) -> Waiting:
    """Return what waits for somebody, the first few of each."""
    today, reviews = date.today(), person.may(Action.REVIEW)  # noqa: DTZ011 (as in the register)
    with place.database.reading() as session:
        return Waiting(
            drafts=open_drafts(session, limit=FEW, by=person.login),
            ending=_ending(session, today),
            requests=waiting_requests(session, person.login, reviews=reviews, limit=FEW),
            texts=_texts(session, person.login) if reviews else (),
            batches=[(batch, progress_of(session, batch.id)) for batch in unsettled_batches(session, FEW)],
        )


def _ending(session: Session, today: date) -> list[Row]:
    wanted = ending_within(SOON[0], today)
    found = page_of(session, wanted, Sorting(Order.ENDS, descending=False), limit=FEW).contracts
    return [row_of(contract, today) for contract in found]


def _texts(session: Session, login: str) -> list[Version]:
    """Return the texts of others that are under review."""
    return [row for row in open_versions(session) if row.status == Status.IN_REVIEW and row.author != login][
        :FEW
    ]
