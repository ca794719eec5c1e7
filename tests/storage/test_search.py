from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from clausebank.storage.bank import load_shipped
from clausebank.storage.columns import now
from clausebank.storage.compositions import composition_of
from clausebank.storage.grams import normal, words
from clausebank.storage.library import read_library
from clausebank.storage.lifecycle import save_draft, start_draft
from clausebank.storage.migrate import downgrade, upgrade
from clausebank.storage.models import ClauseVersion, Contract, SearchEntry
from clausebank.storage.search import Filters, What, index_contract, index_contracts, search, snippet
from clausebank.storage.versions import clause_series, name_of
from tests.storage.libraries import FEES, TERM, small_library

WORDS = (
    "违约", "保密", "违约金", "服务费", "费", "约", "金", "包干价", "SLA", "sla", "ＳＬＡ", "99.9%", "S",
    "2026年3月1日", "“服务", "，为", "委托方", "服务方支付", "无此词语", "fees.total", "Fees", "🙂", "金%", "a_b",
)  # fmt: skip


@pytest.fixture
def loaded(database, tmp_path):
    fees = FEES.replace("服务费总额", "违约金不计入服务费总额").replace(
        "为包干价。", "为包干价。\n\n保密义务见SLA（99.9%），自2026年3月1日起。"
    )
    term = TERM.replace("生效。", "生效。违约\n\n金额以“服务”为准🙂。约定a_b。")
    library = small_library(tmp_path / "shipped", fees__total=fees, term__duration=term)
    with database.writing() as session:
        load_shipped(session, read_library(library))
    return database


def names(database, query: str, what: What = What.CLAUSE, **filters) -> list[str]:
    with database.reading() as session:
        found = search(session, query, what, Filters(**filters))
    assert (found.total, found.more) == (len(found.hits), False)
    return [hit.name for hit in found.hits]


def test_words_are_found_again_after_the_index_was_made_anew(loaded):
    before = [names(loaded, word) for word in WORDS]

    downgrade(loaded, "0013")
    upgrade(loaded)

    assert [names(loaded, word) for word in WORDS] == before


LONG = ("客户关系管理外包服务合同终止协议", "HT-2026-0001-ABC", "Straße-in-Köln", "'quoted':\\path\\&|!")


@pytest.mark.parametrize("word", LONG)
def test_long_words_and_odd_ones_are_found_exactly(loaded, word):
    held = add_contract(loaded, "HT-1", note=f"见{word}。")
    add_contract(loaded, "HT-2", note=f"见{word[8:]}{word[:8]}。")

    assert names(loaded, word, What.CONTRACT) == [held]


def test_of_many_contracts_no_more_are_counted_than_asked_for(loaded, monkeypatch):
    monkeypatch.setattr("clausebank.storage.search.MOST", 3)
    monkeypatch.setattr("clausebank.storage.search.RARE", 2)
    for number in range(5):
        add_contract(loaded, f"HT-{number}", signing_place="上海" if number else "杭州")

    with loaded.reading() as session:
        common = search(session, "上海", What.CONTRACT, limit=2)
        rare = search(session, "杭州", What.CONTRACT)

    assert (common.total, common.more, len(common.hits)) == (3, True, 2)
    assert (rare.total, rare.more) == (1, False)


def add_contract(database, number: str, holds: tuple[str, ...] = (), **answers) -> str:
    with database.writing() as session:
        template = session.scalar(text("SELECT id FROM template_version"))
        vocabulary = session.scalar(text("SELECT id FROM vocabulary_version"))
        versions = session.scalars(select(ClauseVersion.id).where(ClauseVersion.clause_id.in_(holds)))
        contract = Contract(
            kind="small", title="小合同", number=number, template_version_id=template,
            vocabulary_version_id=vocabulary, answers=answers, stances={}, manifest={}, state="final",
            composition_id=composition_of(session, versions.all()),
        )  # fmt: skip
        session.add(contract)
        session.flush()
        index_contract(session, contract)
        return str(contract.id)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_found_exactly_where_it_stands(loaded, word):
    """The oracle looks into every line of every indexed text."""
    query = select(SearchEntry.text, ClauseVersion).join(
        ClauseVersion, SearchEntry.clause_version_id == ClauseVersion.id
    )
    with loaded.reading() as session:
        expected = {
            name_of(version)
            for entry, version in session.execute(query)
            if any(normal(word) in line for line in normal(entry).splitlines())
        }

    assert set(names(loaded, word)) == expected


def test_the_words_are_tried_on_texts_that_hold_them(loaded):
    found = [word for word in WORDS if names(loaded, word)]

    assert len(found) > len(WORDS) - 4
    assert not names(loaded, "无此词语")


def test_a_word_is_not_found_over_the_end_of_a_paragraph(loaded):
    assert names(loaded, "违约金额") == []
    assert names(loaded, "违约金") == ["fees.total@client:1"]


def test_every_word_of_a_query_has_to_stand_in_the_text(loaded):
    assert names(loaded, "保密 包干价") == ["fees.total@client:1"]
    assert names(loaded, "保密 签署") == []


