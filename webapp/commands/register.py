"""Commands on the register: contracts list, contracts export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from webapp.commands.job import OK, Job, shared

if TYPE_CHECKING:
    from clausebank.storage.models import Contract
    from schemas.register import Ask
    from webapp.workspace import Workspace

_Command = TypeVar("_Command", bound=Callable[..., Any])
FILTERS = {
    "q": ("WORDS", "编号、名称、当事人或者填写内容中的词 · Words anywhere in what was filled in."),
    "party": ("NAME", "当事人名称中的词 · Words in the name of a party."),
    "kind": ("KIND", "合同类型 · Kind of contract."),
    "state": ("STATE", "状态：final 或者 draft · State."),
    "expiring": ("DAYS", "从今天起几天内届满 · Ends within so many days."),
    "ends_from": ("DAY", "届满日自 · Ends from."),
    "ends_until": ("DAY", "届满日至（含） · Ends until."),
    "starts_from": ("DAY", "起始日自 · Starts from."),
    "starts_until": ("DAY", "起始日至（含） · Starts until."),
    "made_from": ("DAY", "生成日自 · Made from."),
    "made_until": ("DAY", "生成日至（含） · Made until."),
    "least": ("YUAN", "金额不低于 · Amount at least."),
    "most": ("YUAN", "金额不高于 · Amount at most."),
    "sort": (
        "COLUMN",
        "排序的列，前加减号为从大到小：created_at、number、client_name、starts_on、ends_on、amount · Column to sort by, with a minus for the largest first.  [-created_at]",
    ),
}


def filters(command: _Command) -> _Command:
    """Give a command the filters of the register as options."""
    for name, (metavar, help_) in reversed(FILTERS.items()):
        option = click.option(f"--{name.replace('_', '-')}", name, default="", metavar=metavar, help=help_)
        command = option(command)
    return command


@click.group()
def contracts() -> None:
    """已保存的合同：列出、导出 · Contracts kept: list them, export the list."""


@contracts.command("list")
@filters
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True, help="份数 · How many.")
@click.option("--after", default="", metavar="ID", help="接在这份合同之后 · Come after this contract.")
@shared
def list_contracts(job: Job, limit: int, **given: str) -> int:
    """列出合同，可以查找、筛选、排序 · List contracts, searched, filtered and sorted."""
    from clausebank.storage.register import page_of
    from webapp.workspace import workspace

    ask = _asked(given)
    with workspace(job.settings()) as place, place.database.reading() as session:
        _known_kind(place, ask)
        page = page_of(session, ask.wanted, ask.sorting, after=ask.after, limit=limit)
    for contract in page.contracts:
        line = _line(contract)
        job.say(line, line)
    if page.more_after:
        last = page.contracts[-1].id
        job.say(f"还有更多：--after {last}", f"There are more: --after {last}")
    job.data({"contracts": [contract_data(one) for one in page.contracts], "more": page.more_after})
    return OK


@contracts.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@filters
@shared
def export_contracts(job: Job, file: Path, **given: str) -> int:
    """把筛选的合同列成电子表格（XLSX） · Write the contracts asked for as a spreadsheet."""
    from io import BytesIO

    from clausebank.storage.files import write_file
    from clausebank.storage.register import every_contract
    from webapp.registerfile import write_register
    from webapp.workspace import workspace

    ask, content = _asked(given), BytesIO()
    with workspace(job.settings()) as place, place.database.reading() as session:
        _known_kind(place, ask)
        found = every_contract(session, ask.wanted, ask.sorting)
        number = write_register(found, content, job.language)
    path = write_file(file, content.getvalue())
    job.say(f"{path}：{number}份合同", f"{path}: {number} contracts")
    job.data({"path": str(path), "contracts": number})
    return OK


def _asked(given: dict[str, str]) -> Ask:
    """Read the options; those that cannot be read are refused, all at once."""
    from marshmallow import ValidationError

    from schemas.register import read_ask

    ask = read_ask(given, date.today())  # noqa: DTZ011 (days are those of the machine)
    if ask.problems:
        raise ValidationError({name.replace("_", "-"): said for name, said in ask.problems.items()})
    return ask


def _known_kind(place: Workspace, ask: Ask) -> None:
    if ask.wanted.kind:
        place.template(ask.wanted.kind)


def _line(contract: Contract) -> str:
    from webapp.register import shown_amount

    parties = f"{contract.client_name} / {contract.provider_name}"
    term = f"{contract.starts_on or ''}–{contract.ends_on or ''}"
    facts = (contract.id, contract.number, contract.title, parties, term, shown_amount(contract.amount))
    return "\t".join(str(fact) for fact in (*facts, contract.state))


def contract_data(contract: Contract) -> dict[str, Any]:
    """Return a contract of the register for a machine; the amount is in yuan."""
    from clausebank.wording.values import Money

    return {
        "id": str(contract.id),
        "kind": contract.kind,
        "title": contract.title,
        "number": contract.number,
        "state": contract.state,
        "client": contract.client_name,
        "provider": contract.provider_name,
        "starts_on": contract.starts_on.isoformat() if contract.starts_on else None,
        "ends_on": contract.ends_on.isoformat() if contract.ends_on else None,
        "amount": None if contract.amount is None else f"{Money(contract.amount).yuan:.2f}",
        "predecessor": str(contract.predecessor_id) if contract.predecessor_id else None,
        "made_at": contract.created_at.isoformat(),
    }
