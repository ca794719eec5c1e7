"""Engines and sessions: SQLite embedded in a file, or PostgreSQL by its address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

from clausebank.people import Person
from clausebank.storage.people_models import DEFAULT_TEAM
from clausebank.storage.visibility import look_as

BUSY_SECONDS = 30


SOMEBODY = "clausebank"


@dataclass(frozen=True, slots=True)
class Database:
    """An open database; every access is a transaction that commits as a whole or not at all.

    ``actor`` is who acts where nobody else is named; ``audit_key`` seals what the audit trail records.
    ``person`` limits what is seen to what they may see, None does not. What is made belongs to ``team``.
    """

    engine: Engine
    actor: str = SOMEBODY
    audit_key: bytes = b""
    person: Person | None = None
    team: UUID | None = DEFAULT_TEAM

    def seen_by(self, person: Person) -> Database:
        """Return the database as a person sees it, who is the one who acts."""
        return replace(self, actor=person.login, person=person, team=person.home)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database."""
        with Session(self.engine, expire_on_commit=False, info=self._info()) as session:
            self._limit(session)
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that commits at the end; on SQLite it waits for its turn at the start."""
        with (
            Session(
                self.engine.execution_options(writes=True), expire_on_commit=False, info=self._info()
            ) as session,
            session.begin(),
        ):
            self._limit(session)
            yield session

    def _info(self) -> dict[Any, Any]:
        return {
            "actor": self.actor,
            "audit_key": self.audit_key,
            "person": self.person,
            "team": self.team,
        }

    def _limit(self, session: Session) -> None:
        if self.person is not None:
            look_as(session, self.person)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def on_postgresql(session: Session) -> bool:
    """Tell whether a session works on PostgreSQL, else on SQLite."""
    return session.get_bind().dialect.name == "postgresql"


def sqlite_url(path: Path) -> str:
    """Return the address of the embedded database in a file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def open_database(url: str, actor: str = SOMEBODY, audit_key: bytes = b"") -> Database:
    """Open a database; an embedded one is made when it does not exist."""
    engine = create_engine(url, json_serializer=_json, **_options(url))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return Database(engine, actor, audit_key)


def _options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY_SECONDS}}
    return {"pool_pre_ping": True}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare(connection: SqliteConnection, _record: object) -> None:
    """Hand transactions to us (``_begin``), switch on foreign keys and the write-ahead log."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA cache_size=-16384")  # 16 MB
    _use_write_ahead_log(connection)


def _use_write_ahead_log(connection: SqliteConnection) -> None:
    """Switch on the write-ahead log; SQLite does not wait for others who switch it on just now."""
    give_up = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except OperationalError:
            if monotonic() > give_up:
                raise
            sleep(0.02)
        else:
            return


def _begin(connection: Connection) -> None:
    """Begin a transaction; a writer takes its turn at once, so that it never fails half-way."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
