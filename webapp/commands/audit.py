"""Commands on the audit trail: list and verify."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from webapp.commands.job import FOUND, OK, Job, finding_data, shared

if TYPE_CHECKING:
    from clausebank.storage.audit import Head


@click.group()
def audit() -> None:
    """操作记录 · The audit trail."""


@audit.command("list")
@click.option("--target", help="只列一个对象 · One object only.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="条数 · How many.")
@shared
def list_(job: Job, target: str | None, limit: int) -> int:
    """列出最近的操作 · List the latest events."""
    from clausebank.storage.audit import latest
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.reading() as session:
        found = latest(session, [target] if target else [], limit)
    for event in found:
        moment = event.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        line = f"{event.seq}\t{moment}\t{event.actor}\t{event.action}\t{event.target}"
        job.say(line, line)
    job.data(
        [
            {
                "seq": event.seq,
                "at": event.at.isoformat(),
                "actor": event.actor,
                "action": event.action,
                "target": event.target,
                "detail": event.detail,
                "digest": event.digest,
            }
            for event in found
        ]
    )
    return OK


@audit.command()
@click.option(
    "--anchor", metavar="SEQ:DIGEST", help="以前记下的末尾，查出被截去的记录 · A head noted earlier."
)
@shared
def verify(job: Job, anchor: str | None) -> int:
    """核对操作记录没有被修改、删除或者调换 · Check that no event was edited, deleted or moved."""
    from clausebank.storage.audit import verify as verify_trail
    from webapp.workspace import workspace

    known = _head(anchor) if anchor else None
    with workspace(job.settings()) as place, place.database.reading() as session:
        verdict = verify_trail(session, place.database.audit_key, known)
    job.findings(verdict.findings)
    if not verdict.findings:
        job.say(
            f"{verdict.head.seq} 条记录完好。末尾：{verdict.head}",
            f"{verdict.head.seq} events are intact. Head: {verdict.head}",
        )
    job.data(
        {
            "events": verdict.head.seq,
            "head": str(verdict.head),
            "findings": [finding_data(finding) for finding in verdict.findings],
        }
    )
    return FOUND if verdict.findings else OK


def _head(anchor: str) -> Head:
    from clausebank.storage.audit import Head

    seq, _, digest = anchor.partition(":")
    if not (seq.isascii() and seq.isdigit() and len(seq) < 10 and digest):  # noqa: PLR2004 (fits a column)
        raise click.BadParameter(anchor, param_hint="--anchor")
    return Head(int(seq), digest)
