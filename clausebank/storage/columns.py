"""Column habits, said once: the declarative base and the annotated types the tables are made of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: goes in with a time zone, comes out in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a moment without a time zone; store it in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC; SQLite hands it out without its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMES)


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """Return the constraint that a column holds one of the values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


Serial = Annotated[int, mapped_column(primary_key=True)]
Word = Annotated[str, mapped_column(String(100))]
Code = Annotated[str, mapped_column(String(20))]
Title = Annotated[str, mapped_column(String(300))]
LongText = Annotated[str, mapped_column(Text)]
Sha256 = Annotated[str, mapped_column(String(64))]
Moment = Annotated[datetime, mapped_column(UtcDateTime, default=now)]
OptionalMoment = Annotated[datetime | None, mapped_column(UtcDateTime)]
Data = Annotated[dict[str, Any], mapped_column(JSON)]
OptionalDay = Annotated[date | None, mapped_column(Date)]
OptionalAmount = Annotated[int | None, mapped_column(BigInteger)]  # in 分
OptionalData = Annotated[dict[str, Any] | None, mapped_column(JSON(none_as_null=True))]
