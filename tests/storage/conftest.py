"""Real databases for the storage tests: SQLite in a file, and a PostgreSQL server of our own."""

from __future__ import annotations

import pytest

from clausebank.storage.database import Database, open_database, sqlite_url
from clausebank.storage.migrate import upgrade
from tests.buckets import running_service
from tests.postgres import running_server


@pytest.fixture(scope="session")
def postgres_server():
    """A PostgreSQL server for the session; yields a function that makes an empty database."""
    with running_server() as new_database:
        yield new_database


@pytest.fixture(scope="session")
def s3_service():
    """An S3 service for the session; yields a function that makes a bucket."""
    with running_service() as new_bucket:
        yield new_bucket


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> str:
    """The address of an empty database, on each kind of server in turn."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "test.db")
    return request.getfixturevalue("postgres_server")()


@pytest.fixture
def empty(url) -> Database:
    database = open_database(url)
    yield database
    database.close()


@pytest.fixture
def database(empty) -> Database:
    upgrade(empty)
    return empty
