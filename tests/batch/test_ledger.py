"""The ledger and its workers, on SQLite and on PostgreSQL; workers are killed for real."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from clausebank.storage import audit, ledger
from clausebank.storage.ledger_models import Batch, BatchItem, BatchState
from clausebank.storage.models import AuditEvent, Contract, ContractFile
from schemas import example_answers
from tests.batch.conftest import KIND
from tests.storage.conftest import postgres_server, url  # noqa: F401 (fixtures)
from webapp.batch.engines import Inline, Local
from webapp.batch.output import rows_of
from webapp.batch.work import drain, make, owner_name
from webapp.drafting import draft_contract, outcome_of
from webapp.settings import Settings
from webapp.workspace import Workspace, workspace

ROOT = Path(__file__).parents[2]
OPTIONS = {"stances": {"default": "neutral", "by_topic": {}}, "formats": ["txt"]}
SEED = 20260301
KILLS = ledger.ATTEMPTS - 1
"""So often a row may lose its worker without being given up."""


@pytest.fixture
def settings(url, tmp_path) -> Settings:  # noqa: F811
    return Settings(home=tmp_path / "home", generated=tmp_path / "generated", database_url=url)


@pytest.fixture
def place(settings):
    with workspace(settings) as opened:
        yield opened


def start(place: Workspace, count: int, formats: tuple[str, ...] = ("txt",), **wrong: object) -> UUID:
    """Put a batch into the ledger; ``wrong`` answers replace those of the second row."""
    answers = example_answers(place.templates[KIND], place.bank)
    items = [
        ledger.NewItem(
            str(n), f"file {n}", {**answers, "contract_number": f"N-{n}", **(wrong if n == 2 else {})}
        )
        for n in range(1, count + 1)
    ]
    options = {**OPTIONS, "formats": list(formats)}
    with place.database.writing() as session:
        return ledger.create_batch(session, KIND, "rows.xlsx", options, items).id


def progress(place: Workspace, batch_id: UUID) -> ledger.Progress:
    with place.database.reading() as session:
        return ledger.progress_of(session, batch_id)


def assert_each_once(place: Workspace, batch_id: UUID, count: int) -> None:
    """Nothing is lost and nothing doubled: contracts, files, rows of the ledger, events of the audit trail."""
    with place.database.reading() as session:
        numbers = sorted(session.scalars(select(Contract.number)))
        files = session.scalars(select(ContractFile)).all()
        items = session.scalars(select(BatchItem).where(BatchItem.batch_id == batch_id)).all()
        events = session.scalars(select(AuditEvent.target).where(AuditEvent.action == "make")).all()
        assert audit.verify(session).findings == ()
    assert numbers == sorted(f"N-{n}" for n in range(1, count + 1))
    assert [item.state for item in items] == ["done"] * count
    assert len({item.contract_id for item in items}) == count
    assert sorted(events) == sorted(f"contract/{item.contract_id}" for item in items)
    for file in files:
        place.files.open(file.path, file.sha256).close()
    kept = {path for path in place.files.root.rglob("*") if path.is_file() and path.suffix != ".part"}
    assert kept == {place.files.path(file.path) for file in files}


def test_a_row_that_cannot_be_made_stops_no_other(place):
    batch_id = start(place, 3, fee_total="很多")
    Inline().run(place, batch_id, lambda: None)
    rows = list(rows_of(place, batch_id))

    assert [row.item.state for row in rows] == ["done", "failed", "done"]
    assert rows[1].item.problems.keys() == {"fee_total"}
    assert rows[1].contract is None


def test_failed_rows_are_made_again_on_request(place):
    batch_id = start(place, 3, fee_total="很多")
    Inline().run(place, batch_id, lambda: None)
    with place.database.writing() as session:
        session.get_one(BatchItem, (batch_id, 2)).answers = {
            **session.get_one(BatchItem, (batch_id, 1)).answers, "contract_number": "N-2",
        }  # fmt: skip
        assert ledger.retry_failed(session, batch_id) == 1
    Inline().run(place, batch_id, lambda: None)

    assert_each_once(place, batch_id, 3)


def test_two_workers_never_hold_the_same_row(place):
    batch_id = start(place, 2)
    first, second = (ledger.claim(place.database, owner, batch_id) for owner in ("a/1/x", "b/2/x"))

    assert {first.number, second.number} == {1, 2}
    assert ledger.claim(place.database, "c/3/x", batch_id) is None


def test_a_worker_that_overslept_its_lease_changes_nothing(place):
    batch_id = start(place, 1, ("txt", "docx"))
    slow = ledger.claim(place.database, "sleeper/1/x", batch_id, lease=timedelta(0))
    time.sleep(0.01)
    quick = ledger.claim(place.database, "quick/1/x", batch_id)
    draft = draft_contract(place.templates[KIND], slow.answers, place.bank, None, ("txt", "docx"))
    make(place, quick)

    assert ledger.finish(place.database, place.files, slow, outcome_of(draft), {}) is False
    assert_each_once(place, batch_id, 1)


def test_a_row_whose_worker_always_dies_fails_in_the_end(place):
    batch_id = start(place, 1)
    for _ in range(ledger.ATTEMPTS):
        assert ledger.claim(place.database, "x/1/x", batch_id, lease=timedelta(0))
        time.sleep(0.01)

    assert ledger.claim(place.database, "x/1/x", batch_id) is None
    assert progress(place, batch_id).failed == 1


def test_a_fault_of_the_system_is_tried_again_later(place):
    batch_id = start(place, 1)
    taken = ledger.claim(place.database, "x/1/x", batch_id)
    ledger.fail(place.database, taken, {"": [{"zh": "磁盘已满", "en": "disk full"}]}, again=True)

    assert ledger.claim(place.database, "x/1/x", batch_id) is None
    assert progress(place, batch_id).waiting == 1


@pytest.mark.parametrize("state", [BatchState.PAUSED, BatchState.CANCELLED, BatchState.CHECKED])
def test_only_a_running_batch_is_worked_on(place, state):
    batch_id = start(place, 2)
    with place.database.writing() as session:
        ledger.steer(session, batch_id, state, [BatchState.RUNNING])
    drain(place, batch_id, owner_name())

    assert progress(place, batch_id).waiting == 2


def test_pausing_lets_the_row_in_work_be_finished(place):
    batch_id = start(place, 3)

    def pause() -> None:
        with place.database.writing() as session:
            ledger.steer(session, batch_id, BatchState.PAUSED, [BatchState.RUNNING])

    drain(place, batch_id, owner_name(), pause)
    assert (progress(place, batch_id).done, progress(place, batch_id).waiting) == (1, 2)


def test_several_processes_share_a_batch(place, settings):
    batch_id = start(place, 8, ("docx", "pdf"))
    Local(settings, 2).run(place, batch_id, lambda: None)

    assert_each_once(place, batch_id, 8)


def test_workers_killed_at_random_points_lose_and_double_nothing(place, settings):
    batch_id = start(place, 24, ("txt", "pdf"))
    dice, kills = random.Random(SEED), []

    def kill_now_and_then() -> None:
        with place.database.reading() as session:
            owners = ledger.working_owners(session)
        if owners and len(kills) < KILLS and dice.random() < 0.5:
            time.sleep(dice.random() * 0.3)
            process = int(dice.choice(owners).split("/")[1])
            kills.append(process)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    Local(settings, 2).run(place, batch_id, kill_now_and_then)

    assert len(kills) >= 3
    assert_each_once(place, batch_id, 24)


SCRIPT = """
import sys
from pathlib import Path
from uuid import UUID
from webapp.batch.engines import Local
from webapp.settings import Settings
from webapp.workspace import workspace

