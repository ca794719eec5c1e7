"""Bringing a database to the present tables; safe when several processes start at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from clausebank.storage.database import Database
from clausebank.storage.errors import NewerDatabase

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x636C61757365  # one advisory lock for all of ours on a PostgreSQL server


def newest_revision() -> str:
    """Return the revision the code expects: file names begin with it, in order."""
    names = [path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")]
    return max(names).split("_")[0]


def present_revision(connection: Connection) -> str | None:
    """Return the revision of a database, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def is_current(database: Database) -> bool:
    """Tell whether a database has the tables the code expects."""
    with database.engine.connect() as connection:
        return present_revision(connection) == newest_revision()


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the missing migrations in one transaction, one process after another."""
    from alembic import command

    with database.engine.execution_options(writes=True).begin() as connection:
        take_turn(connection)
        present = present_revision(connection)
        if present and present > newest_revision():
            raise NewerDatabase(present)
        command.upgrade(alembic_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Undo migrations down to a revision, ``base`` for all."""
    from alembic import command

    with database.engine.execution_options(writes=True).begin() as connection:
        take_turn(connection)
        command.downgrade(alembic_config(connection), revision)


def take_turn(connection: Connection) -> None:
    """Wait until no other process changes tables or loads texts; SQLite writers do so anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's settings for a connection of ours."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def is_modelled(name: str | None, kind: str, _parents: object = None) -> bool:
    """Tell whether a table is described by the models; the full-text index is the database's own."""
    return kind != "table" or not (name or "").startswith("search_gram")
