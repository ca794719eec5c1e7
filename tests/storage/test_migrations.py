from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from clausebank.storage.database import open_database, sqlite_url
from clausebank.storage.errors import NewerDatabase
from clausebank.storage.migrate import (
    alembic_config,
    downgrade,
    is_current,
    is_modelled,
    newest_revision,
    present_revision,
    upgrade,
)
from clausebank.storage.models import Contract


def differences(database) -> list:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_modelled}
        )
        return compare_metadata(context, Contract.metadata)


def test_it_makes_exactly_the_tables_the_models_describe(empty):
    assert differences(empty)

    upgrade(empty)

    assert differences(empty) == []
    assert is_current(empty)


def test_it_goes_down_to_nothing_and_up_again(database):
    downgrade(database, "base")

    assert sa.inspect(database.engine).get_table_names() == ["alembic_version"]
    assert not is_current(database)

    upgrade(database)
    assert differences(database) == []


def test_it_knows_the_newest_revision_without_loading_alembic(empty):
    with empty.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))
        assert newest_revision() == scripts.get_current_head()
        assert present_revision(connection) is None


def test_upgrading_twice_changes_nothing(database):
    upgrade(database)

    assert differences(database) == []


def test_it_refuses_a_database_of_a_newer_product(database):
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(NewerDatabase):
        upgrade(database)


def test_a_failed_migration_leaves_the_tables_as_they_were(empty, monkeypatch, tmp_path):
    scripts = tmp_path / "migrations"
    (scripts / "versions").mkdir(parents=True)
    original = Path(__file__).parents[2] / "clausebank" / "storage" / "migrations"
    (scripts / "env.py").write_text((original / "env.py").read_text())
    first = (original / "versions" / "0001_foundation.py").read_text()
    broken = first.replace(
        "    _freeze()\n", "    _freeze()\n    op.execute('SELECT nonsense FROM nowhere')\n"
    )
    (scripts / "versions" / "0001_foundation.py").write_text(broken)
    monkeypatch.setattr("clausebank.storage.migrate.MIGRATIONS", scripts)

    with pytest.raises(sa.exc.DBAPIError):
        upgrade(empty)

    assert sa.inspect(empty.engine).get_table_names() == []


def test_an_embedded_database_keeps_foreign_keys_and_a_write_ahead_log(tmp_path):
    database = open_database(sqlite_url(tmp_path / "a.db"))
    with database.engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "busy_timeout")
        }
    database.close()

    assert pragma == {"foreign_keys": 1, "journal_mode": "wal", "busy_timeout": 30000}
