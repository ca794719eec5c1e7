"""Making a renewal as it was proposed: the contract, its files and the redline against the old one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clausebank.compare.redline import redline
from clausebank.document import plain
from clausebank.errors import UnknownName
from clausebank.findings import Finding
from clausebank.lint import lint
from clausebank.manifest import Manifest
from clausebank.storage.contracts import Outcome
from clausebank.storage.ledger import Claim
from clausebank.storage.models import Contract
from webapp.drafting import render_files
from webapp.verifying import find_filed, rebuild
from webapp.workspace import Workspace

AUTHOR = "ClauseBank"
REDLINE = "redline.docx"


def make_renewal(place: Workspace, taken: Claim, plan: Mapping[str, Any]) -> tuple[Outcome, list[Finding]]:
    """Return a renewal with its files, and its findings.

    Nothing but the row and the contract it renews decides the bytes, so a row made twice is the same.
    """
    manifest = Manifest.from_data(plan["manifest"])
    with place.database.reading() as session:
        old = session.get(Contract, taken.predecessor_id)
        if old is None:
            raise UnknownName("contract", str(taken.predecessor_id))
        before, _ = rebuild(Manifest.from_data(old.manifest), session)
        document, template = rebuild(manifest, session)
    shell = place.shells.made_with(manifest.shell_name or template.shell, manifest.shell)
    files = render_files(
        document, manifest, shell.path, taken.options["formats"], find_filed(manifest, place)
    )
    moment = datetime.fromisoformat(plan["made"]).replace(microsecond=0)
    files[REDLINE] = redline(
        before, document, shell.path, author=AUTHOR, date=moment, emphasis=manifest.emphasis
    )
    outcome = Outcome(
        title=document.title,
        number=plain(document.cover.number.value),
        answers=taken.answers,
        stances=plan["stances"],
        manifest=manifest,
        files=files,
        predecessor_id=taken.predecessor_id,
    )
    return outcome, list(lint(document))
