"""The command that renews contracts: chosen by their end, by name or by a file, under a policy."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.batches import out_option, run_batch, zip_option
from webapp.commands.contracts import formats_given, team_option
from webapp.commands.job import FOUND, OK, REFUSED, Job, finding_lines, shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from clausebank.storage.models import Contract
    from clausebank.storage.renewals import Refused
    from webapp.renewals.proposing import Proposal
    from webapp.workspace import Workspace

MOST_DAYS = 3660


def _days(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    """Read ``60d`` or ``60``."""
    if value is None:
        return None
    number = value.strip().lower().removesuffix("d")
    if not (number.isascii() and number.isdigit() and int(number) <= MOST_DAYS):
        raise click.BadParameter(f"{value} (60d)")
    return int(number)


@click.command()
@click.option("--policy", required=True, metavar="FILE", help="续签方案（YAML 或 JSON） · The policy.")
@click.option(
    "--due-within", "due_within", callback=_days, metavar="DAYS",
    help="多少日内届满的合同，如 60d · Contracts that end within so many days: 60d.",
)  # fmt: skip
@click.option(
    "--overdue", callback=_days, default="0", metavar="DAYS",
    help="也包括已届满不超过多少日的 · And those that ended at most so many days ago.  [0d]",
)  # fmt: skip
@click.option("--kind", default="", help="只限这个合同类型 · Only of this kind.")
@click.option("--party", default="", metavar="NAME", help="只限名称含此文字的一方 · Only of this party.")
@click.option(
    "--contracts", "named", multiple=True, metavar="ID,…",
    help="按 id 或编号，逗号分隔，可重复 · By id or number; may be repeated.",
)  # fmt: skip
@click.option(
    "--file", "list_", metavar="FILE", help="按文件中的编号：.txt .csv .xlsx · By the numbers in a file."
)
@click.option("--fees", metavar="FILE", help="新的服务费：每行编号和金额 · New fees: number and sum a row.")
@click.option("--dry-run", is_flag=True, help="只显示差异，不生成 · Show the differences, make nothing.")
@click.option("--skip-bad", is_flag=True, help="跳过不能续签的 · Go on without those that cannot be renewed.")
@click.option(
    "--formats", default="docx,pdf", callback=formats_given, metavar="LIST",
    help="输出格式，逗号分隔：docx,pdf,html,txt,json · Formats, comma-separated.  [docx,pdf]",
)  # fmt: skip
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
    help="从这一日起算，默认今天 · Reckon from this day; today by default.",
)  # fmt: skip
@team_option
@out_option
@zip_option
@shared
def renew(
    job: Job,
    policy: str,
    due_within: int | None,
    overdue: int,
    kind: str,
    party: str,
    named: tuple[str, ...],
    list_: str | None,
    fees: str | None,
    dry_run: bool,  # noqa: FBT001
    skip_bad: bool,  # noqa: FBT001
    formats: tuple[str, ...],
    today: datetime | None,
    team: str,
    out: Path | None,
    package: Path | None,
) -> int:
    """续签合同：一个批次，附与原合同的修订对照 · Renew contracts in one batch, each with a redline.

    选择合同：--due-within、--contracts、--file 之一。没有到期的合同时退出码为 0，可以定时运行。
    Choose by --due-within, --contracts or --file. With nothing due the exit code is 0, as cron likes it.
    """
    from webapp.renewals.files import read_fees, read_policy
    from webapp.renewals.proposing import propose_all
    from webapp.renewals.starting import start_renewals
    from webapp.workspace import workspace

    if sum((due_within is not None, bool(named), list_ is not None)) != 1:
        raise click.UsageError("--due-within DAYS / --contracts ID,… / --file FILE")
    settings = job.settings()
    day = today.date() if today else datetime.now().astimezone().date()
    with workspace(settings) as place:
        given = read_fees(_read(fees), fees) if fees else None
        rules, raw = read_policy(policy, place.bank, given)
        with place.database.reading() as session:
            window = None if due_within is None else (day - timedelta(overdue), day + timedelta(due_within))
            chosen, refused = _choose(session, place, window, kind, party, named, list_)
            proposals = list(propose_all(place, session, chosen, rules, day))
        bad = _tell(job, place, proposals, refused, in_full=dry_run)
        good = [proposal for proposal in proposals if not proposal.problems]
        if not proposals and not refused:
            job.say("没有需要续签的合同。", "No contract is due for renewal.")
        if dry_run or not good or (bad and not skip_bad):
            job.data(_data(place, proposals, refused))
            return _code(bad, dry_run=dry_run)
        started = start_renewals(place.in_team(team), good, formats, raw, _source(due_within, list_))
        if started.batch_id is None:
            job.say("这些合同已由别的批次续签。", "Another batch is renewing these contracts.")
            job.data(_data(place, proposals, refused))
            return FOUND
        job.say(f"批次 {started.batch_id}", f"Batch {started.batch_id}")
        folder = out or settings.generated / "batches" / str(started.batch_id)
        code = run_batch(
            job, settings, place, started.batch_id, folder, package, _data(place, proposals, refused)
        )
        return FOUND if bad or started.lost else code


def _code(bad: int, *, dry_run: bool) -> int:
    if not bad:
        return OK
    return FOUND if dry_run else REFUSED


def _source(due_within: int | None, list_: str | None) -> str:
    """Return what a batch is called by where its contracts came from."""
    if list_ is not None:
        return Path(list_).name
    return "--contracts" if due_within is None else f"--due-within {due_within}d"


def _read(path: str) -> bytes:
    from webapp.answers_file import read_data
    from webapp.batch.grids import MAX_FILE

    return read_data(path, MAX_FILE)


def _choose(
    session: Session,
    place: Workspace,
    window: tuple[date, date] | None,
    kind: str,
    party: str,
    named: tuple[str, ...],
    list_: str | None,
) -> tuple[Sequence[Contract], list[Refused]]:
    from clausebank.storage.renewals import Due, due_contracts, named_contracts
    from webapp.renewals.files import read_names

    if window is not None:
        if kind:
            place.template(kind)
        return due_contracts(session, Due(*window, kind, party)), []
    names = [name.strip() for entry in named for name in entry.split(",") if name.strip()]
    return named_contracts(session, read_names(_read(list_), list_) if list_ else names)


def _tell(
    job: Job, place: Workspace, proposals: list[Proposal], refused: list[Refused], *, in_full: bool
) -> int:
    """Print what each renewal would be; return how many cannot be made."""
    for one in refused:
        job.say(f"{one.named}：{one.reason.zh}", f"{one.named}: {one.reason.en}")
    for proposal in proposals:
        _tell_one(job, proposal, in_full=in_full)
        for finding in (*proposal.problems, *proposal.remarks):
            label = job.text(place.bank.vocabulary.label(finding.blank))
            lines = finding_lines(finding, job.language)
            for line in lines:
                text = f"  {label} {line}" if label and line is lines[0] else f"  {line}"
                job.say(text, text)
    bad = len(refused) + sum(bool(proposal.problems) for proposal in proposals)
    if proposals or refused:
        good = len(proposals) - (bad - len(refused))
        job.say(f"可以续签 {good} 份，不能续签 {bad} 份。", f"{good} can be renewed, {bad} cannot.")
    return bad


def _tell_one(job: Job, proposal: Proposal, *, in_full: bool) -> None:
    from clausebank.compare.comparison import QUIET
    from clausebank.compare.text import change_text

    contract, draft = proposal.contract, proposal.draft
    line = f"{contract.number}\t{contract.kind}\t{contract.ends_on}"
    if draft is not None:
        line += f" → {draft.answers['contract_number']}\t{draft.answers['service_end_date']}"
    job.say(f"{line}\t{proposal.fee_percent}".rstrip(), f"{line}\t{proposal.fee_percent}".rstrip())
    if not in_full:
        return
    for answer in proposal.answers:
        text = f"  {job.text(answer.label)}: {answer.old} → {answer.new}"
        job.say(text, text)
    for change in proposal.comparison.changes if proposal.comparison else ():
        if change.status not in QUIET:
            text = "\n".join(f"  {line}" for line in change_text(change).splitlines())
            job.say(text, text)
    for shift in proposal.favours:
        sides = " → ".join(side.value if side else "mixed" for side in (shift.old, shift.new))
        text = f"  {job.text(shift.label)}: {sides}"
        job.say(text, text)


def _data(place: Workspace, proposals: list[Proposal], refused: list[Refused]) -> dict[str, Any]:
    from webapp.renewals.proposing import proposal_data

    return {
        "batch": None,
        "refused": [
            {"contract": one.named, "reason": {"zh": one.reason.zh, "en": one.reason.en}} for one in refused
        ],
        "renewals": [proposal_data(proposal, place.bank.vocabulary) for proposal in proposals],
    }
