"""Commands on the bank: check, load, export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.job import FOUND, OK, Job, finding_data, shared

if TYPE_CHECKING:
    from clausebank.findings import Finding
    from clausebank.storage.library import Folders, Library
    from webapp.workspace import Workspace

SHIPPED = "clausebank"

folder_argument = click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)


@click.group()
def bank() -> None:
    """条款库 · The bank of clauses."""


@bank.command()
@folder_argument
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
    help="按哪一天有效的法律检查，默认今天 · The day whose law applies.  [today]",
)  # fmt: skip
@shared
def check(job: Job, folder: Path | None, day: datetime | None) -> int:
    """检查条款、词汇和模板文件 · Check the files of clauses, vocabulary and templates."""
    findings = _check(_folders(folder), day.date() if day else _today())
    job.findings(findings)
    if not findings:
        job.say("没有问题。", "No findings.")
    job.data({"findings": [finding_data(finding) for finding in findings]})
    return FOUND if findings else OK


@bank.command()
@folder_argument
@click.option("--dry-run", is_flag=True, help="只显示差异，什么都不写 · Show the differences, write nothing.")
@click.option("--note", default="", help="修改说明 · Change note of the drafts.")
@click.option("--by", "actor", metavar="NAME", help="谁在操作 · Who acts.  [CLAUSEBANK_ACTOR]")
@click.option("--reviewer", metavar="NAME", help="由此人当即批准 · Approve at once by another person.")
@shared
def load(
    job: Job,
    folder: Path | None,
    dry_run: bool,  # noqa: FBT001 (a flag of the command line)
    note: str,
    actor: str | None,
    reviewer: str | None,
) -> int:
    """载入随附的文本，或者把文件夹中改过的文本存为草稿 · Load the shipped texts, or edited ones as drafts."""
    if folder is None:
        return _load_shipped(job, dry_run=dry_run)
    return _load_own(job, folder, Order(dry_run, note or f"bank load {folder}", actor, reviewer))


@dataclass(frozen=True)
class Order:
    """What to do with edited files."""

    dry_run: bool
    note: str
    actor: str | None
    reviewer: str | None


def _load_shipped(job: Job, *, dry_run: bool) -> int:
    from clausebank.storage.prepare import prepare
    from clausebank.storage.versions import name_of, open_versions

    if dry_run:
        raise click.UsageError("--dry-run FOLDER")
    database = job.settings().open_database()
    try:
        count = prepare(database)
        with database.reading() as session:
            offered = [name_of(row) for row in open_versions(session) if row.author == SHIPPED]
    finally:
        database.close()
    _report(job, count, offered)
    return OK


def _load_own(job: Job, folder: Path, order: Order) -> int:
    from clausebank.errors import BankError
    from clausebank.findings import errors
    from clausebank.storage.library import read_library
    from clausebank.storage.proposals import find_proposals
    from webapp.commands.lifecycle import show_difference
    from webapp.workspace import workspace

    wrong = errors(_check(_folders(folder), _today()))
    if wrong:
        raise BankError(wrong)
    library = read_library(_folders(folder))
    with workspace(job.settings()) as place:
        with place.database.reading() as session:
            proposals = find_proposals(session, library)
        changes = []
        for proposal in proposals:
            job.say(f"## {proposal.series}", f"## {proposal.series}")
            lines = show_difference(job, proposal.before(), proposal.after())
            changes.append({"name": str(proposal.series), "lines": lines})
        if order.dry_run:
            _report(job, 0, [], changes)
            return FOUND if changes else OK
        count, drafts = _keep(place, library, order)
    _report(job, count, drafts, changes)
    return OK


def _keep(place: Workspace, library: Library, order: Order) -> tuple[int, list[str]]:
    """Make drafts of what changed, and approve them where a reviewer is named."""
    from clausebank.storage.lifecycle import approve, submit
    from clausebank.storage.proposals import draft_proposals, find_proposals
    from clausebank.storage.versions import name_of
    from webapp.reviewing import full_findings

    who = order.actor or place.database.actor
    with place.database.writing() as session:
        rows = draft_proposals(session, find_proposals(session, library), who, order.note)
        names = [name_of(row) for row in rows]
        if order.reviewer is None:
            return 0, names
        submit(session, names, who, full_findings)
        return len(approve(session, names, order.reviewer, full_findings)), []


def _report(job: Job, count: int, drafts: list[str], changes: list[dict[str, Any]] | None = None) -> None:
    job.say(f"新版本：{count}", f"New versions: {count}")
    if drafts:
        job.say(f"草稿：{'、'.join(drafts)}", f"Drafts: {', '.join(drafts)}")
    job.data({"new_versions": count, "drafts": drafts, "changes": changes or []})


@bank.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@shared
def export(job: Job, folder: Path) -> int:
    """把条款库写成文本文件 · Write the bank as text files."""
    from clausebank.storage.bank import load_stored_library
    from clausebank.storage.library import write_library
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.reading() as session:
        library = load_stored_library(session)
    paths = write_library(library, folder)
    job.say(f"已写入 {len(paths)} 个文件：{folder}", f"{len(paths)} files written: {folder}")
    job.data({"folder": str(folder), "files": len(paths)})
    return OK


def _folders(folder: Path | None) -> Folders:
    from clausebank.storage.library import SHIPPED_FOLDERS, folders_below

    return SHIPPED_FOLDERS if folder is None else folders_below(folder)


def _today() -> date:
    return datetime.now().astimezone().date()


def _check(folders: Folders, day: date) -> list[Finding]:
    """Return what is wrong: first with single files, and when those can be read, with the whole."""
    from clausebank.consistency import check_consistency
    from clausebank.errors import BankError
    from clausebank.storage.library import check_library, read_library
    from schemas.checks import check_values

    try:
        library = read_library(folders)
        values = check_values(library.bank, library.templates.values())
        return [*check_library(library), *values, *check_consistency(library.bank, library.templates, day)]
    except BankError as error:
        return list(error.findings)
