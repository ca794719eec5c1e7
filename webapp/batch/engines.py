"""Engines: who does the work of a batch. They only start workers; the ledger knows what is to be done."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from webapp.batch.work import PAUSE, Tick, drain, owner_name, release_dead
from webapp.settings import Settings
from webapp.workspace import Workspace, workspace

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

RESTARTS = 20


class Engine(Protocol):
    """Works on a batch until nothing of it is left or it is stopped."""

    def run(self, place: Workspace, batch_id: UUID, tick: Tick) -> None:
        """Return when the batch needs no more work; ``tick`` is called now and then."""


@dataclass(frozen=True, slots=True)
class Inline:
    """One row after another in this process."""

    def run(self, place: Workspace, batch_id: UUID, tick: Tick) -> None:
        """Make the rows here."""
        release_dead(place)
        drain(place, batch_id, owner_name(), tick)


@dataclass(frozen=True, slots=True)
class Local:
    """Several processes on this machine; one that dies is replaced and its row given back.

    They are started afresh rather than forked: what the PDF engine holds does not survive a fork.
    """

    settings: Settings
    processes: int

    def run(self, place: Workspace, batch_id: UUID, tick: Tick) -> None:
        """Start workers and watch over them."""
        context = multiprocessing.get_context("spawn")

        def start() -> SpawnProcess:
            process = context.Process(target=work, args=(self.settings, batch_id), daemon=True)
            process.start()
            return process

        release_dead(place)
        workers = [start() for _ in range(self.processes)]
        restarts = RESTARTS
        try:
            while workers:
                workers[0].join(PAUSE)
                ended = [worker for worker in workers if worker.exitcode is not None]
                workers = [worker for worker in workers if worker.exitcode is None]
                died = sum(worker.exitcode != 0 for worker in ended)
                if died:
                    release_dead(place)
                    workers += [start() for _ in range(min(died, restarts))]
                    restarts -= min(died, restarts)
                tick()
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.join()
            release_dead(place)


def work(settings: Settings, batch_id: UUID) -> None:
    """Be one worker process."""
    with workspace(settings) as place:
        drain(place, batch_id, owner_name())


ENGINES: Mapping[str, Callable[[Settings], Engine]] = {
    "inline": lambda _: Inline(),
    "local": lambda settings: Local(settings, settings.processes or os.cpu_count() or 1),
}


def engine_of(settings: Settings) -> Engine:
    """Return the engine the settings name."""
    return ENGINES[settings.batch_engine](settings)
