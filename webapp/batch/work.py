"""What a worker does: takes rows from the ledger, makes their contracts, notes what came of it."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from multiprocessing import parent_process
from pathlib import Path
from time import sleep
from uuid import UUID, uuid4

from marshmallow import ValidationError

from clausebank.assembly.select import Stances
from clausebank.errors import UnknownName
from clausebank.findings import Finding
from clausebank.storage import ledger
from clausebank.storage.contracts import Outcome
from clausebank.storage.database import Database
from clausebank.storage.ledger import Claim
from webapp.drafting import draft_contract, outcome_of
from webapp.partial import flat_messages
from webapp.renewals.making import make_renewal
from webapp.renewals.starting import plan_renewal
from webapp.workspace import Workspace

log = logging.getLogger(__name__)
PAUSE = 0.25
Tick = Callable[[], None]
Stop = Callable[[], bool]


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


def release_dead(database: Database) -> int:
    """Give back at once what dead workers of this machine had taken."""
    with database.reading() as session:
        owners = ledger.working_owners(session)
    dead = [owner for owner in owners if is_dead(owner)]
    return ledger.release(database, dead) if dead else 0


def drain(
    place: Workspace,
    batch_id: UUID | None,
    owner: str,
    tick: Tick = lambda: None,
    stop: Stop = lambda: False,
    most: int = sys.maxsize,
) -> int:
    """Make rows of a batch, or of any, until none is left or it is paused; returns how many.

    It ends before that after ``most`` rows, when it is told to stop, or whoever started this worker is gone.
    """
    parent, made = parent_process(), 0
    while made < most and not stop() and (parent is None or parent.is_alive()):
        if make_next(place, batch_id, owner):
            made += 1
        elif not has_work(place, batch_id):
            break
        elif not release_dead(place.database):
            sleep(PAUSE)
        tick()
    return made


def make_next(place: Workspace, batch_id: UUID | None, owner: str) -> bool:
    """Make the next free row; False when there is none."""
    taken = ledger.claim(place.database, owner, batch_id)
    if taken is not None:
        make(place, taken)
    return taken is not None


def has_work(place: Workspace, batch_id: UUID | None) -> bool:
    """Tell whether a batch needs workers, now or soon; without a batch, whether any does."""
    with place.database.reading() as session:
        if batch_id is None:
            return ledger.has_work(session)
        return ledger.progress_of(session, batch_id).is_active


def make(place: Workspace, taken: Claim) -> None:
    """Make the contract of a row; whatever is wrong with the row is noted and stops no other."""
    try:
        outcome, findings = _made(place, taken)
        levels = Counter(finding.level.value for finding in findings)
        ledger.finish(place.database, place.files, taken, outcome, levels)
    except ValidationError as error:
        messages = {path: list(said) for path, said in flat_messages(error.messages)}
        ledger.fail(place.database, taken, messages, again=False)
    except UnknownName as error:
        said = {
            "zh": f"已没有：{error}",
            "en": f"No longer there: {error}",
        }
        ledger.fail(place.database, taken, {"": [said]}, again=False)
    except Exception as error:
        log.exception("batch %s row %s", taken.batch_id, taken.number)
        ledger.fail(place.database, taken, {"": [_fault(error)]}, again=True)


def _made(place: Workspace, taken: Claim) -> tuple[Outcome, Iterable[Finding]]:
    if taken.predecessor_id is not None and taken.plan is None:
        taken = plan_renewal(place, taken)
    if taken.plan is not None:
        return make_renewal(place, taken, taken.plan)
    stances = Stances.from_data(taken.options["stances"])
    template, bank = place.template(taken.kind), place.bank_for(stances)
    draft = draft_contract(template, taken.answers, bank, stances, taken.options["formats"])
    return outcome_of(draft), draft.findings


def _fault(error: Exception) -> dict[str, str]:
    name = type(error).__name__
    return {
        "zh": f"生成时出现系统错误（{name}），详见日志；可以重试。",
        "en": f"A fault of the system ({name}), see the log; it may be tried again.",
    }
