"""From a file of rows to a batch in the ledger: read, checked, named and stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from uuid import UUID

from clausebank.assembly.select import Stances
from clausebank.storage import ledger
from clausebank.storage.ledger_models import BatchState
from schemas import answers_schema
from webapp.batch.checking import Checked, check_rows
from webapp.batch.columns import Layout, layout_of
from webapp.batch.names import check_pattern, file_names
from webapp.batch.reading import read_rows
from webapp.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked file, and how its contracts are to be made."""

    layout: Layout
    source: str
    checked: Checked
    stances: Stances
    formats: tuple[str, ...]
    pattern: str


def plan_batch(
    place: Workspace,
    kind: str,
    data: bytes,
    source: str,
    stances: Stances,
    formats: Collection[str],
    pattern: str,
) -> Plan:
    """Read and check a file; nothing is stored. UnknownName or InputError when it cannot be."""
    template = place.template(kind)
    layout = layout_of(template, place.bank, stances)
    check_pattern(pattern, layout)
    name = PurePath(source.replace("\\", "/")).name
    rows = read_rows(data, name, layout)
    checked = check_rows(rows, answers_schema(template, place.bank, stances), layout)
    return Plan(layout, name, checked, stances, tuple(formats), pattern)


def store_plan(
    place: Workspace,
    plan: Plan,
    state: BatchState = BatchState.RUNNING,
    more: Mapping[str, Any] | None = None,
) -> UUID:
    """Store the good rows of a plan as a batch; ``more`` is kept with its options."""
    good = plan.checked.good
    names = file_names(good, plan.pattern, plan.layout)
    items = [ledger.NewItem(row.key, name, row.raw) for row, name in zip(good, names, strict=True)]
    options = {
        "stances": plan.stances.to_data(),
        "formats": list(plan.formats),
        "left_out": plan.checked.bad,
        **(more or {}),
    }
    with place.database.writing() as session:
        return ledger.create_batch(session, plan.layout.kind, plan.source, options, items, state).id
