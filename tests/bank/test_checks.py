"""Checks on the bank and on templates: each finds its problem at the clause and line."""

from __future__ import annotations

from datetime import date

import pytest

from clausebank.assembly.select import stances_differ
from clausebank.bank.load import load_bank, parse_clause, write_clause
from clausebank.checks import check_bank, check_template, unused_blanks
from clausebank.consistency import check_consistency
from clausebank.errors import BankError
from clausebank.storage.bank import clause_head, make_clause
from clausebank.templates import load_templates, parse_template
from tests.samples import bank, one_article

FRONT = "---\nid: fees.late\ntitle: {zh: 逾期, en: Late}\ntopic: fees\n"


def clause_bank(body, front=""):
    clause, findings = parse_clause(f"{FRONT}{front}---\n\n# neutral\n\n{body}\n", "fees.late.md")
    assert findings == []
    held = bank({"data.duty": "**“数据”**指数据。 {#one}"})
    return type(held)({**held.clauses, "fees.late": clause}, held.vocabulary)


@pytest.mark.parametrize(
    ("body", "front", "rule", "words"),
    [
        ("{{rate}}", "", "blanks", "未列入 blanks"),
        ("文", "blanks: {rate: }\n", "blanks", "未使用"),
        ("{{nothing}}", "blanks: {nothing: }\n", "blanks", "词汇表中没有"),
        ("{{client.age}}", "blanks: {client: }\n", "paths", "client.age"),
        ("{{rate|in_words}}", "blanks: {rate: }\n", "paths", "没有写法"),
        ("{{third_party}}", "blanks: {third_party: }\n", "paths", "不能直接写入"),
        ("{? method = duel} 文", "blanks: {method: }\n", "conditions", "method = duel"),
        ("{? method > court} 文", "blanks: {method: }\n", "conditions", "method > court"),
        ("**“数据”**再定义", "", "definitions", "多处定义"),
        ("[[没有的词]]", "", "definitions", "没有定义"),
        ("见{@data.gone}", "", "references", "data.gone"),
        ("见{@data.duty#two}", "", "references", "data.duty#two"),
        ("由甲方承担", "", "label-words", "甲方"),
        ("服务费,含税", "", "punctuation", "半角"),
        ("文", "basis: [民法典 1261]\n", "basis", "没有第1261条"),
        ("文", "basis: [火星法 1]\n", "basis", "没有“火星法”"),
    ],
)
def test_it_finds_each_kind_of_problem_in_a_clause(body, front, rule, words):
    findings = check_bank(clause_bank(body, front))
    assert [f.rule for f in findings] == [rule]
    assert words in findings[0].zh
    assert findings[0].place.startswith(("fees.late.md:", "data.duty.md:"))


@pytest.mark.parametrize(
    ("line", "marked"), [("mandatory: true\n", True), ("mandatory: false\n", False), ("", False)]
)
def test_the_mark_of_renewals_stands_in_the_file_of_a_clause(line, marked):
    clause = clause_bank("文", line).clauses["fees.late"]
    again, _ = parse_clause(write_clause(clause), "fees.late.md")

    assert (clause.mandatory, again.mandatory) == (marked, marked)
    assert make_clause(clause.id, clause_head(clause), clause.variants).mandatory is marked


def test_the_mark_of_renewals_is_yes_or_no():
    _, findings = parse_clause(f"{FRONT}mandatory: often\n---\n\n# neutral\n\n文\n", "fees.late.md")

    assert [f.en for f in findings] == ["mandatory is true or false"]