if __name__ == "__main__":
    url, home, generated, batch = sys.argv[1:]
    settings = Settings(home=Path(home), generated=Path(generated), database_url=url)
    with workspace(settings) as place:
        Local(settings, 2).run(place, UUID(batch), lambda: None)
"""


def test_everything_killed_again_and_again_loses_and_doubles_nothing(place, settings, tmp_path):
    """The starting process and its workers die together, at random points while rows are in work."""
    batch_id = start(place, 12, ("txt", "pdf"))
    script = tmp_path / "run.py"
    script.write_text(SCRIPT, "utf-8")
    dice, kills = random.Random(SEED), 0
    command = [
        sys.executable, script, settings.database_url, settings.home, settings.generated, str(batch_id)
    ]  # fmt: skip
    for _ in range(KILLS):
        running = subprocess.Popen(
            command, cwd=ROOT, start_new_session=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        while not _held_in(place, running.pid) and running.poll() is None:
            time.sleep(0.02)
        time.sleep(dice.random() * 0.6)
        kills += running.poll() is None
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    Local(settings, 2).run(place, batch_id, lambda: None)

    assert kills >= 3
    assert_each_once(place, batch_id, 12)


def _held_in(place: Workspace, group: int) -> bool:
    """Tell whether a worker of a process group holds a row."""
    with place.database.reading() as session:
        owners = ledger.working_owners(session)
    return any(_group_of(int(owner.split("/")[1])) == group for owner in owners)


def _group_of(process: int) -> int:
    try:
        return os.getpgid(process)
    except ProcessLookupError:
        return 0


def test_a_checked_batch_is_deleted_with_its_rows_and_a_started_one_is_not(place):
    batch_id = start(place, 2)
    with place.database.writing() as session:
        assert not ledger.delete_batch(session, batch_id)
        ledger.steer(session, batch_id, BatchState.CHECKED, [BatchState.RUNNING])
        assert ledger.delete_batch(session, batch_id)
    with place.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BatchItem)) == 0
        assert session.get(Batch, batch_id) is None


def test_a_worker_makes_room_for_a_new_one_after_its_rows(place, settings):
    batch_id = start(place, 5)
    assert drain(place, batch_id, owner_name(), most=2) == 2
    assert progress(place, batch_id).waiting == 3

    batch_id = start(place, 5)
    Local(settings, 1, rows=2).run(place, batch_id, lambda: None)
    assert progress(place, batch_id).done == 5
