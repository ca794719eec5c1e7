"""The Celery engine: any number of machines on one database; a message says no more than "drain batch B".

What is to be done stands in the ledger. A message that is lost, doubled or late costs nothing: whoever
finds no free row returns at once, and every worker reminds the others of batches nobody works on.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any
from uuid import UUID, uuid4

from celery import Celery, bootsteps
from kombu.exceptions import OperationalError

from clausebank.storage import ledger
from clausebank.storage.database import Database
from clausebank.storage.ledger_models import Batch
from webapp.batch.work import PAUSE, Stop, Tick, has_work, make_next, owner_name, release_dead
from webapp.settings import Settings
from webapp.settling import settle
from webapp.workspace import Workspace, open_workspace

log = logging.getLogger(__name__)
DRAIN = "clausebank.drain"
TURN = 10.0
REMIND = 20.0
MOST_MESSAGES = 64
MOST_TURNS = 60
VISIBILITY = 300
CONFIGURATION: dict[str, Any] = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "task_default_queue": "clausebank",
    "task_serializer": "json",
    "accept_content": ["json"],
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": MOST_TURNS,
    "worker_hijack_root_logger": False,
    "broker_connection_retry_on_startup": True,
    "broker_connection_timeout": 5,
    "broker_transport_options": {
        "visibility_timeout": VISIBILITY,
        "socket_connect_timeout": 5,
        "socket_timeout": 30,
    },
}
"""``VISIBILITY`` is many turns long, so Redis hands out a message twice only when its worker died.
After ``MOST_TURNS`` a process makes room for a new one, whatever it has come to hold."""


@dataclass(frozen=True, slots=True)
class Distributed:
    """Messages to Celery workers of any machine; ``processes`` is how many this one runs as worker."""

    settings: Settings
    processes: int

    def run(self, place: Workspace, batch_id: UUID, tick: Tick) -> None:
        """Hand a batch over and wait until the workers are done with it."""
        self.hand_over(place, batch_id)
        told = monotonic()
        while has_work(place, batch_id):
            sleep(PAUSE)
            tick()
            if monotonic() - told > REMIND:
                told = monotonic()
                remind(celery_app(self.settings), place.database)

    def hand_over(self, place: Workspace, batch_id: UUID) -> bool:
        """Send a message for every process that may help."""
        with place.database.reading() as session:
            total = session.get_one(Batch, batch_id).total
        return send(celery_app(self.settings), batch_id, min(total, MOST_MESSAGES))

    def watch(self, place: Workspace, stop: Stop) -> None:  # noqa: ARG002 (Celery hears the signals itself)
        """Be a Celery worker; at the end every process finishes its turn."""
        place.database.close()
        name = f"clausebank-{uuid4().hex[:8]}@%h"
        arguments = ["worker", f"--concurrency={self.processes}", f"--hostname={name}", "--loglevel=INFO"]
        celery_app(self.settings).worker_main([*arguments, "--without-gossip", "--without-mingle"])


def celery_app(settings: Settings) -> Celery:
    """Return the application of these settings: the task, and the reminder every worker runs."""
    app = Celery("clausebank", broker=settings.broker_url, set_as_current=False)
    app.conf.update(CONFIGURATION)
    app.steps["worker"].add(_reminder(settings))
    opened: list[Workspace] = []

    def drain_batch(batch_id: str) -> None:
        if not opened:
            opened.append(open_workspace(settings))
            settle()
        opened[0] = opened[0].renewed()
        if take_turn(opened[0], UUID(batch_id)):
            send(app, UUID(batch_id), 1)

    app.task(name=DRAIN)(drain_batch)
    return app


def take_turn(place: Workspace, batch_id: UUID) -> bool:
    """Make rows for a while; tells whether more are left to be made."""
    owner, until = owner_name(), monotonic() + TURN
    while monotonic() < until:
        if not make_next(place, batch_id, owner) and not release_dead(place.database):
            break
    with place.database.reading() as session:
        return ledger.has_work(session, batch_id)


def send(app: Celery, batch_id: UUID, count: int) -> bool:
    """Send messages; False when the broker does not answer: the reminder of a worker does it later."""
    try:
        for _ in range(count):
            app.send_task(DRAIN, [str(batch_id)], retry=False)
    except OperationalError as error:
        log.warning("batch %s waits in the ledger, the broker does not answer: %s", batch_id, error)
        return False
    return True


def remind(app: Celery, database: Database) -> None:
    """Send messages for the batches nobody works on."""
    release_dead(database)
    with database.reading() as session:
        found = ledger.idle_batches(session)
        totals = [(id_, session.get_one(Batch, id_).total) for id_ in found]
    for batch_id, total in totals:
        send(app, batch_id, min(total, MOST_MESSAGES))


def _reminder(settings: Settings) -> type[bootsteps.StartStopStep]:
    """Return what makes a worker look into the ledger at its start and now and then."""

    class Reminder(bootsteps.StartStopStep):  # type: ignore[misc]
        requires = ("celery.worker.components:Timer",)

        def start(self, worker: Any) -> None:
            worker.timer.call_after(1.0, self.look, (worker,))
            self.again = worker.timer.call_repeatedly(REMIND, self.look, (worker,))

        def stop(self, worker: Any) -> None:  # noqa: ARG002 (Celery's signature)
            self.again.cancel()

        def look(self, worker: Any) -> None:
            try:
                database = settings.open_database()
                try:
                    remind(worker.app, database)
                finally:
                    database.close()
            except Exception:
                log.exception("looking for work")

    return Reminder