def test_a_clean_clause_has_no_findings():
    body = "{client}按{{rate}}支付，见{@data.duty#one}和[[数据]]。"
    assert check_bank(clause_bank(body, "blanks: {rate: {neutral: '5'}}\nbasis: [民法典 585]\n")) == []


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("no front matter", 1, "文件头"),
        ("---\nid: [\n---\n\n# neutral\n\n文\n", 3, "YAML"),
        ("---\nid: fees.x\ntopic: fees\n---\n\n# neutral\n\n文\n", 1, "缺少键：title"),
        (f"{FRONT}colour: red\n---\n\n# neutral\n\n文\n", 1, "不认识的键：colour"),
        (f"{FRONT}---\n\n文\n", 7, "文本须在"),
        (f"{FRONT}---\n\n# client\n\n文\n", 1, "缺少“# neutral”"),
        (f"{FRONT}---\n\n# neutral\n\n文\n\n# angry\n\n文\n", 11, "立场应为"),
        (f"{FRONT}---\n\n# neutral\n\n好。\n\n坏 {{foo}}。\n", 11, "不认识的标记"),
    ],
)
def test_a_file_that_cannot_be_read_says_at_which_line_and_why(text, line, words):
    _, findings = parse_clause(text, "x.md")
    assert any(f.place == f"x.md:{line}" and words in f.zh for f in findings), findings


def test_a_bank_with_errors_is_refused_with_every_problem(tmp_path):
    (tmp_path / "fees").mkdir()
    for name in ("fees.a", "fees.b"):
        text = f"---\nid: {name}\ntitle: {{zh: a, en: a}}\ntopic: fees\n---\n\n# neutral\n\n{{foo}}\n"
        (tmp_path / "fees" / f"{name}.md").write_text(text, "utf-8")
    with pytest.raises(BankError) as refused:
        load_bank(tmp_path)
    assert len(refused.value.findings) == 2


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("parts: [", "YAML"),
        ("kind: x\n", "缺少键：parts"),
        ("kind: x\ntitle: {zh: x, en: x}\nparts: [{id: a}]\n", "缺少键：articles"),
        ("kind: x\ntitle: {zh: x}\nparts: []\n", "title 应有"),
        ("kind: x\ntitle: {zh: x, en: x}\nparts: []\nsize: 3\n", "不认识的键：size"),
    ],
)
def test_a_template_that_cannot_be_read_says_why(yaml, words):
    template, findings = parse_template(yaml, "x/template.yml")
    assert template is None
    assert any(words in finding.zh for finding in findings)


def test_a_template_is_checked_against_the_bank():
    held = bank({"fees.total": "见{@data.duty}、{@attachment:plan}。", "data.duty": "文"})
    rules = {f.rule: f.zh for f in check_template(one_article("fees.total", "fees.total", "fees.gone"), held)}
    assert set(rules) == {"slots", "targets"}
    assert "attachment:plan" in rules["targets"]


def test_a_body_that_ends_with_a_table_is_refused():
    held = bank({"fees.total": "文\n\n::: table\n| 一 | 二 |\n:::"})
    assert [f.rule for f in check_template(one_article("fees.total"), held)] == ["endings"]


# --- the shipped bank ----------------------------------------------------------------------------


def test_the_shipped_bank_and_templates_have_no_findings():
    held, templates = load_bank(), load_templates()
    findings = check_bank(held) + [f for t in templates.values() for f in check_template(t, held)]
    assert [f"{f.place}: {f.zh}" for f in findings] == []


def test_the_shipped_bank_is_consistent_under_the_law_of_the_day():
    findings = check_consistency(load_bank(), load_templates(), date(2026, 6, 1))
    assert [f"{f.place}: {f.zh}" for f in findings] == []


def test_every_declared_blank_is_used():
    assert unused_blanks(load_bank(), load_templates()) == []


def test_every_clause_file_is_written_back_to_what_it_was_read_from():
    for clause in load_bank().clauses.values():
        again, findings = parse_clause(write_clause(clause), clause.source)
        assert findings == []
        assert again == clause


def test_the_shipped_bank_takes_sides_where_the_interests_differ():
    held = load_bank()
    topics = {clause.topic for clause in held.clauses.values() if stances_differ(clause)}
    assert topics >= {
        "scope", "acceptance", "payment", "service", "confidentiality", "ip", "liability", "breach",
        "termination", "assignment", "dispute", "third-party",
    }  # fmt: skip
