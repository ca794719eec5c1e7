"""The ledger of batches: rows are claimed under a lease, finished by their owner, never lost or doubled.

The truth about a batch is here alone; workers and queues may vanish at any moment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID, uuid5

from sqlalchemy import CursorResult, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from clausebank.storage.columns import now
from clausebank.storage.contracts import Outcome, add_contract, owner_in
from clausebank.storage.database import Database
from clausebank.storage.files import FileStore, keep_file
from clausebank.storage.ledger_models import Batch, BatchItem, BatchState, ItemState
from clausebank.storage.models import Contract

LEASE = timedelta(seconds=120)
ATTEMPTS = 5
BACK_OFF = timedelta(seconds=2)
CHUNK = 500


@dataclass(frozen=True, slots=True)
class NewItem:
    """A row to be made: the name of its files and its answers; of a renewal also what it follows."""

    key: str
    name: str
    answers: Mapping[str, Any]
    predecessor_id: UUID | None = None
    plan: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A row taken by a worker."""

    batch_id: UUID
    number: int
    owner: str
    kind: str
    options: Mapping[str, Any]
    answers: Mapping[str, Any]
    predecessor_id: UUID | None = None
    plan: Mapping[str, Any] | None = None

    @property
    def contract_id(self) -> UUID:
        """The id its contract will have, however often it is made."""
        return uuid5(self.batch_id, str(self.number))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is; ``recent`` rows were finished in the last minute."""

    state: str
    total: int
    waiting: int
    working: int
    done: int
    failed: int
    recent: int

    @property
    def left(self) -> int:
        """How many rows are not settled."""
        return self.waiting + self.working

    @property
    def is_active(self) -> bool:
        """Tell whether workers have something to do, now or soon."""
        return self.working > 0 or (self.state == BatchState.RUNNING and self.waiting > 0)


# --- making and steering -------------------------------------------------------------------------


def create_batch(
    session: Session,
    kind: str,
    source: str,
    options: Mapping[str, Any],
    items: Iterable[NewItem],
    state: BatchState = BatchState.RUNNING,
) -> Batch:
    """Store a batch with its rows."""
    batch = Batch(kind=kind, source=source, options=dict(options), state=state.value, total=0)
    batch.team_id, batch.owner_id = owner_in(session)
    session.add(batch)
    session.flush()
    rows = [
        {
            "batch_id": batch.id,
            "number": number,
            "key": item.key,
            "name": item.name,
            "answers": dict(item.answers),
            "predecessor_id": item.predecessor_id,
            "plan": item.plan,
        }
        for number, item in enumerate(items, start=1)
    ]
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(BatchItem), rows[start : start + CHUNK])
    batch.total = len(rows)
    return batch


def steer(session: Session, batch_id: UUID, to: BatchState, since: Iterable[BatchState]) -> bool:
    """Change the state of a batch; tells whether it was in a state that allows it."""
    change = update(Batch).where(Batch.id == batch_id, Batch.state.in_([state.value for state in since]))
    return _count(session, change.values(state=to.value)) == 1


def retry_failed(session: Session, batch_id: UUID) -> int:
    """Let failed rows be made again; returns how many."""
    change = update(BatchItem).where(
        BatchItem.batch_id == batch_id, BatchItem.state == ItemState.FAILED.value
    )
    return _count(
        session,
        change.values(state=ItemState.WAITING.value, attempts=0, problems={}, run_at=now(), finished_at=None),
    )


def delete_batch(session: Session, batch_id: UUID) -> bool:
    """Remove a batch that was never started."""
    gone = delete(Batch).where(Batch.id == batch_id, Batch.state == BatchState.CHECKED.value)
    return _count(session, gone) == 1


# --- working -------------------------------------------------------------------------------------


def claim(
    database: Database, owner: str, batch_id: UUID | None = None, lease: timedelta = LEASE
) -> Claim | None:
    """Take the next row that is free, or whose worker has not finished it within its lease."""
    with database.writing() as session:
        while True:
            item = session.scalars(_free(batch_id)).first()
            if item is None:
                return None
            if item.attempts < ATTEMPTS:
                break
            _settle(item, ItemState.FAILED)
            item.problems = _said(
                "处理时进程反复中断，请重试或者检查这一行。", "The worker broke off again and again."
            )
            session.flush()
        item.state, item.owner, item.lease_until = ItemState.WORKING.value, owner, now() + lease
        item.attempts += 1
        batch = session.get_one(Batch, item.batch_id)
        return Claim(
            batch.id,
            item.number,
            owner,
            batch.kind,
            batch.options,
            item.answers,
            item.predecessor_id,
            item.plan,
        )


def _free(batch_id: UUID | None) -> Any:
    """Select a row that may be taken; other claimers pass over a row locked by one."""
    moment = now()
    free = or_(
        and_(BatchItem.state == ItemState.WAITING.value, BatchItem.run_at <= moment),
        and_(BatchItem.state == ItemState.WORKING.value, BatchItem.lease_until < moment),
    )
    query = select(BatchItem).join(Batch).where(Batch.state == BatchState.RUNNING.value, free)
    if batch_id is not None:
        query = query.where(Batch.id == batch_id)
    ordered = query.order_by(Batch.created_at, BatchItem.batch_id, BatchItem.number).limit(1)
    return ordered.with_for_update(skip_locked=True, of=BatchItem)


def finish(
    database: Database, store: FileStore, taken: Claim, outcome: Outcome, findings: Mapping[str, int]
) -> bool:
    """Store the contract of a row and settle it, both or neither; False when another worker has it now.

    The files lie under the keys of their content, so that a second worker of the same row
    can only write the same or other keys, never different bytes under a key.
    """
    digests = [hashlib.sha256(data).hexdigest() for data in outcome.files.values()]
    keys = {form: keep_file(store, data, form) for form, data in outcome.files.items()}
    with database.writing() as session:
        item = _mine(session, taken)
        if item is None:
            return False
        if outcome.predecessor_id and (taken_by := _renewed_by(session, outcome.predecessor_id)):
            _settle(item, ItemState.FAILED)
            item.problems = _said(f"原合同已由 {taken_by} 续签。", f"It is renewed by {taken_by} already.")
            return True
        contract = add_contract(session, taken.contract_id, outcome, keys)
        _hand_down(session, contract, session.get_one(Batch, taken.batch_id))
        _settle(item, ItemState.DONE)
        item.contract_id, item.findings = taken.contract_id, dict(findings)
        item.output_sha256 = hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
    return True


def keep_plan(
    database: Database, taken: Claim, name: str, answers: Mapping[str, Any], plan: Mapping[str, Any]
) -> bool:
    """Note what a renewal is made of before it is made; False when its number is promised to another row.

    Rows of a batch take turns here, so that no two of them get the same number or name.
    """
    number = BatchItem.answers["contract_number"].as_string()
    others = select(BatchItem.number).where(
        BatchItem.batch_id == taken.batch_id,
        BatchItem.number != taken.number,
        or_(number == answers["contract_number"], BatchItem.name == name),
    )
    with database.writing() as session:
        session.execute(select(Batch.id).where(Batch.id == taken.batch_id).with_for_update())
        if session.execute(others.limit(1)).first() is not None:
            return False
        item = _mine(session, taken)
        if item is not None:
            item.name, item.answers, item.plan = name, dict(answers), dict(plan)
    return True


def _hand_down(session: Session, contract: Contract, batch: Batch) -> None:
    """Give a contract to whom the one it renews belongs, any other to whom its batch belongs."""
    before = session.get(Contract, contract.predecessor_id) if contract.predecessor_id else None
    owner = before or batch
    contract.team_id, contract.owner_id = owner.team_id, owner.owner_id


def _renewed_by(session: Session, contract_id: UUID) -> str | None:
    """Hold a contract, so that nobody else renews it now; return the number of what renews it already."""
    session.execute(select(Contract.id).where(Contract.id == contract_id).with_for_update())
    return session.scalar(select(Contract.number).where(Contract.predecessor_id == contract_id).limit(1))


def fail(database: Database, taken: Claim, problems: Mapping[str, Any], *, again: bool) -> None:
    """Note that a row could not be made; ``again`` lets it be tried later, up to the limit."""
    with database.writing() as session:
        item = _mine(session, taken)
        if item is None:
            return
        item.problems = dict(problems)
        if again and item.attempts < ATTEMPTS:
            item.state, item.owner, item.lease_until = ItemState.WAITING.value, "", None
            item.run_at = now() + BACK_OFF * 2**item.attempts
        else:
            _settle(item, ItemState.FAILED)


def release(database: Database, owners: Iterable[str]) -> int:
    """Give back what dead workers had taken; returns how many rows."""
    change = update(BatchItem).where(
        BatchItem.state == ItemState.WORKING.value, BatchItem.owner.in_(list(owners))
    )
    with database.writing() as session:
        return _count(session, change.values(state=ItemState.WAITING.value, owner="", lease_until=None))


def has_work(session: Session, batch_id: UUID | None = None) -> bool:
    """Tell whether rows wait in a running batch, or their worker has not finished them in time."""
    open_ = or_(
        BatchItem.state == ItemState.WAITING.value,
        and_(BatchItem.state == ItemState.WORKING.value, BatchItem.lease_until < now()),
    )
    query = select(BatchItem.number).join(Batch).where(Batch.state == BatchState.RUNNING.value, open_)
    if batch_id is not None:
        query = query.where(Batch.id == batch_id)
    return session.execute(query.limit(1)).first() is not None


def idle_batches(session: Session) -> list[UUID]:
    """Return the running batches that have rows to be made and nobody who makes any."""
    held = select(BatchItem.batch_id).where(
        BatchItem.state == ItemState.WORKING.value, BatchItem.lease_until >= now()
    )
    waiting = select(BatchItem.batch_id).where(
        BatchItem.state.in_([ItemState.WAITING.value, ItemState.WORKING.value])
    )
    query = select(Batch.id).where(Batch.state == BatchState.RUNNING.value)
    return list(session.scalars(query.where(Batch.id.in_(waiting), Batch.id.not_in(held))))


def working_owners(session: Session) -> list[str]:
    """Return who holds rows now."""
    held = select(BatchItem.owner).where(BatchItem.state == ItemState.WORKING.value).distinct()
    return list(session.scalars(held))


def _mine(session: Session, taken: Claim) -> BatchItem | None:
    """Return the row while its lease is this worker's, locked against others."""
    query = select(BatchItem).where(
        BatchItem.batch_id == taken.batch_id,
        BatchItem.number == taken.number,
        BatchItem.state == ItemState.WORKING.value,
        BatchItem.owner == taken.owner,
    )
    return session.scalars(query.with_for_update()).first()


