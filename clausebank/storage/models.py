"""The tables: the bank with its versions, and the contracts made from it."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clausebank.storage.columns import Base, Code, Data, LongText, Moment, Serial, Sha256, Title, Word

SHIPPED = "clausebank"


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


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


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


class ClauseVersion(Base):
    """A numbered wording of a clause for one stance."""

    __tablename__ = "clause_version"
    id: Mapped[Serial]
    clause_id: Mapped[str] = mapped_column(ForeignKey("clause.id"))
    stance: Mapped[Code]
    number: Mapped[int]
    text: Mapped[LongText]
    sha256: Mapped[Sha256]
    status: Mapped[Code]
    created_at: Mapped[Moment]
    author: Mapped[Word]
    note: Mapped[LongText] = mapped_column(default="")
    clause: Mapped[ClauseRow] = relationship(back_populates="versions")
    __table_args__ = (
        UniqueConstraint("clause_id", "stance", "number"),
        Index(None, "status", "clause_id"),
        _one_of("status", Status),
    )


class TemplateVersion(Base):
    """A numbered version of a kind's template file."""

    __tablename__ = "template_version"
    id: Mapped[Serial]
    kind: Mapped[Word]
    number: Mapped[int]
    source: Mapped[LongText]
    sha256: Mapped[Sha256]
    created_at: Mapped[Moment]
    author: Mapped[Word]
    __table_args__ = (UniqueConstraint("kind", "number"),)


class VocabularyVersion(Base):
    """A numbered version of all vocabulary files, as plain data."""

    __tablename__ = "vocabulary_version"
    id: Mapped[Serial]
    number: Mapped[int] = mapped_column(unique=True)
    content: Mapped[Data]
    sha256: Mapped[Sha256] = mapped_column(index=True)
    created_at: Mapped[Moment]
    author: Mapped[Word]


class LibraryLoad(Base):
    """A load of the shipped texts; the newest tells whether the files changed since."""

    __tablename__ = "library_load"
    id: Mapped[Serial]
    digest: Mapped[Sha256]
    created_at: Mapped[Moment]


class Contract(Base):
    """A stored outcome: what was answered, which versions it holds, what was found."""

    __tablename__ = "contract"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[Word] = mapped_column(index=True)
    title: Mapped[Title]
    number: Mapped[Word] = mapped_column(index=True)
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_version.id"))
    vocabulary_version_id: Mapped[int] = mapped_column(ForeignKey("vocabulary_version.id"))
    answers: Mapped[Data]
    stances: Mapped[Data]
    manifest: Mapped[Data]
    state: Mapped[Code]
    created_at: Mapped[Moment] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column()
    template: Mapped[TemplateVersion] = relationship()
    clauses: Mapped[list[ContractClause]] = relationship(cascade="all, delete-orphan")
    files: Mapped[list[ContractFile]] = relationship(
        cascade="all, delete-orphan", order_by="ContractFile.format"
    )
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy reads it so)
    __table_args__ = (_one_of("state", State),)


class ContractClause(Base):
    """Which clause versions a contract holds."""

    __tablename__ = "contract_clause"
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), primary_key=True)
    clause_version_id: Mapped[int] = mapped_column(ForeignKey("clause_version.id"), primary_key=True)
    __table_args__ = (Index(None, "clause_version_id"),)


class ContractFile(Base):
    """A file of a contract; ``path`` is its name in the file store."""

    __tablename__ = "contract_file"
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), primary_key=True)
    format: Mapped[Code] = mapped_column(primary_key=True)
    sha256: Mapped[Sha256]
    size: Mapped[int]
    path: Mapped[Title]
