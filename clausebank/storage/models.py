"""The tables: the bank with its versions, the contracts made from it, and who did what."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clausebank.storage.columns import (
    Base,
    Code,
    Data,
    LongText,
    Moment,
    OptionalAmount,
    OptionalData,
    OptionalDay,
    OptionalMoment,
    Serial,
    Sha256,
    Title,
    Word,
    one_of,
)
from clausebank.storage.people_models import Owned

SHIPPED = "clausebank"
FACTS = ("starts_on", "ends_on", "amount")


class Status(StrEnum):
    """The life of a version; approved and retired ones never change their wording."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    RETIRED = "retired"


class State(StrEnum):
    """Whether a contract has errors left."""

    DRAFT = "draft"
    FINAL = "final"


class Approval(StrEnum):
    """Whether somebody must approve a contract that goes below the floor of the policy, and whether so."""

    NONE = ""
    NEEDED = "needed"
    ASKED = "asked"
    RETURNED = "returned"
    APPROVED = "approved"


def _listed(order: str) -> Index:
    """Return the index of a sort order of contracts.

    It holds all that lists of contracts filter by, so that they never look into the wide rows.
    """
    held = ("team_id", "kind", "state", "created_at", *FACTS, "client_name", "provider_name")
    return Index(f"ix_contract_by_{order}", *dict.fromkeys((order, "id", *held)))


def _held(made: str) -> tuple[Index, Index]:
    """Return the indexes that find and that count the contracts of a version one may see.

    The narrow one has one entry for very many contracts, so that a million of them are counted soon.
    """
    seen_by = ("team_id", "owner_id")
    return (
        Index(f"ix_contract_of_{made}", f"{made}_id", "created_at", "id", *seen_by),
        Index(f"ix_contract_count_{made}", f"{made}_id", *seen_by),
    )


class Versioned:
    """What every numbered version has: its life from draft to retirement, and who took part.

    ``revision`` counts the saves of a draft. ``base`` is the number of the approved version its author
    last saw, 0 when there was none; ``origin`` names the version its text was taken from. ``editors``
    are all who wrote on it. ``decided_at`` is set once, when it is approved; until then ``number`` is
    provisional.
    """

    number: Mapped[int]
    sha256: Mapped[Sha256]
    status: Mapped[Code]
    created_at: Mapped[Moment]
    author: Mapped[Word]
    note: Mapped[LongText] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    base: Mapped[int] = mapped_column(default=0)
    origin: Mapped[Word] = mapped_column(default="")
    editors: Mapped[list[str]] = mapped_column(JSON, default=list)
    submitted_at: Mapped[OptionalMoment]
    reviewer: Mapped[Word] = mapped_column(default="")
    decided_at: Mapped[OptionalMoment]
    comment: Mapped[LongText] = mapped_column(default="")
    replacement: Mapped[Word] = mapped_column(default="")


class ClauseRow(Base):
    """A clause; ``head`` is what its file's front matter says beside the texts.

    ``shipped_head`` is the digest of the head as it was last shipped, empty for an own clause.
    """

    __tablename__ = "clause"
    id: Mapped[Word] = mapped_column(primary_key=True)
    topic: Mapped[Word] = mapped_column(index=True)
    head: Mapped[Data]
    shipped_head: Mapped[Sha256] = mapped_column(default="")
    created_at: Mapped[Moment]
    revision: Mapped[int] = mapped_column()
    versions: Mapped[list[ClauseVersion]] = relationship(back_populates="clause")
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy reads it so)


class ClauseVersion(Versioned, Base):
    """A numbered wording of a clause for one stance; ``head`` is what it changes of the clause's head."""

    __tablename__ = "clause_version"
    id: Mapped[Serial]
    clause_id: Mapped[str] = mapped_column(ForeignKey("clause.id"))
    stance: Mapped[Code]
    text: Mapped[LongText]
    head: Mapped[OptionalData]
    clause: Mapped[ClauseRow] = relationship(back_populates="versions")
    __table_args__ = (
        UniqueConstraint("clause_id", "stance", "number"),
        Index(None, "status", "clause_id"),
        one_of("status", Status),
    )


class TemplateVersion(Versioned, Base):
    """A numbered version of a kind's template file."""

    __tablename__ = "template_version"
    id: Mapped[Serial]
    kind: Mapped[Word]
    source: Mapped[LongText]
    __table_args__ = (UniqueConstraint("kind", "number"), one_of("status", Status))