def _settle(item: BatchItem, state: ItemState) -> None:
    item.state, item.owner, item.lease_until, item.finished_at = state.value, "", None, now()
    if state is ItemState.DONE:
        item.problems = {}


def _said(zh: str, en: str) -> dict[str, Any]:
    return {"": [{"zh": zh, "en": en}]}


def _count(session: Session, change: Any) -> int:
    return cast("CursorResult[Any]", session.execute(change)).rowcount


# --- looking -------------------------------------------------------------------------------------


def progress_of(session: Session, batch_id: UUID) -> Progress:
    """Return how far a batch is."""
    batch = session.get_one(Batch, batch_id, populate_existing=True)
    counted = select(BatchItem.state, func.count()).where(BatchItem.batch_id == batch_id)
    counts = {row[0]: row[1] for row in session.execute(counted.group_by(BatchItem.state))}
    recent = select(func.count()).where(
        BatchItem.batch_id == batch_id, BatchItem.finished_at > now() - timedelta(minutes=1)
    )
    return Progress(
        state=batch.state,
        total=batch.total,
        **{state.value: counts.get(state.value, 0) for state in ItemState},
        recent=session.scalar(recent) or 0,
    )


def unsettled_batches(session: Session, limit: int) -> list[Batch]:
    """Return the batches that are made now, or checked and not decided on, the newest first."""
    open_rows = BatchItem.state.in_([ItemState.WAITING.value, ItemState.WORKING.value])
    has_rows = select(BatchItem.number).where(BatchItem.batch_id == Batch.id, open_rows).exists()
    query = select(Batch).where(
        Batch.state.in_([BatchState.RUNNING.value, BatchState.CHECKED.value]), has_rows
    )
    return list(session.scalars(query.order_by(Batch.created_at.desc(), Batch.id).limit(limit)))


def items_of(session: Session, batch_id: UUID) -> Iterator[BatchItem]:
    """Yield the rows of a batch in their order, a few at a time."""
    last = 0
    while True:
        query = select(BatchItem).where(BatchItem.batch_id == batch_id, BatchItem.number > last)
        found = session.scalars(query.order_by(BatchItem.number).limit(CHUNK)).all()
        if not found:
            return
        yield from found
        last = found[-1].number
        session.expunge_all()
