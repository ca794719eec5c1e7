"""The tables of drafting: contracts being drafted, sets of answers, and the address book of parties."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from clausebank.storage.columns import Base, Data, Moment, OptionalMoment, Title, Word
from clausebank.storage.people_models import Owned


class ContractDraft(Owned, Base):
    """A form that was not made into a contract yet: its fields by name, as typed.

    ``revision`` counts the saves, ``tab`` is the page the last one came from. ``open`` is the number of
    blanks still open. ``deleted_at`` is set until the draft is taken back or goes for good, ``contract_id``
    once a contract was made of it.
    """

    __tablename__ = "contract_draft"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[Word]
    number: Mapped[Title]
    parties: Mapped[Title]
    fields: Mapped[Data]
    open: Mapped[int]
    revision: Mapped[int]
    tab: Mapped[Word]
    saved_by: Mapped[Word]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    deleted_at: Mapped[OptionalMoment]
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract.id", ondelete="SET NULL"))
    __table_args__ = (Index(None, "team_id", "updated_at"), Index(None, "contract_id"))


class ParameterSet(Owned, Base):
    """Answers kept under a name, to be put into other forms: fields of the form by name."""

    __tablename__ = "parameter_set"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[Word]
    fields: Mapped[Data]
    saved_by: Mapped[Word]
    updated_at: Mapped[Moment]
    deleted_at: Mapped[OptionalMoment]
    revision: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy reads it so)
    __table_args__ = (Index(None, "team_id", "name"),)


class PartyRecord(Owned, Base):
    """A company of the address book: the fields of a company by name."""

    __tablename__ = "party_record"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[Title]
    uscc: Mapped[Word]
    fields: Mapped[Data]
    saved_by: Mapped[Word]
    updated_at: Mapped[Moment]
    deleted_at: Mapped[OptionalMoment]
    revision: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy reads it so)
    __table_args__ = (Index(None, "team_id", "name"), Index(None, "uscc"))