class VocabularyVersion(Versioned, Base):
    """A numbered version of all vocabulary files, as plain data."""

    __tablename__ = "vocabulary_version"
    id: Mapped[Serial]
    content: Mapped[Data]
    __table_args__ = (UniqueConstraint("number"), Index(None, "sha256"), one_of("status", Status))


class ShellVersion(Versioned, Base):
    """A numbered version of a Word shell; the file lies in the file store under its digest."""

    __tablename__ = "shell_version"
    id: Mapped[Serial]
    name: Mapped[Word]
    __table_args__ = (
        UniqueConstraint("name", "number"),
        Index(None, "sha256"),
        one_of("status", Status),
    )


class LibraryLoad(Base):
    """A load of the shipped texts; the newest tells whether the files changed since."""

    __tablename__ = "library_load"
    id: Mapped[Serial]
    digest: Mapped[Sha256]
    created_at: Mapped[Moment]


class Composition(Base):
    """A set of clause versions that contracts hold; ``sha256`` is the digest of their ids."""

    __tablename__ = "composition"
    id: Mapped[Serial]
    sha256: Mapped[Sha256] = mapped_column(unique=True)


class CompositionClause(Base):
    """Which clause versions a composition holds."""

    __tablename__ = "composition_clause"
    composition_id: Mapped[int] = mapped_column(ForeignKey("composition.id"), primary_key=True)
    clause_version_id: Mapped[int] = mapped_column(ForeignKey("clause_version.id"), primary_key=True)
    __table_args__ = (Index(None, "clause_version_id"),)


class Contract(Owned, Base):
    """A stored outcome: what was answered, which versions it holds, what was found.

    The names, days and ``amount`` are those of ``clausebank.facts``, read from the answers when the
    contract is added. ``predecessor_id`` is the contract this one renews,
    ``composition_id`` the clause versions it holds, None for none. ``approval`` is an Approval; while one
    is missing the state is that of a draft.
    """

    __tablename__ = "contract"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[Word]
    title: Mapped[Title]
    number: Mapped[Word]
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_version.id"))
    vocabulary_version_id: Mapped[int] = mapped_column(ForeignKey("vocabulary_version.id"))
    answers: Mapped[Data]
    stances: Mapped[Data]
    manifest: Mapped[Data]
    state: Mapped[Code]
    approval: Mapped[Code] = mapped_column(default=Approval.NONE.value)
    created_at: Mapped[Moment]
    client_name: Mapped[Title] = mapped_column(default="")
    provider_name: Mapped[Title] = mapped_column(default="")
    starts_on: Mapped[OptionalDay]
    ends_on: Mapped[OptionalDay]
    amount: Mapped[OptionalAmount]
    predecessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract.id"), index=True)
    composition_id: Mapped[int | None] = mapped_column(ForeignKey("composition.id"))
    revision: Mapped[int] = mapped_column()
    template: Mapped[TemplateVersion] = relationship()
    files: Mapped[list[ContractFile]] = relationship(
        cascade="all, delete-orphan", order_by="ContractFile.format"
    )
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy reads it so)
    __table_args__ = (
        one_of("state", State),
        *(_listed(order) for order in (*("created_at", "number", "client_name"), *FACTS, "id")),
        Index("ix_contract_newest", "created_at", "id", "composition_id", "kind", "team_id", "owner_id"),
        *(
            index
            for made in ("composition", "template_version", "vocabulary_version")
            for index in _held(made)
        ),
    )


class ContractFile(Base):
    """A file of a contract; ``path`` is its name in the file store."""

    __tablename__ = "contract_file"
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), primary_key=True)
    format: Mapped[Code] = mapped_column(primary_key=True)
    sha256: Mapped[Sha256]
    size: Mapped[int]
    path: Mapped[Title] = mapped_column(index=True)


class SearchEntry(Base):
    """The searchable text of a clause version or a contract; what finds words in it lies in ``search_gram``."""

    __tablename__ = "search_entry"
    id: Mapped[Serial]
    clause_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("clause_version.id", ondelete="CASCADE"), unique=True
    )
    contract_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("contract.id", ondelete="CASCADE"), unique=True
    )
    text: Mapped[LongText]


class AuditEvent(Base):
    """Who did what when to which object; ``digest`` covers the event and the digest before it.

    ``sealed_by`` names the key the digest was made with, empty for none.
    """

    __tablename__ = "audit_event"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Moment]
    actor: Mapped[Word]
    action: Mapped[Word]
    target: Mapped[Title] = mapped_column(index=True)
    detail: Mapped[Data]
    sealed_by: Mapped[Code] = mapped_column(default="")
    digest: Mapped[Sha256]
