"""The register finds, sorts and pages exactly as a plain look at every contract would."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import text

from clausebank.register import Order, Sorting, Wanted
from clausebank.storage.bank import load_shipped
from clausebank.storage.database import open_database, sqlite_url
from clausebank.storage.grams import normal
from clausebank.storage.library import read_library
from clausebank.storage.migrate import upgrade
from clausebank.storage.models import Contract
from clausebank.storage.register import count_contracts, every_contract, page_of
from clausebank.storage.search import index_contract
from tests.storage.libraries import small_library

START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = (
    "上海云岚商贸有限公司",
    "杭州青禾（集团）客服有限公司",
    "ABC 信息技术有限公司",
    "华南(广州)物流有限公司",
)
NUMBER = 60
ALL = 10_000


def contracts(template: int, vocabulary: int) -> list[Contract]:
    chance = random.Random(3)
    return [
        Contract(
            kind=chance.choice(("one", "two")), title=f"合同{chance.choice('甲乙丙')}", number=f"HT-{n % 20:03}",
            template_version_id=template, vocabulary_version_id=vocabulary, stances={}, manifest={},
            answers={"note": chance.choice(("保密到底", "按月付款", "SLA九成"))},
            state=chance.choice(("draft", "final", "final")), created_at=START + timedelta(hours=n // 3),
            client_name=chance.choice(NAMES), provider_name=chance.choice(NAMES),
            starts_on=chance.choice((None, date(2026, 1, 1), date(2026, 7, 1))),
            ends_on=chance.choice((None, date(2026, 12, 31), date(2027, 6, 30), date(2027, 12, 31))),
            amount=chance.choice((None, 0, 100_00, 480_000_00)),
        )
        for n in range(NUMBER)
    ]  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request, tmp_path_factory):
    """A database with contracts, the same for all questions."""
    folder = tmp_path_factory.mktemp("register")
    sqlite = request.param == "sqlite"
    database = open_database(
        sqlite_url(folder / "test.db") if sqlite else request.getfixturevalue("postgres_server")()
    )
    upgrade(database)
    with database.writing() as session:
        load_shipped(session, read_library(small_library(folder / "shipped")))
        tables = ("template", "vocabulary")
        for contract in contracts(*(session.scalar(text(f"SELECT id FROM {t}_version")) for t in tables)):
            parties = {"client": contract.client_name, "provider": contract.provider_name}
            contract.answers = {**contract.answers, **parties}
            session.add(contract)
            session.flush()
            index_contract(session, contract)
    yield database
    database.close()


def everything(database) -> list[Contract]:
    with database.reading() as session:
        return list(session.query(Contract))


def in_order(found: list[Contract], order: Order, *, descending: bool) -> list[Contract]:
    """Sort as the register promises: those without a value last, equal ones by id."""
    full = [contract for contract in found if getattr(contract, order) is not None]
    rest = [contract for contract in found if getattr(contract, order) is None]
    full.sort(key=lambda contract: (getattr(contract, order), contract.id.hex), reverse=descending)
    rest.sort(key=lambda contract: contract.id.hex, reverse=descending)
    return full + rest


@pytest.mark.parametrize(("order", "descending"), list(product(Order, (False, True))))
def test_pages_forwards_and_backwards_make_up_the_sorted_whole(filled, order, descending):
    expected = [c.id for c in in_order(everything(filled), order, descending=descending)]
    sorting, forwards, backwards = Sorting(order, descending), [], []
    with filled.reading() as session:
        page = page_of(session, Wanted(), sorting, limit=7)
        assert not page.more_before
        forwards += page.contracts
        while page.more_after:
            page = page_of(session, Wanted(), sorting, after=page.contracts[-1].id, limit=7)
            assert page.more_before
            forwards += page.contracts
        last = page_of(session, Wanted(), sorting, before=forwards[-1].id, limit=7)
        backwards = [*last.contracts, forwards[-1]]
        while last.more_before:
            last = page_of(session, Wanted(), sorting, before=last.contracts[0].id, limit=7)
            backwards = [*last.contracts, *backwards]
        whole = [contract.id for contract in every_contract(session, Wanted(), sorting)]

    assert [c.id for c in forwards] == [c.id for c in backwards] == whole == expected


def holds(contract: Contract, words: str) -> bool:
    lines = (contract.number, contract.title, *contract.answers.values())
    return all(any(word in normal(line) for line in lines) for word in normal(words).split())


def names(contract: Contract, words: str) -> bool:
    found = normal(contract.client_name), normal(contract.provider_name)
    return all(any(word in name for name in found) for word in normal(words).split())


QUESTIONS = {
    "nothing": (Wanted(), lambda _: True),
    "kind": (Wanted(kind="two"), lambda c: c.kind == "two"),
    "state": (Wanted(state="draft"), lambda c: c.state == "draft"),
    "made": (
        Wanted(made_since=START + timedelta(hours=5), made_before=START + timedelta(hours=9)),
        lambda c: START + timedelta(hours=5) <= c.created_at < START + timedelta(hours=9),
    ),
    "starts": (
        Wanted(starts_from=date(2026, 1, 1), starts_until=date(2026, 1, 1)),
        lambda c: c.starts_on == date(2026, 1, 1),
    ),
    "ends": (
        Wanted(ends_from=date(2026, 12, 31), ends_until=date(2027, 6, 30)),
        lambda c: c.ends_on in {date(2026, 12, 31), date(2027, 6, 30)},
    ),
    "free of charge": (Wanted(most=0), lambda c: c.amount == 0),
    "amount": (Wanted(least=100_00, most=480_000_00), lambda c: c.amount in {100_00, 480_000_00}),
    "number": (Wanted(words="ht-007"), lambda c: c.number == "HT-007"),
    "words": (Wanted(words="保密 合同甲"), lambda c: holds(c, "保密 合同甲")),
    "wide letters": (Wanted(words="ＳＬＡ"), lambda c: holds(c, "sla")),
    "one character": (Wanted(words="岚"), lambda c: holds(c, "岚")),
    "words nowhere": (Wanted(words="没有这个词"), lambda _: False),
    "party": (Wanted(party="abc"), lambda c: names(c, "abc")),
    "party with brackets": (Wanted(party="(集团)"), lambda c: names(c, "(集团)")),
    "party with wide brackets": (Wanted(party="华南（广州）"), lambda c: names(c, "华南(广州)")),
    "party, not what was filled in": (Wanted(party="保密"), lambda _: False),
    "a sign of the language": (Wanted(party="%"), lambda _: False),
    "all at once": (
        Wanted(words="合同", party="有限公司", kind="one", state="final", least=0),
        lambda c: c.kind == "one" and c.state == "final" and c.amount is not None,
    ),
}


@pytest.mark.parametrize(
    ("common", "often"),
    [(1000, 25), (2, 1000), (2, 1)],
    ids=["words are rare", "words are common", "a sample tells which are common"],
)
@pytest.mark.parametrize("question", QUESTIONS)
def test_it_finds_what_a_look_at_every_contract_finds(filled, question, common, often, monkeypatch):
    monkeypatch.setattr("clausebank.storage.search.RARE", common)
    monkeypatch.setattr("clausebank.storage.search.OFTEN", often)
    wanted, is_wanted = QUESTIONS[question]
    expected = [c for c in in_order(everything(filled), Order.ENDS, descending=False) if is_wanted(c)]
    with filled.reading() as session:
        found = page_of(session, wanted, Sorting(Order.ENDS, descending=False), limit=ALL).contracts
        number = count_contracts(session, wanted)

    assert [c.id for c in found] == [c.id for c in expected]
    assert number == len(expected) or (number is None and common == 2)
    assert bool(expected) == (
        question not in {"words nowhere", "party, not what was filled in", "a sign of the language"}
    )


def test_common_words_are_not_counted_out(filled, monkeypatch):
    monkeypatch.setattr("clausebank.storage.search.RARE", 2)
    with filled.reading() as session:
        assert count_contracts(session, Wanted(words="合同")) is None
        assert count_contracts(session, Wanted()) == NUMBER


def test_a_page_reads_no_answers(filled):
    with filled.reading() as session:
        page = page_of(session, Wanted(), Sorting(), limit=5)
    assert all("answers" not in contract.__dict__ for contract in page.contracts)


def test_a_cut_at_a_contract_that_is_not_there_is_the_first_page(filled):
    with filled.reading() as session:
        first = page_of(session, Wanted(), Sorting(), limit=5)
        assert page_of(session, Wanted(), Sorting(), after=uuid4(), limit=5) == first
