"""The tables of batches: what was asked for, and where each row of it stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from clausebank.storage.columns import (
    Base,
    Code,
    Data,
    Moment,
    OptionalData,
    Sha256,
    Title,
    UtcDateTime,
    Word,
    now,
    one_of,
)
from clausebank.storage.people_models import Owned

RENEWAL = "renewal"
"""The kind of a batch of renewals, whatever the kinds of its contracts."""


class BatchState(StrEnum):
    """What may be done with a batch; whether it is finished is seen from its items."""

    CHECKED = "checked"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """Where a row of a batch stands."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class Batch(Owned, Base):
    """Many contracts of one kind, or renewals; ``options`` holds how they are made and the rows left out."""

    __tablename__ = "batch"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[Word]
    source: Mapped[Title]
    options: Mapped[Data]
    state: Mapped[Code] = mapped_column(default=BatchState.RUNNING.value)
    total: Mapped[int]
    created_at: Mapped[Moment] = mapped_column(index=True)
    __table_args__ = (one_of("state", BatchState),)


class BatchItem(Base):
    """A row of a batch: its answers, who works on it until when, and what came of it.

    A renewal names the contract it follows, and its ``plan`` holds what it is made of.
    """

    __tablename__ = "batch_item"
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[Title]
    name: Mapped[Title]
    answers: Mapped[Data]
    predecessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract.id"), index=True)
    plan: Mapped[OptionalData]
    state: Mapped[Code] = mapped_column(default=ItemState.WAITING.value)
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[Title] = mapped_column(default="")
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problems: Mapped[Data] = mapped_column(default=dict)
    findings: Mapped[Data] = mapped_column(default=dict)
    output_sha256: Mapped[Sha256] = mapped_column(default="")
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract.id", ondelete="SET NULL"))
    __table_args__ = (
        Index(None, "batch_id", "state", "number"),
        Index(None, "state"),
        Index(None, "contract_id"),
        one_of("state", ItemState),
    )
