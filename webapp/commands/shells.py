"""Commands on Word shells: list, check, add, and the steps from draft to approval and retirement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from webapp.commands.job import FOUND, OK, Job, shared
from webapp.commands.lifecycle import by_option, facts, run_step, version_data

if TYPE_CHECKING:
    from clausebank.render.shell_check import Checked

MAX_FILE = 20 * 1024 * 1024

version_argument = click.argument("version", metavar="NAME:NUMBER")


@click.group()
def shell() -> None:
    """Word 模板文件（封面、页眉页脚和样式） · Word shells: cover, header, footer and styles."""


@shell.command("list")
@shared
def list_(job: Job) -> int:
    """列出可以选用的 Word 模板文件 · List the Word shells in force."""
    from webapp.workspace import workspace

    with workspace(job.settings()) as place:
        found = [place.shells.find(name) for name in place.shells.names()]
    for each in found:
        job.say(f"{each.name}\t{each.sha256[:12]}", f"{each.name}\t{each.sha256[:12]}")
    job.data([{"name": each.name, "sha256": each.sha256} for each in found])
    return OK


@shell.command("history")
@click.argument("name", required=False, default="")
@shared
def history_(job: Job, name: str) -> int:
    """列出全部版本，或者一个名称的版本 · List all versions, or those of one name."""
    from clausebank.storage.shells import all_shells
    from clausebank.storage.versions import history, shell_series
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.reading() as session:
        rows = history(session, shell_series(name)) if name else list(all_shells(session))
    for row in rows:
        line = "\t".join(facts(row))
        job.say(line, line)
    job.data([version_data(row) for row in rows])
    return OK


@shell.command()
@click.argument("file")
@shared
def check(job: Job, file: str) -> int:
    """检查一个 Word 模板文件能否使用 · Check whether a Word file can be used as a shell."""
    checked = _checked(job, file)
    if not checked.problems:
        job.say("可以使用。", "It can be used.")
    job.data({"problems": [{"zh": problem.zh, "en": problem.en} for problem in checked.problems]})
    return FOUND if checked.problems else OK


@shell.command()
@click.argument("file")
@click.argument("name")
@click.option("--note", required=True, help="修改说明 · Change note.")
@click.option(
    "--reviewer", default="", metavar="NAME", help="由另一个人同时批准 · Approved at once by another person."
)
@by_option
@shared
def add(job: Job, file: str, name: str, note: str, reviewer: str, actor: str | None) -> int:
    """检查一个 Word 模板文件，作为草稿加入 · Check a Word shell and add it as a draft."""
    from clausebank.storage.shells import add_shell
    from webapp.shells import RefusedShell, check_name
    from webapp.workspace import workspace

    check_name(name)
    checked = _checked(job, file)
    if checked.problems:
        raise RefusedShell("有上述问题，没有加入", "not added for the problems above")
    with workspace(job.settings()) as place, place.database.writing() as session:
        who = actor or place.database.actor
        row = add_shell(session, place.files, name, checked.data, who, note, reviewer)
        session.flush()
        data = version_data(row)
    job.say(f"{data['name']}\t{data['status']}", f"{data['name']}\t{data['status']}")
    job.data(data)
    return OK


@shell.command()
@version_argument
@by_option
@shared
def submit(job: Job, version: str, actor: str | None) -> int:
    """提交审核 · Submit a draft for review."""
    from clausebank.storage.lifecycle import submit as submit_versions
    from clausebank.storage.shells import no_findings

    names = [f"shell/{version}"]
    return run_step(job, actor, lambda session, who: submit_versions(session, names, who, no_findings))


@shell.command()
@version_argument
@by_option
@shared
def approve(job: Job, version: str, actor: str | None) -> int:
    """批准：不能批准自己加入的版本 · Approve; never what one added oneself."""
    from clausebank.storage.lifecycle import approve as approve_versions
    from clausebank.storage.shells import no_findings

    names = [f"shell/{version}"]
    return run_step(job, actor, lambda session, who: approve_versions(session, names, who, no_findings))


@shell.command("return")
@version_argument
@click.option("--comment", required=True, help="退回的理由 · Why.")
@by_option
@shared
def return_(job: Job, version: str, comment: str, actor: str | None) -> int:
    """退回给加入的人 · Return a version to who added it."""
    from clausebank.storage.lifecycle import send_back

    return run_step(job, actor, lambda session, who: [send_back(session, f"shell/{version}", who, comment)])


@shell.command()
@click.argument("name")
@click.option("--note", required=True, help="停用的理由 · Why.")
@click.option("--replacement", default="", metavar="NAME", help="替代的模板文件 · What to take instead.")
@by_option
@shared
def retire(job: Job, name: str, note: str, replacement: str, actor: str | None) -> int:
    """停用一个名称；旧合同仍可核对 · Take a name out of force; old contracts can still be verified."""
    from clausebank.storage.lifecycle import retire as retire_target

    return run_step(
        job, actor, lambda session, who: retire_target(session, f"shell/{name}", who, note, replacement)
    )


def _checked(job: Job, file: str) -> Checked:
    """Check a file and say what is wrong with it."""
    from clausebank.render.shell_check import check_shell
    from webapp.answers_file import read_data

    checked = check_shell(read_data(file, MAX_FILE))
    for problem in checked.problems:
        job.say(f"{file}: {problem.zh}", f"{file}: {problem.en}")
    return checked
