"""Commands on the file store."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.job import FOUND, OK, Job, shared

if TYPE_CHECKING:
    from clausebank.storage.files import Stored
    from clausebank.storage.upkeep import Loss

SHOWN = 200
WHAT = {"missing": ("缺少", "missing"), "damaged": ("损坏", "damaged")}


@click.group()
def storage() -> None:
    """文件库 · The file store."""


@storage.command()
@click.option("--quick", is_flag=True, help="只看有无和大小，不读内容 · Look at presence and size only.")
@click.option("--delete-orphans", is_flag=True, help="删除没有归属的文件 · Delete files nothing refers to.")
@click.option(
    "--grace", type=click.IntRange(min=1), default=24, show_default=True, metavar="HOURS",
    help="多少小时之内的文件不算没有归属 · Younger files are left out, a job may still need them.",
)  # fmt: skip
@shared
def check(job: Job, quick: bool, delete_orphans: bool, grace: int) -> int:  # noqa: FBT001
    """查找缺少、损坏和没有归属的文件 · Find files that are missing, damaged or without owner."""
    from clausebank.storage.upkeep import delete_orphan, losses, orphans
    from webapp.workspace import workspace

    with workspace(job.settings()) as place:
        place.files.check()
        lost = list(losses(place.database, place.files, read=not quick))
        unowned = list(orphans(place.database, place.files, timedelta(hours=grace)))
        gone = [one for one in unowned if delete_orphans and delete_orphan(place.database, place.files, one)]
    left = [one for one in unowned if one not in gone]
    _say(job, lost, left, gone)
    job.data(
        {
            "missing": [_loss_data(loss) for loss in lost if loss.what == "missing"],
            "damaged": [_loss_data(loss) for loss in lost if loss.what == "damaged"],
            "orphans": [_file_data(file) for file in left],
            "deleted": [_file_data(file) for file in gone],
        }
    )
    return FOUND if lost or left else OK


def _say(job: Job, lost: list[Loss], left: list[Stored], gone: list[Stored]) -> None:
    for loss in lost[:SHOWN]:
        what = job.words(*WHAT[loss.what])
        job.say(*[f"{what}\t{loss.contract_id or '-'}\t{loss.format}\t{loss.key}"] * 2)
    for file in left[:SHOWN]:
        line = f"{file.key}\t{file.size}\t{file.at:%Y-%m-%d}"
        job.say(f"没有归属\t{line}", f"orphan\t{line}")
    size = sum(file.size for file in gone) / 1024 / 1024
    job.say(
        f"缺少或损坏 {len(lost)} 个，没有归属 {len(left)} 个，删除 {len(gone)} 个（{size:.1f} MB）。",
        f"{len(lost)} missing or damaged, {len(left)} orphans, {len(gone)} deleted ({size:.1f} MB).",
    )


def _loss_data(loss: Loss) -> dict[str, Any]:
    return {
        "contract": str(loss.contract_id) if loss.contract_id else None,
        "format": loss.format,
        "key": loss.key,
    }


def _file_data(file: Stored) -> dict[str, Any]:
    return {"key": file.key, "size": file.size, "at": file.at.isoformat()}
