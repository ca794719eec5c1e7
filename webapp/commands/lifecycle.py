"""Commands on versions: history, diff, and the steps from draft to approval and retirement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.clauses import clauses
from webapp.commands.job import FOUND, OK, Job, finding_data, shared

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from clausebank.storage.versions import Version

MAX_TEXT = 1024 * 1024

by_option = click.option(
    "--by", "actor", metavar="NAME",
    help="谁在操作，默认 CLAUSEBANK_ACTOR 或者系统用户 · Who acts.  [CLAUSEBANK_ACTOR]",
)  # fmt: skip
text_option = click.option(
    "--text", "file", metavar="FILE", help="文本文件，- 为标准输入 · File of the text."
)
note_option = click.option("--note", help="修改说明 · Change note.")
names_argument = click.argument("names", metavar="VERSION...", nargs=-1, required=True)
name_argument = click.argument("name", metavar="VERSION")


@clauses.command("history")
@click.argument("series", metavar="NAME")
@shared
def history_(job: Job, series: str) -> int:
    """列出一个文本的全部版本 · List all versions of a text."""
    from clausebank.storage.versions import history, parse_name
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.reading() as session:
        rows = history(session, parse_name(series)[0])
    for row in rows:
        line = "\t".join(facts(row))
        job.say(line, line)
    job.data([version_data(row) for row in rows])
    return OK


def facts(row: Version) -> tuple[str, ...]:
    """Return what a line of a history says of a version."""
    from clausebank.storage.versions import name_of

    made = row.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
    return name_of(row), row.status, made, row.author, row.reviewer or "-", row.note or row.comment


@clauses.command()
@click.argument("old", metavar="VERSION")
@click.argument("new", metavar="VERSION")
@shared
def diff(job: Job, old: str, new: str) -> int:
    """比较两个版本的文本；有差异时退出码为 1 · Compare the texts of two versions."""
    from clausebank.storage.versions import find_version, name_of, text_of
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.reading() as session:
        before, after = find_version(session, old), find_version(session, new)
    lines = show_difference(job, text_of(before), text_of(after))
    job.data({"old": name_of(before), "new": name_of(after), "lines": lines})
    return FOUND if any(line["kind"] != "same" for line in lines) else OK


def show_difference(job: Job, old: str, new: str) -> list[dict[str, Any]]:
    """Print how two texts differ; return it for a machine."""
    from webapp.reviewing import marked, text_difference

    lines = text_difference(old, new)
    shown = {at + near for at, line in enumerate(lines) if line.kind != "same" for near in (-1, 0, 1)}
    for at, line in enumerate(lines):
        if at in shown:
            job.say(marked(line), marked(line))
        elif at - 1 in shown:
            job.say("  …", "  …")
    return [
        {"kind": line.kind, "pieces": [{"kind": p.kind, "text": p.text} for p in line.pieces]}
        for line in lines
    ]


@clauses.command()
@click.option("--all", "everything", is_flag=True, help="包括审核中的版本 · Also those under review.")
@shared
def drafts(job: Job, everything: bool) -> int:  # noqa: FBT001 (a flag of the command line)
    """列出草稿 · List the drafts."""
    from clausebank.storage.versions import open_versions
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.reading() as session:
        rows = [row for row in open_versions(session) if everything or row.status == "draft"]
    for row in rows:
        line = "\t".join(facts(row))
        job.say(line, line)
    job.data([version_data(row) for row in rows])
    return OK


@clauses.command()
@name_argument
@text_option
@click.option("--like", metavar="VERSION", help="以这个版本的文本开始 · Begin with the text of a version.")
@note_option
@by_option
@shared
def draft(
    job: Job, name: str, file: str | None, like: str | None, note: str | None, actor: str | None
) -> int:
    """新建草稿：来自任何版本，或者一个文件 · Begin a draft from any version, or from a file."""
    from clausebank.storage.lifecycle import start_draft
    from clausebank.storage.versions import find_version, newest_approved, parse_name

    series, number = parse_name(name)

    def step(session: Session, who: str) -> list[Version]:
        source = like or (name if number else None)
        origin = find_version(session, source) if source else newest_approved(session, series)
        return [start_draft(session, series, who, text=_text(file), origin=origin, note=note or "")]

    return run_step(job, actor, step)


@clauses.command()
@name_argument
@text_option
@note_option
@click.option("--revision", type=int, help="读到的修订号，被别人改过时拒绝保存 · The revision you read.")
@click.option(
    "--seen", type=int, help="已经对照过的现行版本号 · Number of the version in force you compared with."
)
@by_option
@shared
def edit(
    job: Job,
    name: str,
    file: str | None,
    note: str | None,
    revision: int | None,
    seen: int | None,
    actor: str | None,
) -> int:
    """保存草稿的新文本 · Save a new text of a draft."""
    from clausebank.storage.lifecycle import save_draft
    from clausebank.storage.versions import find_version, text_of

    text = _text(file)

    def step(session: Session, who: str) -> list[Version]:
        row = find_version(session, name)
        new = text_of(row) if text is None else text
        return [save_draft(session, name, who, revision or row.revision, new, note, seen=seen)]

    return run_step(job, actor, step)


@clauses.command()
@name_argument
@shared
def check(job: Job, name: str) -> int:
    """检查一份草稿批准后会出现的问题 · Check what a draft would make wrong."""
    from clausebank.storage.versions import find_version
    from webapp.reviewing import full_findings
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.reading() as session:
        findings = full_findings(session, [find_version(session, name)])
    job.findings(findings)
    if not findings:
        job.say("没有问题。", "No findings.")
    job.data({"findings": [finding_data(finding) for finding in findings]})
    return FOUND if findings else OK


@clauses.command()
@names_argument
@by_option
@shared
def submit(job: Job, names: tuple[str, ...], actor: str | None) -> int:
    """提交审核；几份草稿可以一起提交 · Submit drafts for review, several together."""
    from clausebank.storage.lifecycle import submit as submit_versions
    from webapp.reviewing import full_findings

    return run_step(job, actor, lambda session, who: submit_versions(session, names, who, full_findings))


@clauses.command()
@names_argument
@by_option
@shared
def approve(job: Job, names: tuple[str, ...], actor: str | None) -> int:
    """批准：不能批准自己写的版本 · Approve; never what one wrote oneself."""
    from clausebank.storage.lifecycle import approve as approve_versions
    from webapp.reviewing import full_findings

    return run_step(job, actor, lambda session, who: approve_versions(session, names, who, full_findings))


@clauses.command("return")
@name_argument
@click.option("--comment", required=True, help="退回的理由 · Why.")
@by_option
@shared
def return_(job: Job, name: str, comment: str, actor: str | None) -> int:
    """退回给作者 · Return a version to its author."""
    from clausebank.storage.lifecycle import send_back

    return run_step(job, actor, lambda session, who: [send_back(session, name, who, comment)])


@clauses.command()
@name_argument
@by_option
@shared
def discard(job: Job, name: str, actor: str | None) -> int:
    """放弃草稿；历史中保留 · Give up a draft; the history keeps it."""
    from clausebank.storage.lifecycle import discard as discard_draft

    return run_step(job, actor, lambda session, who: [discard_draft(session, name, who)])


@clauses.command()
@click.argument("target", metavar="CLAUSE[@STANCE]|template/KIND")
@click.option("--note", required=True, help="停用的理由 · Why.")
@click.option(
    "--replacement", default="", metavar="NAME", help="替代的条款或者合同类型 · What to take instead."
)
@by_option
@shared
def retire(job: Job, target: str, note: str, replacement: str, actor: str | None) -> int:
    """停用条款、一个立场的文本或者合同模板 · Retire a clause, a one-sided text or a template."""
    from clausebank.storage.lifecycle import retire as retire_target

    return run_step(job, actor, lambda session, who: retire_target(session, target, who, note, replacement))


def run_step(job: Job, actor: str | None, step: Callable[[Session, str], list[Version]]) -> int:
    """Take a step in one transaction and print what became of the versions."""
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.writing() as session:
        rows = step(session, actor or place.database.actor)
        session.flush()
        data = [version_data(row) for row in rows]
    for row in data:
        line = f"{row['name']}\t{row['status']}"
        job.say(line, line)
    job.data(data)
    return OK


def _text(file: str | None) -> str | None:
    """Return the text of a file; None when no file is named."""
    from webapp.answers_file import InputError, read_data

    if file is None:
        return None
    try:
        return read_data(file, MAX_TEXT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(str(Path(file)), "应为 UTF-8 文本", "UTF-8 text is expected") from error


def version_data(row: Version) -> dict[str, Any]:
    """Return a version for a machine."""
    from clausebank.storage.versions import name_of

    return {
        "name": name_of(row),
        "number": row.number,
        "status": row.status,
        "author": row.author,
        "editors": list(row.editors),
        "note": row.note,
        "created_at": row.created_at.isoformat(),
        "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
        "reviewer": row.reviewer,
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "comment": row.comment,
        "base": row.base,
        "origin": row.origin,
        "revision": row.revision,
        "replacement": row.replacement,
        "sha256": row.sha256,
    }
