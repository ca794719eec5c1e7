"""``make scale``: many stored contracts on SQLite and PostgreSQL; register, search and impact timed among them.

The contracts are rows alone, put in by the thousand: real answers of every kind and stance but for the
lists, real clause versions, no files and no manifest, which no query here reads. What goes beyond
COPIED on PostgreSQL are copies with numbers and days of their own, made by the database itself.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from clausebank.assembly.select import Stances
from clausebank.bank.model import BlankType
from clausebank.document import Stance
from clausebank.register import Order, Sorting, Wanted
from clausebank.storage.compositions import composition_of
from clausebank.storage.contracts import _version_ids
from clausebank.storage.database import Database, open_database, sqlite_url
from clausebank.storage.impact import Impact, contracts_by_version, impact_of
from clausebank.storage.models import ClauseVersion, Contract, SearchEntry, TemplateVersion, VocabularyVersion
from clausebank.storage.prepare import prepare
from clausebank.storage.register import Page, count_contracts, page_of
from clausebank.storage.review import State, present_state
from clausebank.storage.search import INSERT, Filters, Hits, What, gram_rows, search
from schemas import example_answers
from tests.postgres import running_server
from webapp.drafting import draft_contract
from webapp.settings import Settings
from webapp.workspace import Workspace, workspace

SWITCHES = ("third_party", "personal_data")
AT_ONCE = 1000
COPIED = 50_000
TURNS = 7
SLOW = 5
"""From this many milliseconds on, a statement's plan is printed."""
OUT = Path("generated/scale.json")


@dataclass(frozen=True)
class Model:
    """A contract that rows are copied from."""

    kind: str
    title: str
    answers: dict[str, Any]
    stances: dict[str, Any]
    template_id: int
    vocabulary_id: int
    composition_id: int


