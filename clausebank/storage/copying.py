"""Copying a whole database into an empty one, of either kind, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, inspect, select, text
from sqlalchemy.orm import Session

import clausebank.storage.approval_models
import clausebank.storage.drafting_models
import clausebank.storage.ledger_models  # noqa: F401 (its tables belong to the metadata)
from clausebank.errors import BilingualError
from clausebank.storage import audit
from clausebank.storage.database import Database
from clausebank.storage.errors import Refusal
from clausebank.storage.migrate import is_modelled, upgrade
from clausebank.storage.models import Contract, SearchEntry
from clausebank.storage.search import index_contracts, index_versions

CHUNK = 1000
REBUILT = SearchEntry.__tablename__
REVISION = "alembic_version"
SEEDED = frozenset({"team"})
"""Tables the migrations put a row into, which gives way to what is copied."""


class CopyFault(BilingualError):  # noqa: N818 (reads better without Error)
    """What was copied is not what was there; nothing of it is kept."""

    def __init__(self, difference: str) -> None:
        super().__init__(
            f"复制的内容与原数据库不符，没有保留：{difference}", f"nothing was kept: {difference}"
        )


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows each table has now, and the end of the audit trail."""

    rows: Mapping[str, int]
    head: audit.Head


def copy_database(
    source: Database, target: Database, tell: Callable[[str, int], None] = lambda _table, _rows: None
) -> Copied:
    """Copy every table, then prove counts and audit trail; all or nothing.

    The tables of the target are made; Refusal when it holds anything already. What is searched is
    indexed anew. ``tell`` is called with each table and its rows.
    """
    upgrade(target)
    with _snapshot(source) as given, target.writing() as session:
        taken = session.connection()
        _refuse_full(taken)
        counts = {}
        for table in copied_tables(given):
            counts[table.name] = _copy(given, taken, table)
            tell(table.name, counts[table.name])
        index_versions(session)
        index_contracts(session)
        session.flush()
        _set_sequences(taken)
        return Copied(counts, _prove(given, session, counts, source.audit_key))


def copied_tables(connection: Connection) -> list[Table]:
    """Return the tables to be copied, those others refer to first."""
    tables = Contract.metadata.sorted_tables
    there = {name for name in inspect(connection).get_table_names() if is_modelled(name, "table")}
    unknown = there - {table.name for table in tables} - {REVISION}
    if unknown:
        raise CopyFault(f"tables that no model describes: {', '.join(sorted(unknown))}")
    return [table for table in tables if table.name != REBUILT]


def _snapshot(source: Database) -> Connection:
    """Return a connection that sees one state of the database to its end."""
    engine = source.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    return engine.connect()


def _refuse_full(connection: Connection) -> None:
    for table in copied_tables(connection):
        if table.name in SEEDED:
            connection.execute(table.delete())
        elif connection.execute(select(table).limit(1)).first():
            zh = "目标数据库不是空的，没有复制"
            raise Refusal(table.name, zh, "the target database is not empty: nothing was copied")


def _copy(source: Connection, target: Connection, table: Table) -> int:
    count = 0
    for chunk in _chunks(source, table):
        target.execute(table.insert(), chunk)
        count += len(chunk)
    return count


def _chunks(source: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    """Yield rows in the order they were made, so that a row comes after the one it follows."""
    made = [table.c.created_at] if "created_at" in table.c else []
    query = select(table).order_by(*made, *table.primary_key)
    for rows in source.execution_options(yield_per=CHUNK).execute(query).mappings().partitions():
        yield [dict(row) for row in rows]


def _set_sequences(target: Connection) -> None:
    """Let numbering go on after the highest number; SQLite does so by itself."""
    if target.dialect.name != "postgresql":
        return
    for table in Contract.metadata.sorted_tables:
        key = table.autoincrement_column
        if key is None or key.autoincrement is False:
            continue
        name = target.scalar(select(func.pg_get_serial_sequence(table.name, key.name)))
        highest = target.scalar(select(func.max(key)))
        if name and highest:
            target.execute(text("SELECT setval(:name, :highest)"), {"name": name, "highest": highest})


def _prove(source: Connection, session: Session, counts: Mapping[str, int], key: bytes) -> audit.Head:
    for table in copied_tables(source):
        ours = session.scalar(select(func.count()).select_from(table))
        theirs = source.scalar(select(func.count()).select_from(table))
        if not ours == theirs == counts[table.name]:
            raise CopyFault(f"{table.name}: {theirs} rows there, {ours} here")
    verdict = audit.verify(session, key)
    with Session(source) as reading:
        before = audit.head(reading)
    if verdict.findings or verdict.head != before:
        raise CopyFault(f"audit trail: {before} there, {verdict.head} here, {len(verdict.findings)} findings")
    return verdict.head
