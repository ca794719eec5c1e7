"""``python -m tests.bench.register [sqlite|postgresql] [ROWS]``: the register asked on many contracts.

The rows are as wide as real ones (answers and manifest of an assembled example); their search entries
hold number, title and parties only.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from clausebank.facts import facts_of
from clausebank.storage.database import sqlite_url
from clausebank.storage.grams import rows as gram_rows
from clausebank.storage.models import Contract, SearchEntry
from schemas import example_answers
from tests.postgres import running_server
from webapp.drafting import draft_contract, outcome_of
from webapp.settings import Settings
from webapp.workspace import Workspace, workspace

ROWS = 100_000
AT_ONCE = 2_000
PLACES = ("上海", "杭州", "北京", "广州", "深圳", "成都", "武汉", "南京", "西安", "重庆")
WORDS = ("云岚", "青禾", "恒达", "远航", "瑞丰", "明德", "启新", "华信", "中景", "嘉禾", "博远", "凯旋")
TRADES = ("商贸", "客户服务", "信息技术", "电子商务", "物流", "医药", "食品", "教育科技")
OURS = "上海云岚商贸有限公司"


def main() -> None:
    """Fill a database and time the register on it."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else ROWS
    with tempfile.TemporaryDirectory(prefix="clausebank-register-") as name:
        folder = Path(name)
        if kind == "postgresql":
            with running_server() as new_database:
                _measure(folder, new_database(), count)
        else:
            _measure(folder, sqlite_url(folder / "register.db"), count)


def fill(place: Workspace, count: int) -> None:
    """Add contracts that differ in number, kind, parties, term, amount and state."""
    template = place.templates["crm-outsourcing"]
    outcome = outcome_of(
        draft_contract(template, example_answers(template, place.bank), place.bank, formats=("txt",))
    )
    with place.database.reading() as session:
        ids = [
            session.scalar(sa.text(f"SELECT min(id) FROM {t}_version")) for t in ("template", "vocabulary")
        ]
    common = {
        "template_version_id": ids[0], "vocabulary_version_id": ids[1],
        "manifest": outcome.manifest.to_data(), "stances": dict(outcome.stances), "revision": 1,
    }  # fmt: skip
    kinds = {kind: t.title.zh for kind, t in place.templates.items()}
    made = _contracts(dict(outcome.answers), kinds, common, count)
    for _ in range(0, count, AT_ONCE):
        with place.database.writing() as session:
            _insert(session, [row for _, row in zip(range(AT_ONCE), made, strict=False)])


def _contracts(
    answers: dict[str, Any], kinds: dict[str, str], common: dict[str, Any], count: int
) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)
    start = datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(count):
        kind = chance.choice(list(kinds))
        client = OURS if chance.random() < 0.7 else _company(chance)
        first = date(2020, 1, 1) + timedelta(days=number * 2500 // count)
        changed = answers | {
            "contract_number": f"HT-{first.year}-{number:06}",
            "client": {**answers["client"], "name": client},
            "provider": {**answers["provider"], "name": _company(chance)},
            "service_start_date": first.isoformat(),
            "service_end_date": (first + timedelta(days=chance.choice((364, 729, 1094)))).isoformat(),
            "fee_total": f"{chance.randint(10_000, 5_000_000)}.00",
        }
        yield common | vars_of(changed) | {
            "id": uuid4(), "kind": kind, "title": kinds[kind], "number": changed["contract_number"],
            "answers": changed, "state": "draft" if chance.random() < 0.01 else "final",
            "created_at": start + timedelta(minutes=number * 36),
        }  # fmt: skip


def vars_of(answers: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of answers as column values."""
    facts = facts_of(answers)
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}


def _company(chance: random.Random) -> str:
    name = f"{chance.choice(PLACES)}{chance.choice(WORDS)}{chance.choice(WORDS)}"
    return f"{name}{chance.choice(TRADES)}有限公司"


def _insert(session: Session, made: list[dict[str, Any]]) -> None:
    session.execute(sa.insert(Contract), made)
    entries = [{"contract_id": row["id"], "text": _text(row)} for row in made]
    session.execute(sa.insert(SearchEntry), entries)
    found = dict(
        session.execute(
            sa.select(SearchEntry.contract_id, SearchEntry.id).where(
                SearchEntry.contract_id.in_([row["id"] for row in made])
            )
        ).all()
    )
    postgresql = session.get_bind().dialect.name == "postgresql"
    column, grams = ("id", "to_tsvector('simple', :grams)") if postgresql else ("rowid", ":grams")
    session.execute(
        sa.text(f"INSERT INTO search_gram ({column}, grams) VALUES (:id, {grams})"),
        [
            {"id": found[UUID(str(entry["contract_id"]))] * 1000, "grams": next(gram_rows(entry["text"]))}
            for entry in entries
        ],
    )


def _text(row: dict[str, Any]) -> str:
    return "\n".join((row["number"], row["title"], row["client_name"], row["provider_name"]))


def _measure(folder: Path, url: str, count: int) -> None:
    settings = Settings(home=folder / "home", generated=folder / "generated", database_url=url)
    with workspace(settings) as place:
        fill(place, count)
        sys.stdout.write(json.dumps({"rows": count, "database": place.database.engine.dialect.name}) + "\n")


if __name__ == "__main__":
    main()