def main() -> None:
    """Fill each database, time the questions, print a table, write JSON; nothing is left behind."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--contracts", type=int, default=100_000)
    asked.add_argument("--database", choices=("sqlite", "postgresql"))
    asked.add_argument("--plans", action="store_true", help="print how the database finds the answers")
    given = asked.parse_args()
    found: dict[str, Any] = {"contracts": given.contracts, "load_before": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory(prefix="clausebank-scale-") as folder:
        for name in [given.database] if given.database else ["sqlite", "postgresql"]:
            with _database(name, Path(folder)) as database:
                found[name] = _measure(database, Path(folder), given.contracts, plans=given.plans)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(_table(found)) + "\n")


@contextmanager
def _database(name: str, folder: Path) -> Iterator[Database]:
    if name == "sqlite":
        database = open_database(sqlite_url(folder / "scale.db"))
        yield database
        database.close()
        return
    with running_server() as new_database:
        database = open_database(new_database())
        yield database
        database.close()


def _measure(database: Database, folder: Path, count: int, *, plans: bool) -> dict[str, Any]:
    start = perf_counter()
    prepare(database)
    with database.writing() as session:
        models = list(_models(session, folder))
    fill(database, models, count)
    filled = perf_counter() - start
    with database.reading() as session:
        questions = dict(_register_questions(session)) | dict(_questions(session, present_state(session)))
        times = {name: _timed(session, ask) for name, ask in questions.items()}
        if plans:
            _print_plans(session, questions)
    return {"compositions": len({model.composition_id for model in models}), "filled_s": filled, "ms": times}


# --- filling -------------------------------------------------------------------------------------


def _models(session: Session, folder: Path) -> Iterator[Model]:
    """Yield a contract of each kind, stance and choice of optional parts."""
    with workspace(Settings(home=folder / "home", generated=folder / "generated")) as place:
        for kind, stance, *switched in itertools.product(
            place.templates, Stance, *[(True, False)] * len(SWITCHES)
        ):
            yield _model(session, place, kind, stance, dict(zip(SWITCHES, switched, strict=True)))


def _model(session: Session, place: Workspace, kind: str, stance: Stance, switches: dict[str, bool]) -> Model:
    template, stances = place.templates[kind], Stances(stance)
    raw = example_answers(template, place.bank, stances)
    raw |= {name: value for name, value in switches.items() if name in raw}
    draft = draft_contract(template, raw, place.bank, stances, formats=())
    blanks = place.bank.vocabulary.blanks
    short = {n: v for n, v in draft.answers.items() if blanks[n].type is not BlankType.LIST}
    return Model(
        kind,
        draft.document.title,
        short,
        {"default": stance.value, "by_topic": {}},
        session.scalars(sa.select(TemplateVersion.id).where(TemplateVersion.kind == kind)).one(),
        session.scalars(sa.select(VocabularyVersion.id)).one(),
        composition_of(session, _version_ids(session, draft.manifest)) or 0,
    )


def fill(database: Database, models: list[Model], count: int) -> None:
    """Store contracts like the models, every one with parties, number and days of its own."""
    chance = Random(1)
    with database.reading() as session:
        first = (session.scalar(sa.select(sa.func.max(SearchEntry.id))) or 0) + 1
    written = min(count, COPIED) if database.engine.dialect.name == "postgresql" else count
    for start in range(0, written, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, written))
        contracts = [_contract(models[chance.randrange(len(models))], number, chance) for number in numbers]
        entries = [_entry(first + n, contract) for n, contract in zip(numbers, contracts, strict=True)]
        with database.writing() as session:
            session.execute(sa.insert(Contract), contracts)
            session.execute(sa.insert(SearchEntry), entries)
            _insert_grams(session, entries)
    if count > written:
        _copy(database, first, written, count)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            sa.text("VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "ANALYZE")
        )


def _copy(database: Database, first: int, written: int, count: int) -> None:
    """Copy the contracts written so far until there are as many as asked for; the index is made at the end."""
    with database.engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL maintenance_work_mem = '2GB'"))
        connection.execute(sa.text("DROP INDEX search_gram_grams"))
        for start in range(written, count, written):
            last = first + min(written, count - start)
            given = {"by": start, "days": start // written, "first": first, "last": last}
            for statement in COPIES:
                connection.execute(sa.text(statement), given)
        connection.execute(sa.text("CREATE INDEX search_gram_grams ON search_gram USING gin (grams)"))


PIECES = "ARRAY(SELECT substr({0}, place, 8) FROM generate_series(1, length({0})) place)"
COPY_ID = "md5(c.number || CAST(:by AS text))::uuid"
COPY_NUMBER = "'HT-' || lpad((substr(c.number, 4)::int + :by)::text, 7, '0')"
ORIGINALS = "contract c JOIN search_entry e ON e.contract_id = c.id WHERE e.id >= :first AND e.id < :last"
COPIES = (
    f"""INSERT INTO contract (id, kind, title, number, template_version_id, vocabulary_version_id, answers,
        stances, manifest, state, approval, created_at, client_name, provider_name, starts_on, ends_on, amount,
        composition_id, revision)
    SELECT {COPY_ID}, kind, title, {COPY_NUMBER}, template_version_id, vocabulary_version_id,
        replace(answers::text, number, {COPY_NUMBER})::json, stances, manifest, state, approval,
        created_at + make_interval(days => :days, mins => :days), client_name, provider_name, starts_on + :days,
        ends_on + :days, amount + :by, composition_id, revision
    FROM {ORIGINALS}""",
    f"""INSERT INTO search_entry (id, contract_id, text)
    SELECT e.id + :by, {COPY_ID}, replace(e.text, c.number, {COPY_NUMBER}) FROM {ORIGINALS}""",
    f"""INSERT INTO search_gram (id, grams)
    SELECT g.id + :by * 1000::bigint, ts_delete(g.grams, {PIECES.format("lower(c.number)")})
        || array_to_tsvector({PIECES.format(f"lower({COPY_NUMBER})")})
    FROM {ORIGINALS.replace(" WHERE", " JOIN search_gram g ON g.id / 1000 = e.id WHERE")}""",
)


def _contract(model: Model, number: int, chance: Random) -> dict[str, Any]:
    client, provider = f"第{number % 5000}号零售有限公司", f"华东{number % 700}服务有限公司"
    day = datetime(2021, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(2_600_000))
    answers = {
        **model.answers,
        "contract_number": f"HT-{number:07d}",
        "client": {**model.answers["client"], "name": client},
        "provider": {**model.answers["provider"], "name": provider},
    }
    return {
        "id": UUID(int=chance.getrandbits(128)), "kind": model.kind, "title": model.title,
        "number": answers["contract_number"], "template_version_id": model.template_id,
        "vocabulary_version_id": model.vocabulary_id, "answers": answers, "stances": model.stances,
        "manifest": {}, "state": "final", "created_at": day, "client_name": client, "provider_name": provider,
        "starts_on": day.date(), "ends_on": day.date() + timedelta(days=365), "amount": number * 100,
        "composition_id": model.composition_id, "revision": 1,
    }  # fmt: skip


def _entry(id_: int, contract: dict[str, Any]) -> dict[str, Any]:
    companies = (value for name in ("client", "provider") for value in contract["answers"][name].values())
    plain = (value for value in contract["answers"].values() if isinstance(value, str))
    lines = (contract["number"], contract["title"], *(v for v in companies if isinstance(v, str)), *plain)
    return {"id": id_, "contract_id": contract["id"], "text": "\n".join(lines)}


def _insert_grams(session: Session, entries: list[dict[str, Any]]) -> None:
    database = session.get_bind().dialect.name
    found = [row for entry in entries for row in gram_rows(entry["id"], entry["text"], database)]
    session.execute(sa.text(INSERT[database]), found)


# --- asking --------------------------------------------------------------------------------------


def _questions(session: Session, texts: State) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield what is asked, by name, with a function that asks it."""

    def contracts(words: str, filters: Filters | None = None) -> Callable[[], Any]:
        return lambda: search(session, words, What.CONTRACT, filters)

    version = session.scalars(
        sa.select(ClauseVersion.id).where(ClauseVersion.clause_id == "liability.cap")
    ).all()
    year = Filters(since=datetime(2024, 1, 1, tzinfo=UTC), until=datetime(2025, 1, 1, tzinfo=UTC))
    yield "contracts: a number", contracts("HT-0000042")
    yield "contracts: one party", contracts("第42号零售")
    yield "contracts: a word of all parties", contracts("有限公司")
    yield "contracts: a word of some clauses", contracts("仲裁")
    yield "contracts: a word of all clauses", contracts("违约金")
    yield "contracts: a single character", contracts("税")
    yield "contracts: a party and a clause word", contracts("第42号零售 违约金")
    yield "contracts: topic and stance", contracts("", Filters(topic="liability", stance="client"))
    yield (
        "contracts: kind and year",
        contracts("", Filters("", "", "", "crm-outsourcing", year.since, year.until)),
    )
    yield (
        "contracts: word, kind and year",
        contracts("违约", Filters("", "", "", "crm-outsourcing", year.since, year.until)),
    )
    yield "contracts: all", contracts("")
    yield "clauses: a word", lambda: search(session, "违约金")
    yield (
        "clauses: filters",
        lambda: search(session, "", filters=Filters(topic="liability", status="current")),
    )
    yield (
        "impact: a neutral version",
        lambda: impact_of(session, "liability.cap@neutral:1", texts.bank, texts.templates),
    )
    yield (
        "impact: a version all hold",
        lambda: impact_of(session, "general.law@neutral:1", texts.bank, texts.templates),
    )
    yield (
        "impact: a template",
        lambda: impact_of(session, "template/crm-outsourcing:1", texts.bank, texts.templates),
    )
    yield "impact: the vocabulary", lambda: impact_of(session, "vocabulary:1", texts.bank, texts.templates)
    yield "impact: a blank", lambda: impact_of(session, "liability_cap_percent", texts.bank, texts.templates)
    yield (
        "impact: a blank of the frame",
        lambda: impact_of(session, "contract_number", texts.bank, texts.templates),
    )
    yield "impact: contracts by version", lambda: contracts_by_version(session, version)


