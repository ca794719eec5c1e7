"""The tables of people: users, teams, who is logged in, and failed attempts to log in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clausebank.people import UserRole
from clausebank.storage.columns import Base, Code, Moment, Serial, Sha256, Title, UtcDateTime, Word, now

DEFAULT_TEAM = UUID("00000000-0000-4000-8000-000000000001")


class Team(Base):
    """People who share their contracts; the one that was there first can be renamed like any other."""

    __tablename__ = "team"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[Word] = mapped_column(unique=True)
    created_at: Mapped[Moment]


class User(Base):
    """Somebody who can log in; ``login`` is folded to lower case and never changes.

    ``must_change`` holds until a password given by an administrator is replaced by an own one.
    """

    __tablename__ = "user_account"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    login: Mapped[Word] = mapped_column(unique=True)
    name: Mapped[Word]
    role: Mapped[Code]
    password: Mapped[Title]
    active: Mapped[bool] = mapped_column(default=True)
    must_change: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]
    revision: Mapped[int] = mapped_column()
    teams: Mapped[list[Team]] = relationship(secondary="team_member", order_by="Team.name")
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy reads it so)
    __table_args__ = (
        CheckConstraint(f"role IN ({', '.join(repr(role.value) for role in UserRole)})", name="role"),
    )


class TeamMember(Base):
    """Who belongs to which team."""

    __tablename__ = "team_member"
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    __table_args__ = (Index(None, "user_id"),)


class LoginSession(Base):
    """A browser that is logged in: ``id`` is the digest of the token its cookie holds.

    The row goes when the person logs out, changes the password or gets another role; the cookie is dead then.
    """

    __tablename__ = "login_session"
    id: Mapped[Sha256] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Moment]
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class LoginAttempt(Base):
    """An attempt to log in that did not succeed; ``key`` is the digest of an account or an address."""

    __tablename__ = "login_attempt"
    id: Mapped[Serial]
    key: Mapped[Sha256]
    at: Mapped[Moment]
    __table_args__ = (Index(None, "key", "at"),)


class Owned:
    """What belongs to a team and was made by a user; None is nobody's, which administrators see."""

    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
