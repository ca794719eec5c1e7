"""Workers as processes of their own: `clausebank worker` under each engine, killed and stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from clausebank.storage import ledger
from tests.batch.test_ledger import ROOT, assert_each_once, place, progress, settings, start  # noqa: F401
from tests.brokers import running_broker
from tests.storage.conftest import postgres_server, url  # noqa: F401 (fixtures)
from webapp.batch.engines import engine_of
from webapp.settings import Settings

PATIENCE = 120


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    with running_broker() as address:
        yield address


@contextmanager
def running_worker(settings: Settings, log: Path) -> Iterator[subprocess.Popen]:  # noqa: F811
    """Run a worker in its own process group; at the end the whole group is killed."""
    given = {
        "HOME": settings.home, "GENERATED": settings.generated, "DATABASE_URL": settings.database_url,
        "BATCH_ENGINE": settings.batch_engine, "BROKER_URL": settings.broker_url, "PROCESSES": 1,
    }  # fmt: skip
    environment = {f"CLAUSEBANK_{name}": str(value) for name, value in given.items()}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "webapp.cli", "worker"],
            cwd=ROOT, start_new_session=True, stdout=output, stderr=output,
            env={**os.environ, **environment},
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(what, log: str = "") -> None:
    give_up = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < give_up, log
        time.sleep(0.05)


@pytest.fixture
def celery(settings, broker) -> Settings:  # noqa: F811
    return replace(settings, batch_engine="celery", broker_url=broker, processes=1)


def test_two_celery_workers_share_a_batch_and_one_is_killed(place, celery, tmp_path):  # noqa: F811
    with ExitStack() as workers:
        first, second = (workers.enter_context(running_worker(celery, tmp_path / f"{n}.log")) for n in "12")
        batch_id = start(place, 16, ("txt", "pdf"))
        engine_of(celery).hand_over(place, batch_id)

        def owners() -> set[int]:
            with place.database.reading() as session:
                held = ledger.working_owners(session)
            return {os.getpgid(int(owner.split("/")[1])) for owner in held}

        wait_for(lambda: {first.pid, second.pid} <= owners() and progress(place, batch_id).done)
        os.killpg(first.pid, signal.SIGKILL)
        left = progress(place, batch_id).left
        wait_for(lambda: not progress(place, batch_id).left, (tmp_path / "2.log").read_text())

    assert left > 0
    assert_each_once(place, batch_id, 16)


def test_a_batch_whose_messages_were_lost_is_found_by_a_worker(place, celery, tmp_path):  # noqa: F811
    batch_id = start(place, 2)
    engine_of(replace(celery, broker_url="redis://127.0.0.1:9/0")).hand_over(place, batch_id)
    with running_worker(celery, tmp_path / "log"):
        wait_for(lambda: progress(place, batch_id).done == 2, (tmp_path / "log").read_text())

    assert_each_once(place, batch_id, 2)


@pytest.mark.parametrize("engine", ["local", "celery"])
def test_a_worker_asked_to_stop_finishes_its_row(place, celery, engine, tmp_path):  # noqa: F811
    batch_id = start(place, 4000)  # more than a Celery worker makes before its turn of ten seconds ends
    with running_worker(replace(celery, batch_engine=engine), tmp_path / "log") as process:
        wait_for(lambda: progress(place, batch_id).done, (tmp_path / "log").read_text())
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE)
    after = progress(place, batch_id)

    assert code == 0
    assert (after.working, after.failed) == (0, 0)
    assert after.waiting > 0
    with place.database.reading() as session:
        attempts = {item.attempts for item in ledger.items_of(session, batch_id) if item.state == "done"}
    assert attempts == {1}


def test_a_local_worker_waits_for_batches_and_outlives_its_processes(place, settings, tmp_path):  # noqa: F811
    with running_worker(settings, tmp_path / "log") as process:
        for count in (1, 6):
            batch_id = start(place, count, ("pdf",))
            if count > 1:
                wait_for(lambda: _working(place))
                os.kill(_working(place), signal.SIGKILL)
            wait_for(lambda id_=batch_id: not progress(place, id_).left, (tmp_path / "log").read_text())
            assert progress(place, batch_id).done == count
        assert process.poll() is None


def _working(place) -> int:  # noqa: F811
    with place.database.reading() as session:
        held = ledger.working_owners(session)
    return int(held[0].split("/")[1]) if held else 0