def _register_questions(session: Session) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield what the page of the register asks: a page of contracts, and how many there are."""

    def page(wanted: Wanted, order: Order = Order.MADE, *, descending: bool = True) -> Callable[[], Any]:
        return lambda: page_of(session, wanted, Sorting(order, descending))

    soon = Wanted(ends_from=date(2024, 6, 1), ends_until=date(2024, 6, 30))
    yield "register: the newest", page(Wanted())
    yield "register: the largest amounts", page(Wanted(), Order.AMOUNT)
    yield "register: by client", page(Wanted(), Order.CLIENT, descending=False)
    yield "register: a kind, by end", page(Wanted(kind="support-annual"), Order.ENDS, descending=False)
    yield "register: ending within 30 days", page(soon, Order.ENDS, descending=False)
    yield "register: how many end within 30 days", lambda: count_contracts(session, soon)
    yield "register: how many in all", lambda: count_contracts(session, Wanted())
    yield "register: a number", page(Wanted(words="HT-0000042"))
    yield "register: a party", page(Wanted(party="第42号零售"))
    yield "register: a party that is often there", page(Wanted(party="华东42服务"))
    yield "register: a word all contracts hold", page(Wanted(words="有限公司"))
    yield "register: two words", page(Wanted(words="零售 上海"))
    yield "register: a single character", page(Wanted(words="税"))
    yield "register: far down", lambda: page_of(session, Wanted(), Sorting(), after=_far_down(session))


def _far_down(session: Session) -> UUID:
    """Return a contract in the middle of the register."""
    middle = sa.select(Contract.id).where(Contract.created_at < datetime(2023, 6, 1, tzinfo=UTC))
    return session.scalars(middle.order_by(Contract.created_at.desc()).limit(1)).one()


def _timed(session: Session, ask: Callable[[], Any]) -> dict[str, Any]:
    """Return the first, median and best milliseconds of a question, and how many hits it has."""
    taken, work = [], []
    for _ in range(TURNS):
        session.expunge_all()
        start, used = perf_counter(), process_time()
        answer = ask()
        taken.append((perf_counter() - start) * 1000)
        work.append((process_time() - used) * 1000)
    return {
        "first": taken[0], "median": median(taken), "best": min(taken), "processor": median(work),
        "hits": _how_many(answer),
    }  # fmt: skip


def _how_many(answer: Any) -> str:
    match answer:
        case None:
            return "not counted"
        case dict():
            return str(sum(answer.values()))
        case Page():
            return f"{len(answer.contracts)}{'+' * answer.more_after}"
        case Hits():
            return f"{answer.total}{'+' * answer.more}"
        case Impact():
            return str(answer.total)
    return str(answer)


def _print_plans(session: Session, questions: dict[str, Callable[[], Any]]) -> None:
    """Print how the database goes about the slow statements of each question."""
    engine = session.get_bind()
    explain = (
        "EXPLAIN (ANALYZE, COSTS OFF) " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    )
    for name, ask in questions.items():
        for statement, parameters, ms in _statements(engine, ask):
            if ms > SLOW:
                sys.stdout.write(f"\n## {name}: {ms:.1f} ms\n{statement}\n")
                plan = session.connection().exec_driver_sql(explain + statement, parameters)
                sys.stdout.write("\n".join(str(row[-1]) for row in plan) + "\n")


def _statements(engine: Any, ask: Callable[[], Any]) -> list[tuple[str, Any, float]]:
    """Return the statements a question sends, with their parameters and milliseconds."""
    seen: list[tuple[str, Any, float]] = []

    def before(_c: Any, _cursor: Any, _s: Any, _p: Any, context: Any, _m: Any) -> None:
        context.began = perf_counter()

    def after(_c: Any, _cursor: Any, statement: str, parameters: Any, context: Any, _m: Any) -> None:
        seen.append((statement, parameters, (perf_counter() - context.began) * 1000))

    hooks = (("before_cursor_execute", before), ("after_cursor_execute", after))
    for event, hook in hooks:
        sa.event.listen(engine, event, hook)
    ask()
    for event, hook in hooks:
        sa.event.remove(engine, event, hook)
    return seen


def _table(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['contracts']} contracts"
    for name in ("sqlite", "postgresql"):
        if name not in found:
            continue
        held = found[name]
        yield f"\n{name}: filled in {held['filled_s']:.0f} s, {held['compositions']} compositions\n"
        yield "| question | hits | median ms | best ms | first ms | processor ms |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for question, row in held["ms"].items():
            yield (
                f"| {question} | {row['hits']} | {row['median']:.1f} | {row['best']:.1f} | {row['first']:.1f}"
                f" | {row['processor']:.1f} |"
            )


if __name__ == "__main__":
    main()
