"""Commands on the bank: check, load, export."""

from __future__ import annotations

import getpass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.commands.job import FOUND, OK, Job, finding_data, shared

if TYPE_CHECKING:
    from clausebank.findings import Finding
    from clausebank.storage.library import Folders

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
@shared
def load(job: Job, folder: Path | None) -> int:
    """载入随附的文本，或者一个文件夹中改过的文本 · Load the shipped texts, or edited ones from a folder."""
    count = _load_shipped(job) if folder is None else _load_own(job, folder)
    job.say(f"新版本：{count}", f"New versions: {count}")
    job.data({"new_versions": count})
    return OK


def _load_shipped(job: Job) -> int:
    from clausebank.storage.database import open_database
    from clausebank.storage.prepare import prepare

    database = open_database(job.settings().database())
    try:
        return prepare(database)
    finally:
        database.close()


def _load_own(job: Job, folder: Path) -> int:
    from clausebank.errors import BankError
    from clausebank.findings import errors
    from clausebank.storage.bank import load_own
    from clausebank.storage.library import read_library
    from webapp.workspace import workspace

    wrong = errors(_check(_folders(folder), _today()))
    if wrong:
        raise BankError(wrong)
    library = read_library(_folders(folder))
    with workspace(job.settings()) as place, place.database.writing() as session:
        return load_own(session, library, getpass.getuser(), f"bank load {folder}")


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
