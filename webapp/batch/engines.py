"""Engines: who does the work of a batch. They only start workers; the ledger knows what is to be done."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event
from time import sleep
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from webapp.batch.work import PAUSE, Stop, Tick, drain, has_work, owner_name, release_dead
from webapp.settings import Settings, needed_extra
from webapp.settling import settle
from webapp.workspace import Workspace, workspace

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

log = logging.getLogger(__name__)
RESTARTS = 20
LOOK = 1.0
ROWS = 1000
RELIEVED = 75
"""The code with which a worker ends that has made its rows."""


class Engine(Protocol):
    """Sees that batches are worked on."""

    def run(self, place: Workspace, batch_id: UUID, tick: Tick) -> None:
        """Return when the batch needs no more work; ``tick`` is called now and then."""

    def hand_over(self, place: Workspace, batch_id: UUID) -> bool:
        """Let a batch be worked on and return at once, where there are workers to do so.

        Tells whether they were reached; if not, they find the batch in the ledger later.
        """

    def watch(self, place: Workspace, stop: Stop) -> None:
        """Be the worker of this machine: work on every batch there is, until told to stop."""


@dataclass(frozen=True, slots=True)
class Inline:
    """One row after another in this process."""

    def run(self, place: Workspace, batch_id: UUID | None, tick: Tick, stop: Stop = lambda: False) -> None:
        """Make the rows here."""
        release_dead(place.database)
        drain(place, batch_id, owner_name(), tick, stop)

    def hand_over(self, place: Workspace, batch_id: UUID) -> bool:
        """Make the rows before going on."""
        self.run(place, batch_id, lambda: None)
        return True

    def watch(self, place: Workspace, stop: Stop) -> None:
        """Make rows whenever there are any."""
        watch(place, lambda: self.run(place, None, lambda: None, stop), stop)


@dataclass(frozen=True, slots=True)
class Local:
    """Several processes on this machine; one that dies is replaced and its row given back.

    They are started afresh rather than forked: what the PDF engine holds does not survive a fork.
    After ``rows`` a worker makes room for a new one, so that none grows with the batch.
    """

    settings: Settings
    processes: int
    rows: int = ROWS

    def run(self, place: Workspace, batch_id: UUID | None, tick: Tick, stop: Stop = lambda: False) -> None:
        """Start workers and watch over them; they finish the row they are at when this is left."""
        release_dead(place.database)
        crew = _Crew(self.settings, batch_id, self.rows)
        crew.start(self.processes)
        restarts = RESTARTS
        try:
            while crew.workers and not stop():
                died, relieved = crew.wait()
                crew.start(relieved)
                if died:
                    release_dead(place.database)
                    crew.start(min(died, restarts))
                    restarts -= min(died, restarts)
                tick()
        finally:
            crew.dismiss()
            release_dead(place.database)

    def hand_over(self, place: Workspace, batch_id: UUID) -> bool:  # noqa: ARG002 (they look by themselves)
        """Leave it to whoever watches: ``clausebank serve`` and ``clausebank worker`` do."""
        return True

    def watch(self, place: Workspace, stop: Stop) -> None:
        """Start workers whenever there are rows to be made."""
        watch(place, lambda: self.run(place, None, lambda: None, stop), stop)


def watch(place: Workspace, work_on: Callable[[], None], stop: Stop) -> None:
    """Look for work now and then; a fault of the database or of a worker is logged and outlived."""
    while not stop():
        try:
            release_dead(place.database)
            if has_work(place, None):
                work_on()
        except Exception:
            log.exception("looking for work")
        sleep(LOOK)


@dataclass
class _Crew:
    """Worker processes of one engine."""

    settings: Settings
    batch_id: UUID | None
    rows: int
    workers: list[SpawnProcess] = field(default_factory=list)

    def start(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        for _ in range(count):
            worker = context.Process(target=work, args=(self.settings, self.batch_id, self.rows), daemon=True)
            worker.start()
            self.workers.append(worker)

    def wait(self) -> tuple[int, int]:
        """Wait a moment; return how many workers died, and how many made room for a new one."""
        self.workers[0].join(PAUSE)
        ended = [worker for worker in self.workers if worker.exitcode is not None]
        self.workers = [worker for worker in self.workers if worker.exitcode is None]
        codes = [worker.exitcode for worker in ended]
        relieved = codes.count(RELIEVED)
        return len(codes) - codes.count(0) - relieved, relieved

    def dismiss(self) -> None:
        """Let every worker finish its row, and wait for that."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.join()


def work(settings: Settings, batch_id: UUID | None, rows: int) -> None:
    """Be one worker process for so many rows; the interrupt of a terminal is left to whoever started it."""
    from webapp.logs import start_logging

    stop = Event()
    start_logging(settings)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with workspace(settings) as place:
        settle()
        made = drain(place, batch_id, owner_name(), stop=stop.is_set, most=rows)
    if made == rows:
        sys.exit(RELIEVED)


def processes_of(settings: Settings) -> int:
    """Return how many worker processes this machine runs."""
    return settings.processes or os.cpu_count() or 1


def _distributed(settings: Settings) -> Engine:
    with needed_extra("CLAUSEBANK_BATCH_ENGINE", "celery", "celery", "kombu", "redis"):
        from webapp.batch.distributed import Distributed
    return Distributed(settings, processes_of(settings))


ENGINES: Mapping[str, Callable[[Settings], Engine]] = {
    "inline": lambda _: Inline(),
    "local": lambda settings: Local(settings, processes_of(settings)),
    "celery": _distributed,
}


def engine_of(settings: Settings) -> Engine:
    """Return the engine the settings name."""
    return ENGINES[settings.batch_engine](settings)
