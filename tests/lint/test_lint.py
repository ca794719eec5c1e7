"""Lint: each rule finds its problem, names the clause, and is silent on a clean contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from clausebank.assembly.assemble import assemble
from clausebank.document import CoverLine, Filled, Paragraph, Text
from clausebank.findings import Level
from clausebank.lint import lint
from clausebank.wording.values import Money
from tests.samples import ANSWERS, CLIENT, bank, one_article, template

CLEAN = {"fees.total": "总额为{{fee_total}}，见{@fees.total}。\n\n二。", "data.duty": "**“数据”**指数据。"}


def found(texts, answers=ANSWERS, sample=None):
    """Return the findings of a contract of these clauses as {rule: finding}."""
    document = assemble(sample or one_article(*texts), answers, bank(texts))
    return {finding.rule: finding for finding in lint(document)}


def test_a_clean_contract_has_no_findings():
    assert found(CLEAN) == {}


@pytest.mark.parametrize(
    ("text", "rule", "level", "words"),
    [
        ("见{@data.gone}。", "STR-01", Level.ERROR, "data.gone"),
        ("见第九条。", "STR-01", Level.ERROR, "第九条"),
        ("见第8.2条。", "STR-01", Level.ERROR, "第8.2条"),
        ("见{@attachment:dpa}。", "STR-04", Level.ERROR, "dpa"),
        ("**“甲词”**在此。", "STR-06", Level.INFO, "甲词"),
        ("用[[乙词]]。", "STR-07", Level.WARNING, "乙词"),
        ("依照“保密信息”执行。", "STR-07", Level.WARNING, "保密信息"),
        ("**“词”**一。\n\n**“词”**二。", "STR-08", Level.ERROR, "词"),
        ("甲方与丙方。", "PTY-01", Level.ERROR, "丙方"),
        ("共计人民币壹拾万元整（¥120,000.00）。", "AMT-01", Level.ERROR, "壹拾万元整"),
        ("截至2026年2月30日。", "TRM-01", Level.ERROR, "2026年2月30日"),
        ("自2026年1月1日起至2026年12月31日止，共11个月。", "TRM-02", Level.ERROR, "11个月"),
    ],
)
def test_it_finds_what_is_wrong_in_a_text_and_names_the_clause(text, rule, level, words):
    finding = found({"fees.late": text})[rule]
    assert finding.level is level
    assert words in finding.zh
    assert finding.clause == "fees.late"
    assert finding.place.startswith("fees.late/")
    assert finding.en


@pytest.mark.parametrize(
    "text",
    [
        "见《民法典》第五百八十五条。",
        "见第一条、第1.1条。",
        "共计人民币壹拾贰万元整（¥120,000.00）、人民币壹佰零柒元叁角（¥107.30）。",
        "自2026年1月1日起至2026年12月31日止，共12个月。",
        "自2026年1月1日起至2027年1月1日止，共1年。",
        "甲方与乙方、第三方。",
    ],
)
def test_it_is_silent_where_all_is_well(text):
    assert found({"fees.late": text}) == {}


def test_an_unfilled_blank_names_the_blank_and_the_clause():
    answers = {name: value for name, value in ANSWERS.items() if name != "fee_total"}
    finding = found(CLEAN, answers)["STR-03"]
    assert (finding.level, finding.blank, finding.clause) == (Level.ERROR, "fee_total", "fees.total")


def test_a_blank_missing_in_many_places_is_reported_once():
    answers = {name: value for name, value in ANSWERS.items() if name != "grace"}
    texts = {"fees.late": "{{grace}}和{{grace}}。"}
    document = assemble(one_article("fees.late"), answers, bank(texts))
    assert [finding.rule for finding in lint(document)] == ["STR-03"]


@pytest.mark.parametrize("placeholder", ["____", "【待定】", "XXX", "待补充"])
def test_an_answer_that_is_a_placeholder_is_a_warning_at_its_blank(placeholder):
    finding = found({"fees.late": "地点：{{signing_place}}。"}, {**ANSWERS, "signing_place": placeholder})[
        "STR-03"
    ]
    assert (finding.level, finding.blank) == (Level.WARNING, "signing_place")


def test_an_attachment_nobody_cites_is_a_warning():
    sample = template(
        """
        parts: [{id: m, title: {zh: 主, en: M}, articles: [{id: a, title: {zh: 条, en: A}, clauses: [fees.total]}]}]
        attachments: [{id: plan, title: {zh: 方案, en: P}, requirement: 内容。}]
        """,
    )
    texts = {"fees.total": "总额。\n\n::: attachments\n:::"}
    assert "附件一《方案》" in found(texts, sample=sample)["STR-05"].zh


def test_a_typed_reference_in_an_answer_is_found_at_its_blank():
    finding = found({"fees.late": "{{signing_place}}"}, {**ANSWERS, "signing_place": "见第二十条"})["STR-01"]
    assert finding.blank == "signing_place"


def test_numbers_that_skip_are_found():
    document = assemble(one_article("fees.late"), ANSWERS, bank({"fees.late": "一。\n\n二。"}))
    article = document.parts[0].articles[0]
    section = article.sections[0]
    blocks = tuple(
        replace(b, number=n)
        for b, n in zip(section.blocks, ("1.1", "1.3"), strict=True)
        if isinstance(b, Paragraph)
    )
    skipped = replace(article, sections=(replace(section, blocks=blocks),))
    findings = lint(replace(document, parts=(replace(document.parts[0], articles=(skipped,)),)))
    assert [(f.rule, f.zh) for f in findings] == [("STR-02", "编号不连续：1.1后为1.3。")]


def test_a_name_that_differs_between_cover_and_signature_is_found():
    document = assemble(one_article("fees.late"), ANSWERS, bank({"fees.late": "一。"}))
    lines = (CoverLine("甲方", (Text("另一公司"),)), *document.cover.lines[1:])
    assert [f.rule for f in lint(replace(document, cover=replace(document.cover, lines=lines)))] == ["PTY-01"]


def test_a_credit_code_with_a_wrong_check_digit_is_found_at_its_field():
    finding = found(CLEAN, {**ANSWERS, "client": replace(CLIENT, uscc="91350100M000100Y44")})["PTY-02"]
    assert finding.blank == "client.uscc"


def test_shares_that_do_not_add_up_are_found():
    rows = ({"stage": "一", "share": Decimal(30)}, {"stage": "二", "share": Decimal(60)})
    assert "合计90%" in found(CLEAN, {**ANSWERS, "payment_schedule": rows})["AMT-02"].zh


def test_a_product_that_is_not_its_amount_is_found():
    rows = ({"quantity": 3, "unit_price": Money(100), "amount": Money(400)},)
    assert "第1行" in found(CLEAN, {**ANSWERS, "items": rows})["AMT-03"].zh


def test_services_that_end_before_they_start_are_found():
    dates = {"service_start_date": date(2026, 2, 1), "service_end_date": date(2026, 1, 1)}
    assert found(CLEAN, {**ANSWERS, **dates})["TRM-01"].blank == "service_end_date"


def test_calls_without_a_processing_agreement_are_a_warning():
    answers = {**ANSWERS, "outbound_contact": True, "personal_data": False}
    finding = found(CLEAN, answers)["DAT-01"]
    assert (finding.level, finding.blank) == (Level.WARNING, "personal_data")


def test_errors_come_first():
    findings = lint(
        assemble(one_article("fees.late"), ANSWERS, bank({"fees.late": "**“甲词”**和[[乙词]]，见第九条。"}))
    )
    assert [finding.level for finding in findings] == [Level.ERROR, Level.WARNING, Level.INFO]


def test_an_answer_of_another_contract_label_is_found_at_its_blank():
    document = assemble(
        one_article("fees.late"),
        {**ANSWERS, "signing_place": "丁方所在地"},
        bank({"fees.late": "{{signing_place}}"}),
    )
    assert [f.blank for f in lint(document)] == ["signing_place"]
    (block,) = document.parts[0].articles[0].sections[0].blocks
    assert isinstance(block, Paragraph)
    assert block.inlines == (Filled("signing_place", "丁方所在地"),)
