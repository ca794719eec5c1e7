"""What a worker does: takes rows from the ledger, makes their contracts, notes what came of it."""

from __future__ import annotations

import logging
import os
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from multiprocessing import parent_process
from pathlib import Path
from time import sleep
from typing import Any
from uuid import UUID, uuid4

from marshmallow import ValidationError

from clausebank.assembly.select import Stances
from clausebank.document import Stance
from clausebank.errors import UnknownName
from clausebank.storage import ledger
from clausebank.storage.ledger import Claim
from webapp.drafting import draft_contract, outcome_of
from webapp.partial import flat_messages
from webapp.workspace import Workspace

log = logging.getLogger(__name__)
PAUSE = 0.25
Tick = Callable[[], None]


def owner_name() -> str:
    """Return a name for this process that no other worker has: machine, process, a random part."""
    return f"{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:12]}"


def is_dead(owner: str) -> bool:
    """Tell whether a worker of this machine is gone; of other machines only the lease tells."""
    host, process, _ = owner.split("/")
    if host != socket.gethostname() or os.name != "posix":
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _is_unburied(int(process))


def _is_unburied(process: int) -> bool:
    """Tell whether a process ended but is still listed, as under a first process that reaps none."""
    try:
        state = Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state == "Z"


def release_dead(place: Workspace) -> int:
    """Give back at once what dead workers of this machine had taken."""
    with place.database.reading() as session:
        owners = ledger.working_owners(session)
    dead = [owner for owner in owners if is_dead(owner)]
    return ledger.release(place.database, dead) if dead else 0


def drain(place: Workspace, batch_id: UUID, owner: str, tick: Tick = lambda: None) -> None:
    """Make rows of a batch until none is left, it is paused, or whoever started this worker is gone."""
    parent = parent_process()
    while parent is None or parent.is_alive():
        taken = ledger.claim(place.database, owner, batch_id)
        if taken is not None:
            make(place, taken)
        elif not _is_active(place, batch_id):
            return
        elif not release_dead(place):
            sleep(PAUSE)
        tick()


def _is_active(place: Workspace, batch_id: UUID) -> bool:
    with place.database.reading() as session:
        return ledger.progress_of(session, batch_id).is_active


def make(place: Workspace, taken: Claim) -> None:
    """Make the contract of a row; whatever is wrong with the row is noted and stops no other."""
    try:
        draft = draft_contract(
            place.template(taken.kind),
            taken.answers,
            place.bank,
            stances_from(taken.options),
            taken.options["formats"],
        )
        levels = Counter(finding.level.value for finding in draft.findings)
        ledger.finish(place.database, place.files, taken, outcome_of(draft), levels)
    except ValidationError as error:
        messages = {path: list(said) for path, said in flat_messages(error.messages)}
        ledger.fail(place.database, taken, messages, again=False)
    except UnknownName as error:
        said = {
            "zh": f"已没有这个合同类型：{error.name}",
            "en": f"There is no such kind any more: {error.name}",
        }
        ledger.fail(place.database, taken, {"": [said]}, again=False)
    except Exception as error:
        log.exception("batch %s row %s", taken.batch_id, taken.number)
        ledger.fail(place.database, taken, {"": [_fault(error)]}, again=True)


def _fault(error: Exception) -> dict[str, str]:
    name = type(error).__name__
    return {
        "zh": f"生成时出现系统错误（{name}），详见日志；可以重试。",
        "en": f"A fault of the system ({name}), see the log; it may be tried again.",
    }


def stances_from(options: Mapping[str, Any]) -> Stances:
    """Return the stances a batch was asked for with."""
    chosen = options["stances"]
    by_topic = {topic: Stance(stance) for topic, stance in chosen["by_topic"].items()}
    return Stances(Stance(chosen["default"]), by_topic)
