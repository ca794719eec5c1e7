"""Commands that look things up: search, impact."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.job import FOUND, OK, STANCES, Job, shared

if TYPE_CHECKING:
    from clausebank.storage.search import Hit
    from webapp.impact import Becoming

STATUSES = ("current", "draft", "in_review", "approved", "retired")
day = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("query", default="")
@click.option("--contracts", is_flag=True, help="查合同，不查条款 · Search contracts, not clauses.")
@click.option("--topic", default="", help="主题 · Topic.")
@click.option("--stance", type=click.Choice(STANCES), help="立场 · Stance.")
@click.option("--status", type=click.Choice(STATUSES), help="状态，current 为现行版本 · Status.")
@click.option("--kind", default="", help="合同类型 · Kind of contract.")
@click.option("--since", type=day, help="此日起 · From this day.")
@click.option("--until", type=day, help="至此日（含） · To this day.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="条数 · How many.")
@shared
def search(job: Job, query: str, contracts: bool, limit: int, **given: Any) -> int:  # noqa: FBT001
    """查找条款或者合同；没有找到时退出码为 1 · Search clauses or contracts; exit code 1 for no hit."""
    from clausebank.storage.search import Filters, What
    from clausebank.storage.search import search as find
    from webapp.workspace import workspace

    since, until = given.pop("since"), given.pop("until")
    filters = Filters(
        **{name: value or "" for name, value in given.items()},
        since=_local(since),
        until=_local(until + timedelta(days=1)) if until else None,
    )
    what = What.CONTRACT if contracts else What.CLAUSE
    with workspace(job.settings()) as place, place.database.reading() as session:
        found = find(session, query, what, filters, limit=limit)
    for hit in found.hits:
        line = f"{hit.name}\t{hit.status}\t{hit.title.get(job.language, '')}\t{hit.snippet}"
        job.say(line, line)
    if found.more:
        job.say(f"多于 {found.total} 项", f"more than {found.total}")
    else:
        job.say(f"共 {found.total} 项", f"{found.total} in all")
    job.data({"total": found.total, "more": found.more, "hits": [_hit_data(hit) for hit in found.hits]})
    return OK if found.total else FOUND


def _local(day_: datetime | None) -> datetime | None:
    """Return the start of a day in the machine's time zone."""
    return day_.astimezone() if day_ else None


def _hit_data(hit: Hit) -> dict[str, Any]:
    return {
        "what": hit.what.value,
        "name": hit.name,
        "title": dict(hit.title),
        "status": hit.status,
        "at": hit.at.isoformat(),
        "snippet": hit.snippet,
    }


@click.command()
@click.argument("name", metavar="VERSION|BLANK")
@click.option(
    "--dry-run", "tried", metavar="VERSION", help="换成这个版本后各合同的文字 · What contracts would say."
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="条数 · How many.")
@shared
def impact(job: Job, name: str, tried: str | None, limit: int) -> int:
    """列出用到一个版本或者空白项的模板、条款和合同 · Show what holds a version or a blank."""
    from clausebank.storage.impact import impact_of
    from clausebank.storage.versions import find_version
    from webapp.impact import would_become
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.reading() as session:
        found = impact_of(session, name, place.bank, place.templates, limit=limit)
        new = find_version(session, tried) if tried else None
        becoming = [would_become(session, contract, new) for contract in found.contracts] if new else []
    kinds = "、".join(found.kinds) or "-"
    job.say(f"合同类型：{kinds}", f"Kinds: {kinds}")
    if found.clauses:
        job.say(f"条款：{'、'.join(found.clauses)}", f"Clauses: {', '.join(found.clauses)}")
    job.say(f"合同：{found.total}", f"Contracts: {found.total}")
    for contract in found.contracts:
        line = f"{contract.id}\t{contract.number}\t{contract.title}"
        job.say(line, line)
    for outcome in becoming:
        _say_becoming(job, outcome)
    job.data(
        {
            "name": found.name,
            "kinds": list(found.kinds),
            "clauses": list(found.clauses),
            "total": found.total,
            "contracts": [{"id": str(c.id), "number": c.number, "title": c.title} for c in found.contracts],
            "becoming": [_becoming_data(outcome) for outcome in becoming],
        }
    )
    return OK


def _say_becoming(job: Job, outcome: Becoming) -> None:
    from webapp.reviewing import marked

    job.say(f"## {outcome.contract}", f"## {outcome.contract}")
    for line in outcome.changed():
        job.say(marked(line), marked(line))
    for blank in outcome.missing:
        job.say(f"需要填写：{blank}", f"to be filled in: {blank}")


def _becoming_data(outcome: Becoming) -> dict[str, Any]:
    return {
        "contract": str(outcome.contract),
        "missing": list(outcome.missing),
        "lines": [
            {"kind": line.kind, "pieces": [{"kind": p.kind, "text": p.text} for p in line.pieces]}
            for line in outcome.changed()
        ],
    }
