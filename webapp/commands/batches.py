"""Commands on batches: the form, a batch from a file, and steering one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from webapp.commands.contracts import (
    chosen_stances,
    formats_given,
    stance_for_option,
    stance_option,
    team_option,
)
from webapp.commands.job import FOUND, OK, REFUSED, Job, shared

if TYPE_CHECKING:
    from clausebank.storage.ledger import Progress
    from clausebank.storage.ledger_models import Batch
    from webapp.batch.starting import Plan
    from webapp.batch.work import Tick
    from webapp.settings import Settings
    from webapp.workspace import Workspace

SHOWN = 50
out_option = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="输出文件夹 · Folder for the files and the index.",
)  # fmt: skip
zip_option = click.option(
    "--zip", "package", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="把全部文件写成一个 ZIP · Write all files as one ZIP.",
)  # fmt: skip
identifier = click.argument("batch_id", metavar="ID", type=click.UUID)


@click.command("batch-form")
@click.argument("kind")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@stance_option
@stance_for_option
@shared
def batch_form(job: Job, kind: str, file: Path, stance: str, stance_for: tuple[str, ...]) -> int:
    """写出批量填写的表格（XLSX） · Write the spreadsheet form for a batch."""
    from clausebank.storage.files import write_file
    from webapp.batch.columns import layout_of
    from webapp.batch.form import write_form
    from webapp.workspace import workspace

    with workspace(job.settings()) as place:
        layout = layout_of(place.template(kind), place.bank, chosen_stances(place, stance, stance_for))
    write_file(file, write_form(layout))
    job.say(f"已写入：{file}", f"Written: {file}")
    job.data({"kind": kind, "path": str(file), "sheets": [sheet.title for sheet in layout.sheets]})
    return OK


@click.command()
@click.argument("kind")
@click.argument("rows", metavar="ROWS.xlsx|.csv|.jsonl", type=click.Path(dir_okay=False))
@stance_option
@stance_for_option
@click.option(
    "--formats", default="docx,pdf", callback=formats_given, metavar="LIST",
    help="输出格式，逗号分隔：docx,pdf,html,txt,json · Formats, comma-separated.  [docx,pdf]",
)  # fmt: skip
@click.option(
    "--name", "pattern", default="{number} {title}", show_default=True, metavar="PATTERN",
    help="文件名格式 · Pattern of the file names: {row} {number} {title} {client.name} ….",
)  # fmt: skip
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="有问题时写出标注了单元格的 XLSX · Where to write the marked XLSX when rows have problems.",
)  # fmt: skip
@click.option("--check", "only_check", is_flag=True, help="只检查，不生成 · Check only, make nothing.")
@click.option("--skip-bad", is_flag=True, help="跳过有问题的行 · Go on with the good rows.")
@team_option
@out_option
@zip_option
@shared
def batch(
    job: Job,
    kind: str,
    rows: str,
    stance: str,
    stance_for: tuple[str, ...],
    formats: tuple[str, ...],
    pattern: str,
    report: Path | None,
    only_check: bool,  # noqa: FBT001
    skip_bad: bool,  # noqa: FBT001
    team: str,
    out: Path | None,
    package: Path | None,
) -> int:
    """由一个表格生成多份合同 · Make a contract of every row of a file."""
    from webapp.answers_file import read_data
    from webapp.batch.grids import MAX_FILE
    from webapp.batch.starting import plan_batch, store_plan
    from webapp.workspace import workspace

    settings = job.settings()
    with workspace(settings) as place:
        stances = chosen_stances(place, stance, stance_for)
        data = read_data(rows, MAX_FILE)
        plan = plan_batch(place, kind, data, rows, stances, formats, pattern)
        _tell(job, plan, data, report)
        checked = plan.checked
        if only_check or not checked.good or (checked.bad and not skip_bad):
            job.data(_check_data(plan, report))
            return REFUSED if checked.bad else OK
        batch_id = store_plan(place.in_team(team), plan)
        job.say(f"批次 {batch_id}", f"Batch {batch_id}")
        folder = out or settings.generated / "batches" / str(batch_id)
        code = run_batch(job, settings, place, batch_id, folder, package, _check_data(plan, None))
        return FOUND if plan.checked.bad else code


def _tell(job: Job, plan: Plan, data: bytes, report: Path | None) -> None:
    """Print the problems of the rows, and write the file with its bad cells marked."""
    from clausebank.storage.files import write_file
    from webapp.batch.report import marked_workbook, problem_line

    checked = plan.checked
    for problem in checked.problems:
        if not job.as_json:
            click.echo(problem_line(problem, job.language), err=True)
    good, bad = len(checked.good), checked.bad
    job.say(
        f"共 {checked.total} 行：{good} 行可以生成，{bad} 行有问题。",
        f"{checked.total} rows: {good} good, {bad} with problems.",
    )
    if report and checked.problems:
        write_file(report, marked_workbook(data, plan.source, checked.problems))
        job.say(f"已写入：{report}", f"Written: {report}")


def _check_data(plan: Plan, report: Path | None) -> dict[str, Any]:
    return {
        "batch": None,
        "rows": plan.checked.total,
        "good": len(plan.checked.good),
        "bad": plan.checked.bad,
        "problems": [problem.data() for problem in plan.checked.problems],
        "report": str(report) if report and plan.checked.problems else None,
    }


def run_batch(
    job: Job,
    settings: Settings,
    place: Workspace,
    batch_id: UUID,
    out: Path | None,
    package: Path | None,
    before: Mapping[str, Any] | None = None,
) -> int:
    """Work on a batch with a progress bar, hand out its files and say how it went.

    ``before`` is what a machine is told beside how far the batch is.
    """
    from clausebank.storage.ledger import progress_of
    from webapp.batch.engines import engine_of

    with _progress(job, place, batch_id) as tick:
        engine_of(settings).run(place, batch_id, tick)
    _hand_out(job, place, batch_id, out, package)
    with place.database.reading() as session:
        progress = progress_of(session, batch_id)
    _tell_failed(job, place, batch_id)
    job.say(
        f"完成 {progress.done}，失败 {progress.failed}，未处理 {progress.left}。",
        f"{progress.done} done, {progress.failed} failed, {progress.left} left.",
    )
    job.data({**(before or {}), **progress_data(batch_id, progress), "folder": str(out) if out else None})
    return OK if progress.done == progress.total else FOUND


def _hand_out(job: Job, place: Workspace, batch_id: UUID, out: Path | None, package: Path | None) -> None:
    from webapp.batch.output import stream_zip, write_folder

    if out:
        write_folder(place, batch_id, out)
        job.say(f"文件和索引：{out}", f"Files and index: {out}")
    if package:
        _write_pieces(package, stream_zip(place, batch_id))
        job.say(f"已写入：{package}", f"Written: {package}")


def _write_pieces(path: Path, pieces: Iterator[bytes]) -> None:
    """Write a stream under a temporary name and rename it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("wb") as stream:
            stream.writelines(pieces)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _tell_failed(job: Job, place: Workspace, batch_id: UUID) -> None:
    from webapp.batch.output import failures

    for key, text in failures(place, batch_id, job.language, SHOWN):
        job.say(f"行 {key}：{text}", f"row {key}: {text}")


