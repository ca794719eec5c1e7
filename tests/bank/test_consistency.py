"""Checks across the bank: one wording for one thing, statutes in force, notes that help."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from clausebank.bank.load import parse_clause
from clausebank.bank.model import Alike, Bilingual, Term
from clausebank.consistency import check_consistency, misnamed
from clausebank.duplicates import alike
from clausebank.findings import Level
from tests.samples import bank, one_article, template

DAY = date(2026, 6, 1)
LONG = "{client}应当在收到合格发票后向{provider}支付已经确认的服务费。"
NEAR = "{client}应当在收到合格的发票后向{provider}支付已经确认的服务费。"
OTHER = "{provider}在每一考核周期结束后提交统计结果和原始记录。"
TERMS = (
    Term("违约金", ("罚款",), ("处罚款项",)),
    Term("终端客户", ("客户",), ("终端客户", "客户数据")),
    Term("应当", ("应",), ("应付", "应方要求")),
)


def of(texts, *, terms=(), alike=()):
    held = bank(texts)
    return replace(held, vocabulary=replace(held.vocabulary, terms=terms, alike=alike))


def found(held, day=DAY):
    return [(finding.rule, finding.clause) for finding in check_consistency(held, {}, day)]


# --- near-duplicates -----------------------------------------------------------------------------


def test_two_clauses_that_say_nearly_the_same_are_reported_at_the_line():
    (finding,) = check_consistency(of({"fees.a": LONG, "fees.b": f"{OTHER}\n\n{NEAR}"}), {}, DAY)
    assert (finding.rule, finding.level, finding.clause) == ("duplicates", Level.WARNING, "fees.a")
    assert "fees.b" in finding.zh
    assert finding.snippet.startswith("方应当在收到")


def test_sentences_are_compared_one_by_one_in_paragraphs_items_and_table_rows():
    row = LONG.removesuffix("。")
    texts = {
        "fees.a": f"前言：\n\n- {OTHER}{LONG}",
        "fees.b": f"::: table\n| 项 | 内容 |\n| -- | -- |\n| 一 | {row} |\n:::",
    }
    pairs = [(one.clause.id, other.clause.id) for one, other, _ in alike(of(texts))]
    assert pairs == [("fees.a", "fees.b")]


@pytest.mark.parametrize(
    "texts",
    [
        {"fees.a": LONG, "fees.b": OTHER},
        {"fees.a": f"{LONG}\n\n{NEAR}"},
        {"fees.a": f"# neutral\n\n{LONG}\n\n# client\n\n{NEAR}"},
        {"fees.a": "适用{@fees.b}的约定。", "fees.b": "适用{@fees.a}的约定。"},
    ],
)
def test_different_sentences_stances_of_one_clause_and_short_pointers_are_no_duplicates(texts):
    assert list(alike(of(texts))) == []


def test_a_stated_reason_settles_a_pair_and_one_nobody_needs_is_reported():
    reason = Alike(frozenset({"fees.a", "fees.b"}), Bilingual("二者择一", "either or"))
    assert found(of({"fees.a": LONG, "fees.b": NEAR}, alike=(reason,))) == []
    assert found(of({"fees.a": LONG, "fees.b": OTHER}, alike=(reason,))) == [("duplicates", "")]


# --- terms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("支付罚款", ["罚款"]),
        ("承担处罚款项", []),
        ("终端客户的客户数据", []),
        ("通知客户，并删除客户数据", ["客户"]),
        ("应当支付应付款项", []),
        ("应方要求更换", []),
        ("应支付罚款", ["罚款", "应"]),
    ],
)
def test_a_thing_is_called_by_its_one_name(text, words):
    assert [word for _, word in misnamed(text, TERMS)] == words


def test_terms_are_checked_in_clauses_captions_tables_and_requirements():
    texts = {
        "fees.a": "## 罚款\n应{client}要求支付。",
        "fees.b": "::: table 表\n| 罚款 |\n| -- |\n| {{fee_total}} |\n:::",
    }
    held = of(texts, terms=TERMS)
    assert found(held) == [("terms", "fees.a"), ("terms", "fees.b")]
    asked = template(
        "parts: [{id: main, title: {zh: 主, en: M}, articles: []}]\n"
        "attachments: [{id: plan, title: {zh: 案, en: P}, requirement: 写明客户名称。}]"
    )
    (finding,) = check_consistency(of({}, terms=TERMS), {"sample": asked}, DAY)
    assert (finding.rule, finding.place) == ("terms", "sample/template.yml:1")
    assert check_consistency(of({}, terms=TERMS), {"sample": one_article("fees.a")}, DAY) == []


# --- notes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notes", "languages"),
    [
        ("", ["zh", "en"]),
        ("notes: {zh: 各立场不同。, en: Stances differ.}\n", ["zh", "en"]),
        ("notes: {zh: 让步顺序：期限、比例。, en: Stances differ.}\n", ["en"]),
        ("notes: {zh: 让步顺序：期限、比例。, en: Give way on time first.}\n", []),
    ],
)
def test_where_stances_differ_the_note_tells_the_order_of_fallback(notes, languages):
    front = f"---\nid: fees.a\ntitle: {{zh: 费, en: F}}\ntopic: fees\n{notes}---\n\n"
    clause, problems = parse_clause(f"{front}# neutral\n\n中。\n\n# client\n\n偏。\n", "fees.a.md")
    assert problems == []
    held = replace(bank({}), clauses={"fees.a": clause})
    findings = check_consistency(held, {}, DAY)
    assert [f.rule for f in findings] == ["notes"] * len(languages)
    assert all(f"（{language}）" in f.zh for f, language in zip(findings, languages, strict=True))


def test_a_clause_with_one_wording_needs_no_note():
    assert found(bank({"fees.a": "一种写法。"})) == []


# --- statutes ------------------------------------------------------------------------------------


def cited(body, front=""):
    text = f"---\nid: fees.a\ntitle: {{zh: 费, en: F}}\ntopic: fees\n{front}---\n\n# neutral\n\n{body}\n"
    clause, problems = parse_clause(text, "fees.a.md")
    assert problems == []
    return replace(bank({}), clauses={"fees.a": clause})


@pytest.mark.parametrize(
    ("body", "front", "day", "words"),
    [
        ("依据《中华人民共和国合同法》办理。", "", DAY, "已失效：2021-01-01"),
        ("依据《中华人民共和国合同法》办理。", "", date(2020, 6, 1), ""),
        ("依据《民法典》第五百零六条办理。", "", DAY, ""),
        ("依据《民法典》第506条办理。", "", date(2020, 12, 31), "自2021-01-01起施行"),
        ("依据《民法典》第一千二百六十一条办理。", "", DAY, "没有第一千二百六十一条"),
        ("依据《火星管理条例》办理。", "", DAY, "没有《火星管理条例》"),
        ("附件《服务方案》和《客户档案表》。", "", DAY, ""),
        ("文", "basis: [合同法 107]\n", DAY, "已失效"),
        ("文", "basis: [合同法 107]\n", date(2020, 6, 1), ""),
        ("文", "basis: [民法典 506]\n", date(2020, 6, 1), "起施行"),
    ],
)
def test_statutes_are_checked_against_the_day(body, front, day, words):
    findings = check_consistency(cited(body, front), {}, day)
    assert [f.rule for f in findings] == (["statutes"] if words else [])
    assert all(words in f.zh and f.level is Level.ERROR for f in findings)
