"""Commands on Word shells: list, check, add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from webapp.commands.job import FOUND, OK, Job, shared

if TYPE_CHECKING:
    from clausebank.render.shell_check import Checked

MAX_FILE = 20 * 1024 * 1024


@click.group()
def shell() -> None:
    """Word 模板文件（封面、页眉页脚和样式） · Word shells: cover, header, footer and styles."""


@shell.command("list")
@shared
def list_(job: Job) -> int:
    """列出 Word 模板文件 · List the Word shells."""
    from webapp.shells import Shells

    shells = Shells(job.settings().home / "shells")
    found = [shells.find(name) for name in shells.names()]
    for each in found:
        job.say(f"{each.name}\t{each.sha256[:12]}", f"{each.name}\t{each.sha256[:12]}")
    job.data([{"name": each.name, "sha256": each.sha256} for each in found])
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
@shared
def add(job: Job, file: str, name: str) -> int:
    """检查并加入一个 Word 模板文件；同名的由它取代 · Check a Word shell and add it, or a new state of it."""
    from webapp.shells import RefusedShell, Shells

    checked = _checked(job, file)
    if checked.problems:
        raise RefusedShell("有上述问题，没有加入", "not added for the problems above")
    added = Shells(job.settings().home / "shells").add(name, checked.data)
    job.say(f"已加入：{name}（{added.sha256[:12]}）", f"added: {name} ({added.sha256[:12]})")
    job.data({"name": added.name, "sha256": added.sha256})
    return OK


def _checked(job: Job, file: str) -> Checked:
    """Check a file and say what is wrong with it."""
    from clausebank.render.shell_check import check_shell
    from webapp.answers_file import read_data

    checked = check_shell(read_data(file, MAX_FILE))
    for problem in checked.problems:
        job.say(f"{file}: {problem.zh}", f"{file}: {problem.en}")
    return checked