@contextmanager
def _progress(job: Job, place: Workspace, batch_id: UUID) -> Iterator[Tick]:
    """Show a bar with rate and remaining time on the error output, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from clausebank.storage.ledger import progress_of

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=job.as_json or not console.is_terminal) as bar:
        task = bar.add_task("", total=None, rate="")

        def tick() -> None:
            with place.database.reading() as session:
                now = progress_of(session, batch_id)
            speed = bar.tasks[0].speed
            rate = f"{speed * 60:.0f} {job.words('份/分钟', 'a minute')}" if speed else ""
            bar.update(task, total=now.total, completed=now.done + now.failed, rate=rate)

        tick()
        yield tick
        tick()


@click.group()
def batches() -> None:
    """批次 · Batches."""


@batches.command("list")
@shared
def list_(job: Job) -> int:
    """列出批次，最近的在前 · List the batches, the newest first."""
    from sqlalchemy import select

    from clausebank.storage.ledger import progress_of
    from clausebank.storage.ledger_models import Batch
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.reading() as session:
        found = session.scalars(select(Batch).order_by(Batch.created_at.desc()).limit(SHOWN)).all()
        rows = [(batch, progress_of(session, batch.id)) for batch in found]
    for one, progress in rows:
        _say_progress(job, one, progress)
    job.data([{**progress_data(one.id, p), "kind": one.kind, "source": one.source} for one, p in rows])
    return OK


def _say_progress(job: Job, batch: Batch, progress: Progress) -> None:
    line = f"{batch.id}\t{batch.kind}\t{progress.state}\t{progress.done}+{progress.failed}/{progress.total}\t{batch.source}"
    job.say(line, line)


def progress_data(batch_id: UUID, progress: Progress) -> dict[str, Any]:
    """Return how far a batch is, for a machine."""
    return {
        "batch": str(batch_id),
        "state": progress.state,
        "total": progress.total,
        "waiting": progress.waiting,
        "working": progress.working,
        "done": progress.done,
        "failed": progress.failed,
    }


@batches.command()
@identifier
@shared
def pause(job: Job, batch_id: UUID) -> int:
    """暂停：正在处理的行做完，其余等待 · Pause: rows in work are finished, the others wait."""
    return _steer(job, batch_id, "paused", ("running",))


@batches.command()
@identifier
@shared
def cancel(job: Job, batch_id: UUID) -> int:
    """取消：不再处理其余的行，已生成的保留 · Cancel: what was made is kept."""
    return _steer(job, batch_id, "cancelled", ("running", "paused", "checked"))


def _steer(job: Job, batch_id: UUID, to: str, since: tuple[str, ...]) -> int:
    from clausebank.storage.ledger import progress_of
    from webapp.workspace import workspace

    with workspace(job.settings()) as place:
        _require(place, batch_id)
        _change(place, batch_id, to, since)
        with place.database.reading() as session:
            progress = progress_of(session, batch_id)
    job.say(f"批次状态：{progress.state}", f"State of the batch: {progress.state}")
    job.data(progress_data(batch_id, progress))
    return OK


def _change(place: Workspace, batch_id: UUID, to: str, since: tuple[str, ...]) -> None:
    from clausebank.storage.ledger import steer
    from clausebank.storage.ledger_models import BatchState

    with place.database.writing() as session:
        steer(session, batch_id, BatchState(to), [BatchState(state) for state in (*since, to)])


def _require(place: Workspace, batch_id: UUID) -> None:
    from clausebank.errors import UnknownName
    from clausebank.storage.ledger_models import Batch

    with place.database.reading() as session:
        if session.get(Batch, batch_id) is None:
            raise UnknownName("batch", str(batch_id))


@batches.command()
@identifier
@click.option("--retry", is_flag=True, help="失败的行重新处理 · Make failed rows again.")
@out_option
@zip_option
@shared
def resume(job: Job, batch_id: UUID, retry: bool, out: Path | None, package: Path | None) -> int:  # noqa: FBT001
    """继续处理暂停或者中断的批次 · Go on with a batch that was paused or broke off."""
    from clausebank.storage.ledger import retry_failed
    from webapp.workspace import workspace

    settings = job.settings()
    with workspace(settings) as place:
        _require(place, batch_id)
        _change(place, batch_id, "running", ("checked", "paused", "cancelled"))
        if retry:
            with place.database.writing() as session:
                retry_failed(session, batch_id)
        return run_batch(job, settings, place, batch_id, out, package)


@batches.command()
@identifier
@out_option
@zip_option
@shared
def export(job: Job, batch_id: UUID, out: Path | None, package: Path | None) -> int:
    """写出一个批次的文件和索引 · Write the files of a batch and their index."""
    from clausebank.storage.ledger import progress_of
    from webapp.workspace import workspace

    if not (out or package):
        raise click.UsageError("--out DIR / --zip FILE")
    with workspace(job.settings()) as place:
        _require(place, batch_id)
        _hand_out(job, place, batch_id, out, package)
        with place.database.reading() as session:
            progress = progress_of(session, batch_id)
    job.data(progress_data(batch_id, progress))
    return OK
