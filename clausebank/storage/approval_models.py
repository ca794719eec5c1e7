"""The tables of the policy and of what is asked for beyond it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clausebank.storage.columns import Base, Code, Data, LongText, Moment, OptionalMoment, Word
from clausebank.storage.models import Contract
from clausebank.storage.people_models import Owned


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    APPROVED = "approved"
    RETURNED = "returned"


class PolicyVersion(Base):
    """A numbered version of the policy; the highest number is in force, none ever changes."""

    __tablename__ = "policy_version"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[Data]
    author: Mapped[Word]
    note: Mapped[LongText]
    created_at: Mapped[Moment]


class ApprovalRequest(Owned, Base):
    """Somebody asks to agree to a contract that goes below the floor.

    ``breaches`` is where it does, under the policy ``policy`` names, 0 for the one shipped.
    """

    __tablename__ = "approval_request"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), index=True)
    state: Mapped[Code] = mapped_column(default=RequestState.OPEN.value)
    policy: Mapped[int]
    breaches: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    author: Mapped[Word]
    reason: Mapped[LongText]
    created_at: Mapped[Moment]
    reviewer: Mapped[Word] = mapped_column(default="")
    comment: Mapped[LongText] = mapped_column(default="")
    decided_at: Mapped[OptionalMoment]
    revision: Mapped[int] = mapped_column()
    contract: Mapped[Contract] = relationship()
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy reads it so)
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(s.value) for s in RequestState)})", name="state"),
        Index(None, "state", "created_at"),
    )
