"""Which contracts may be renewed: those that expire, and what stands against others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from clausebank.bank.model import Bilingual
from clausebank.renewal.renew import Chain
from clausebank.storage.contracts import find_contracts
from clausebank.storage.ledger_models import Batch, BatchItem, BatchState, ItemState
from clausebank.storage.models import Contract, State
from clausebank.storage.visible import select_contracts

OPEN = (ItemState.WAITING.value, ItemState.WORKING.value)
LONGEST_CHAIN = 1000


@dataclass(frozen=True, slots=True)
class Due:
    """Contracts that end from ``since`` to ``until``, of one kind or all, of one party or all."""

    since: date
    until: date
    kind: str = ""
    party: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A contract asked for by name that cannot be renewed, and why."""

    named: str
    reason: Bilingual


def due_contracts(session: Session, due: Due, limit: int | None = None) -> Sequence[Contract]:
    """Return the contracts that expire and may be renewed, the earliest end first."""
    query = select_contracts().where(
        Contract.ends_on.between(due.since, due.until),
        Contract.state == State.FINAL.value,
        ~_has_successor(),
        ~_is_waiting(),
    )
    if due.kind:
        query = query.where(Contract.kind == due.kind)
    if due.party:
        named = (
            name.contains(due.party, autoescape=True)
            for name in (Contract.client_name, Contract.provider_name)
        )
        query = query.where(or_(*named))
    return session.scalars(query.order_by(Contract.ends_on, Contract.id).limit(limit)).all()


def named_contracts(session: Session, names: Iterable[str]) -> tuple[list[Contract], list[Refused]]:
    """Return the contracts with these ids or numbers, each once, and those that cannot be renewed."""
    found: dict[UUID, Contract] = {}
    refused: list[Refused] = []
    for named in dict.fromkeys(names):
        contracts = find_contracts(session, named)
        if len(contracts) == 1 and (reason := reason_against(session, contracts[0])) is None:
            found[contracts[0].id] = contracts[0]
        elif len(contracts) == 1 and reason is not None:
            refused.append(Refused(named, reason))
        else:
            refused.append(Refused(named, _not_one(contracts)))
    return list(found.values()), refused


def _not_one(contracts: Sequence[Contract]) -> Bilingual:
    if not contracts:
        return Bilingual("没有这份合同", "there is no such contract")
    ids = "、".join(str(contract.id) for contract in contracts)
    return Bilingual(
        f"有几份合同使用这个编号，请写 id：{ids}", f"several contracts have this number, name the id: {ids}"
    )


def reason_against(session: Session, contract: Contract) -> Bilingual | None:
    """Return why a contract cannot be renewed, None when it can."""
    if contract.state != State.FINAL.value:
        return Bilingual("还是草稿", "it is still a draft")
    if contract.ends_on is None:
        return Bilingual("没有服务届满日", "it has no end date")
    successor = successor_of(session, contract.id)
    if successor is not None:
        return Bilingual(f"已由 {successor.number} 续签", f"it is renewed by {successor.number} already")
    if session.scalar(select(_is_waiting()).where(Contract.id == contract.id)):
        return Bilingual("正在另一批次中续签", "another batch is renewing it")
    return None


def successor_of(session: Session, contract_id: UUID) -> Contract | None:
    """Return the contract that renews one."""
    return session.scalars(select(Contract).where(Contract.predecessor_id == contract_id)).first()


def _has_successor() -> ColumnElement[bool]:
    later = aliased(Contract)
    return exists().where(later.predecessor_id == Contract.id)


def _is_waiting() -> ColumnElement[bool]:
    """Tell that a row of a batch will renew the contract."""
    stopped = BatchState.CANCELLED.value
    waiting = exists().where(
        BatchItem.predecessor_id == Contract.id,
        BatchItem.state.in_(OPEN),
        BatchItem.batch_id == Batch.id,
        Batch.state != stopped,
    )
    return waiting.correlate(Contract)


def chain_of(session: Session, contract: Contract) -> Chain:
    """Return where a contract stands among its renewals."""
    first = contract
    for count in range(LONGEST_CHAIN):
        before = session.get(Contract, first.predecessor_id) if first.predecessor_id else None
        if before is None:
            return Chain(first.number, contract.number, count)
        first = before
    return Chain(first.number, contract.number, LONGEST_CHAIN)


def taken_numbers(session: Session, numbers: Iterable[str]) -> set[str]:
    """Return which of these numbers contracts have already."""
    return set(session.scalars(select(Contract.number).where(Contract.number.in_(list(numbers)))))


def lock_contracts(session: Session, ids: Iterable[UUID]) -> Iterator[UUID]:
    """Hold contracts until the transaction ends; yield those that may no longer be renewed."""
    held = select(Contract).where(Contract.id.in_(list(ids))).order_by(Contract.id).with_for_update()
    for contract in session.scalars(held.execution_options(populate_existing=True)).all():
        if reason_against(session, contract) is not None:
            yield contract.id