@pytest.mark.parametrize(
    "query", ['"', "'", "*", "违约*", "a OR b", "NOT 违约", "<->", "(", "\\", "%", ":w0", "&|!"]
)
def test_signs_of_a_query_language_are_plain_characters(loaded, query):
    assert isinstance(names(loaded, query), list)
    assert names(loaded, "违约*") == []


def test_without_words_the_filters_decide(loaded):
    assert len(names(loaded, "")) == 3
    assert names(loaded, " ", topic="term") == ["term.duration@neutral:1"]


def test_filters_narrow_by_topic_stance_status_kind_and_date(loaded):
    with loaded.writing() as session:
        start_draft(session, clause_series("fees.total", "client"), "王律师", text="保密草稿{{fee_total}}。")
    both = ["fees.total@client:2", "fees.total@client:1"]

    assert names(loaded, "保密") == both
    assert names(loaded, "保密", status="draft") == both[:1]
    assert names(loaded, "保密", status="approved") == both[1:]
    assert names(loaded, "保密", status="current") == both[1:]
    assert names(loaded, "保密", topic="term") == []
    assert names(loaded, "保密", stance="neutral") == []
    assert names(loaded, "保密", stance="client", kind="small") == both
    assert names(loaded, "保密", kind="other") == []
    assert names(loaded, "保密", since=now() - timedelta(hours=1), until=now() + timedelta(hours=1)) == both
    assert names(loaded, "保密", since=now() + timedelta(hours=1)) == []
    assert names(loaded, "保密", until=now() - timedelta(hours=1)) == []


def test_only_the_newest_approved_version_is_current(loaded, tmp_path):
    newer = small_library(tmp_path / "newer", term__duration=TERM.replace("签署", "盖章"))
    with loaded.writing() as session:
        load_shipped(session, read_library(newer))

    assert names(loaded, "本合同", status="current") == ["term.duration@neutral:2"]
    assert names(loaded, "本合同", status="approved") == [
        "term.duration@neutral:2",
        "term.duration@neutral:1",
    ]


def test_a_saved_draft_is_found_by_its_new_text_only(loaded):
    with loaded.writing() as session:
        name = name_of(
            start_draft(session, clause_series("fees.total", "client"), "王", text="竞业{{fee_total}}。")
        )
        save_draft(session, name, "王", 1, "禁令{{fee_total}}。")

    assert names(loaded, "竞业") == []
    assert names(loaded, "禁令") == [name]
    with loaded.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM search_gram")) == session.scalar(
            select(func.count()).select_from(SearchEntry)
        )


def test_contracts_are_found_by_their_facts_and_by_the_clauses_they_hold(loaded):
    first = add_contract(
        loaded, "HT-001", ("fees.total",), client={"name": "华东商贸有限公司"}, rows=[{"a": "驻场"}]
    )
    second = add_contract(loaded, "HT-002", ("term.duration",), client={"name": "华南商贸有限公司"})

    assert names(loaded, "华东", What.CONTRACT) == [first]
    assert names(loaded, "驻场", What.CONTRACT) == [first]
    assert names(loaded, "ht-002", What.CONTRACT) == [second]
    assert set(names(loaded, "商贸", What.CONTRACT)) == {first, second}
    assert names(loaded, "保密", What.CONTRACT) == [first]
    assert names(loaded, "华南 签署", What.CONTRACT) == [second]
    assert names(loaded, "华南 保密", What.CONTRACT) == []
    assert names(loaded, "商贸", What.CONTRACT, topic="term") == [second]
    assert names(loaded, "商贸", What.CONTRACT, kind="other") == []
    assert set(names(loaded, "", What.CONTRACT, kind="small")) == {first, second}
    assert names(loaded, "商贸", What.CONTRACT, since=now() + timedelta(hours=1)) == []


def test_a_long_text_is_found_to_its_end(loaded):
    long = "".join(chr(0x4E00 + i % 9000) for i in range(40_000))
    contract = add_contract(loaded, "HT-003", text=f"{long}保密到底")

    for word in ("保密到底", long[15_990:16_010], long[7_990:8_010], long[31_900:31_990]):
        assert names(loaded, word, What.CONTRACT) == [contract]


def test_contracts_made_before_there_was_an_index_are_indexed(loaded):
    add_contract(loaded, "HT-004")
    with loaded.writing() as session:
        session.execute(text("DELETE FROM search_entry WHERE contract_id IS NOT NULL"))
    assert names(loaded, "HT-004", What.CONTRACT) == []
    with loaded.writing() as session:
        index_contracts(session)

    assert len(names(loaded, "HT-004", What.CONTRACT)) == 1


def test_hits_come_in_pages_with_their_total(loaded):
    with loaded.reading() as session:
        found = [search(session, "", offset=at, limit=2) for at in (0, 2, 4)]

    assert [page.total for page in found] == [3, 3, 3]
    assert [len(page.hits) for page in found] == [2, 1, 0]


def test_a_hit_shows_the_text_around_the_word(loaded):
    with loaded.reading() as session:
        hit = search(session, "SLA").hits[0]

    assert "保密义务见SLA（99.9%）" in hit.snippet
    assert snippet("一" * 50 + "ＳＬＡ" + "二" * 50, words("sla")) == f"…{'一' * 24}ＳＬＡ{'二' * 24}…"
    assert snippet("无", words("sla")) == ""
