"""Measure one large batch: rate, memory of the workers, and how fast pages answer meanwhile.

``python -m tests.scale --contracts 10000 --processes 2 --database postgresql``
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from uuid import UUID

from clausebank.storage import ledger
from clausebank.storage.upkeep import losses, orphans
from schemas import example_answers
from tests.people import logged_in
from tests.postgres import running_server
from webapp import create_app
from webapp.batch.engines import Inline, Local
from webapp.batch.output import stream_zip
from webapp.settings import Settings
from webapp.workspace import Workspace, workspace

KIND = "crm-outsourcing"
WARM = 10


def main() -> None:
    given = arguments()
    with database(given.database) as url, tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            home=Path(folder) / "home", generated=Path(folder) / "generated", database_url=url
        )
        found = measure(settings, given)
    sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contracts", type=int, default=10_000)
    parser.add_argument("--single", type=int, default=100, help="documents for the rate of one process")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--formats", default="docx,pdf")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    return parser.parse_args()


@contextmanager
def database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    with running_server() as new_database:
        yield new_database()


def measure(settings: Settings, given: argparse.Namespace) -> dict[str, object]:
    formats = given.formats.split(",")
    with workspace(settings) as place:
        Inline().run(place, start(place, WARM, formats), lambda: None)
        began, cpu = time.monotonic(), time.process_time()
        Inline().run(place, start(place, given.single, formats), lambda: None)
        single = given.single / (time.monotonic() - began)
        cpu = (time.process_time() - cpu) / given.single
        batch_id = start(place, given.contracts, formats)
        watch = Watch(place, batch_id)
        with pages(settings) as answers:
            began, used = time.monotonic(), children_seconds()
            Local(settings, given.processes).run(place, batch_id, watch.look)
            took, used = time.monotonic() - began, children_seconds() - used
        began = time.monotonic()
        size = sum(map(len, stream_zip(place, batch_id)))
        zipped = time.monotonic() - began
        with place.database.reading() as session:
            progress = ledger.progress_of(session, batch_id)
        lost, unowned = list(losses(place.database, place.files)), list(orphans(place.database, place.files))
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}",
        "database": given.database, "formats": formats,
        "contracts": progress.done, "failed": progress.failed, "lost": len(lost), "orphans": len(unowned),
        "one_process_per_second": round(single, 2), "one_process_cpu_ms": round(cpu * 1000, 1),
        "batch_cpu_ms": round(used / progress.done * 1000, 1),
        "processes": given.processes, "seconds": round(took, 1),
        "seconds_until_first": round(watch.first or 0, 1),
        "per_second": round(progress.done / (took - (watch.first or 0)), 2),
        "share_of_ideal": round(progress.done / (took - (watch.first or 0)) / (single * given.processes), 3),
        "worker_mb_at_each_tenth": watch.memory,
        "zip_mb": round(size / 1e6, 1), "zip_seconds": round(zipped, 1),
        "page_ms": {name: answers_of(times) for name, times in answers.items()},
    }  # fmt: skip


def start(place: Workspace, count: int, formats: list[str]) -> UUID:
    answers = example_answers(place.templates[KIND], place.bank)
    items = (
        ledger.NewItem(str(n), f"{n:06}", {**answers, "contract_number": f"N-{n:06}"}) for n in range(count)
    )
    options = {"stances": {"default": "neutral", "by_topic": {}}, "formats": formats}
    with place.database.writing() as session:
        return ledger.create_batch(session, KIND, "scale", options, items).id


@dataclass
class Watch:
    """Looks at the batch and its workers now and then."""

    place: Workspace
    batch_id: UUID
    began: float = field(default_factory=time.monotonic)
    looked: float = 0.0
    first: float | None = None
    memory: list[float] = field(default_factory=list)

    def look(self) -> None:
        if time.monotonic() - self.looked < 1:
            return
        self.looked = time.monotonic()
        with self.place.database.reading() as session:
            progress = ledger.progress_of(session, self.batch_id)
            owners = ledger.working_owners(session)
        if progress.done and self.first is None:
            self.first = time.monotonic() - self.began
        used = max((resident(owner.split("/")[1]) for owner in owners), default=0.0)
        if used and progress.done * 10 >= progress.total * (len(self.memory) + 1):
            self.memory.append(round(used, 1))


def children_seconds() -> float:
    """The processor time of the workers that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resident(process: str) -> float:
    """The memory of a process in MB."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("VmRSS")), 0.0)


@contextmanager
def pages(settings: Settings) -> Iterator[dict[str, list[float]]]:
    """Ask for pages twice a second meanwhile, in this process as a server would."""
    app = create_app(
        {
            "CLAUSEBANK_HOME": settings.home,
            "CLAUSEBANK_GENERATED": settings.generated,
            "CLAUSEBANK_DATABASE_URL": settings.database_url,
        }
    )
    times: dict[str, list[float]] = {"/": [], "/contracts/": [], "/health/ready": []}
    client, over = logged_in(app), Event()

    def ask() -> None:
        while not over.wait(0.5):
            for path, taken in times.items():
                began = time.monotonic()
                assert client.get(path).status_code == 200
                taken.append(time.monotonic() - began)

    thread = Thread(target=ask)
    thread.start()
    try:
        yield times
    finally:
        over.set()
        thread.join()
        app.extensions["workspace"].database.close()


def answers_of(times: list[float]) -> dict[str, float]:
    if len(times) < 2:
        return {}
    return {
        "median": round(median(times) * 1000, 1),
        "95th": round(quantiles(times, n=20)[-1] * 1000, 1),
        "slowest": round(max(times) * 1000, 1),
    }


if __name__ == "__main__":
    main()
