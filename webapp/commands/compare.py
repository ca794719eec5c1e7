"""The command that compares two texts: on the screen, as HTML, as JSON, as a Word redline."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.commands.job import FOUND, OK, Job, shared

if TYPE_CHECKING:
    from clausebank.compare import Comparison
    from webapp.comparing import Source

AUTHOR = "ClauseBank"


def _author(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise click.BadParameter(repr(value))
    return value


@click.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "--docx", type=click.Path(path_type=Path), metavar="FILE",
    help="写出带修订标记的 Word 文件 · Write a Word file with tracked changes.",
)  # fmt: skip
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE",
    help="写出并排比较的网页 · Write both texts side by side as HTML.",
)  # fmt: skip
@click.option(
    "--author", default=AUTHOR, callback=_author, metavar="NAME",
    help="修订的作者 · Author of the tracked changes.  [ClauseBank]",
)  # fmt: skip
@click.option(
    "--date", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), metavar="DATE",
    help="修订的日期，默认为新文本的日期 · Date of the changes; by default that of the new text.",
)  # fmt: skip
@shared
def compare(
    job: Job, old: str, new: str, docx: Path | None, html: Path | None, author: str, date: datetime | None
) -> int:
    """比较两份合同或者两个条款文本 · Compare two contracts or two clause texts.

    OLD、NEW：已保存合同的 id 或编号（后面加 @newest 为同样的填写内容用现行文本生成）；
    本系统生成的 Word、PDF 文件；条款@立场[:版本]，例如 fees.total@client:2。
    OLD and NEW: a stored contract (with @newest behind it, its answers on the texts in force),
    a Word or PDF file of ours, or clause@stance[:version].
    """
    from clausebank.compare import compare as compare_documents
    from clausebank.compare.data import comparison_data
    from webapp.comparing import find_sources
    from webapp.workspace import workspace

    _refuse_same_files(old, new, docx, html)
    with workspace(job.settings()) as place:
        before, after = find_sources(place, old, new)
    comparison = compare_documents(before.document, after.document, (old, new))
    files = _files(comparison, before, after, docx, html, author, date or after.made, job.language)
    _say(job, comparison)
    for path in files.values():
        job.say(path, path)
    job.data({"old": old, "new": new, "files": files, **comparison_data(comparison)})
    return OK if comparison.equal else FOUND


def _refuse_same_files(old: str, new: str, *outputs: Path | None) -> None:
    """Refuse to write over what is compared, and two outputs into one file."""
    taken = {Path(name).resolve() for name in (old, new) if Path(name).is_file()}
    for path in outputs:
        if path is not None and path.resolve() in taken:
            raise click.BadParameter(str(path), param_hint=str(path))
        if path is not None:
            taken.add(path.resolve())


def _files(
    comparison: Comparison,
    before: Source,
    after: Source,
    docx: Path | None,
    html: Path | None,
    author: str,
    date: datetime,
    language: str,
) -> dict[str, str]:
    """Write the files asked for, each whole or not at all; return their paths by format."""
    from clausebank.compare.html import render_comparison_page
    from clausebank.compare.redline import redline
    from clausebank.storage.files import write_file

    made = {}
    if docx is not None:
        when = date if date.tzinfo else date.replace(tzinfo=UTC)
        made[docx] = redline(
            before.document, after.document, after.shell, author=author, date=when, emphasis=after.emphasis
        )
    if html is not None:
        made[html] = render_comparison_page(comparison, language=language).encode()
    for path, data in made.items():
        write_file(path, data)
    return {form: str(path) for form, path in (("docx", docx), ("html", html)) if path is not None}


def _say(job: Job, comparison: Comparison) -> None:
    """Print every line that changed, with what went and what came in it."""
    from clausebank.compare.comparison import QUIET, Status
    from clausebank.compare.text import change_text

    counts = comparison.counts
    if comparison.equal:
        job.say("两份文本完全相同。", "The two texts are the same.")
    for change in comparison.changes:
        if change.status not in QUIET and change.status is not Status.MOVED_FROM:
            line = change_text(change)
            job.say(line, line)
    if not comparison.equal:
        moved, styled = counts[Status.MOVED_TO], counts[Status.RESTYLED]
        changed, come, gone = (counts[s] for s in (Status.CHANGED, Status.INSERTED, Status.DELETED))
        numbers = counts[Status.RENUMBERED]
        job.say(
            f"修改 {changed}，新增 {come}，删除 {gone}，移动 {moved}，格式变化 {styled}，仅编号变化 {numbers}",
            f"{changed} changed, {come} added, {gone} deleted, {moved} moved, {styled} restyled, "
            f"{numbers} only renumbered",
        )
