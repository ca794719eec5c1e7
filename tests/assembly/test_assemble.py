"""Assembly: what is selected, how it is numbered, and what references say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clausebank.assembly.assemble import assemble
from clausebank.assembly.select import Stances, blanks_needed, blanks_offered
from clausebank.document import (
    Filled,
    Gap,
    Paragraph,
    Reference,
    Role,
    Stance,
    Table,
    articles,
    contents,
    plain,
)
from clausebank.render.text import render_text
from clausebank.wording.values import Money
from tests.samples import ANSWERS, bank, one_article, template

TWO_PARTS = """
parts:
  - id: main
    title: {zh: 主合同, en: Main}
    articles:
      - {id: opening, title: {zh: 鉴于, en: R}, numbered: false, clauses: [general.recital]}
      - {id: fees, title: {zh: 费用, en: F}, clauses: [fees.total, fees.late]}
      - {id: data, title: {zh: 数据, en: D}, clauses: [data.duty]}
  - id: third-party
    title: {zh: 第三方介入, en: T}
    when: {third_party: true}
    articles:
      - {id: tp, title: {zh: 第三方, en: T}, clauses: [general.third]}
attachments:
  - id: dpa
    title: {zh: 数据协议, en: DPA}
    requirement: 列明{{rate}}。
    articles:
      - {id: dpa-one, title: {zh: 目的, en: P}, clauses: [data.dpa]}
      - {id: dpa-two, title: {zh: 期限, en: T}, clauses: [data.dpa-term]}
  - {id: plan, title: {zh: 方案, en: Plan}, requirement: 写明内容。}
"""
TEXTS = {
    "general.recital": "> {client}委托{provider}。",
    "fees.total": "总额为{{fee_total}}。\n\n分期支付：\n\n- 首期； {#first}\n- 尾期：\n  - 验收； {#sub}",
    "fees.late": "逾期按{{rate}}计。 {#rate}",
    "data.duty": "见{@attachment:dpa|titled}和{@attachment:plan}；{@data.dpa}；{@fees.total}；{@fees.late#rate}；"
    "{@fees.total#sub}；{@general.recital}；{@data.duty}；{@part:main}。",
    "general.third": "{third_party}适用{@article:fees|titled}。",
    "data.dpa": "见{@fees.late}和{@data.dpa-term}。\n\n::: attachments\n:::",
    "data.dpa-term": "期限为{{grace}}。\n\n二。",
}


@pytest.fixture
def document():
    return assemble(template(TWO_PARTS), ANSWERS, bank(TEXTS))


def lines(document):
    return render_text(document).splitlines()


def test_articles_run_on_through_the_parts_and_start_again_in_an_attachment(document):
    assert [a.number for a in articles(document)] == ["", "第一条", "第二条", "第三条", "第一条", "第二条"]
    assert [part.number for part in document.parts] == ["第一部分", "第二部分"]
    assert [attachment.number for attachment in document.attachments] == ["附件一", "附件二"]


def test_paragraphs_run_on_through_the_clauses_of_an_article_and_items_restart(document):
    text = render_text(document)
    assert "1.1 总额为人民币壹拾贰万元整（¥120,000.00）。" in text
    assert "1.2 分期支付：\n　（1）首期；\n　（2）尾期：\n　　①验收；\n1.3 逾期按5%计。" in text


def test_references_name_paragraphs_items_ranges_articles_parts_and_attachments(document):
    line = next(line for line in lines(document) if line.startswith("2.1"))
    assert line == (
        "2.1 见附件一《数据协议》和附件二；附件一第一条；第1.1条至第1.2条；第1.3条；"
        "第1.2条第（2）项①；“鉴于”；第二条；第一部分。"
    )


def test_references_out_of_and_within_an_attachment_say_in_which_text_they_point(document):
    assert "1.1 见合同正文第1.3条和本附件第二条。" in render_text(document)


def test_every_reference_leads_to_an_anchor_of_the_tree(document):
    anchors = {a.anchor for a in articles(document)} | {p.anchor for p in document.parts}
    anchors |= {a.anchor for a in document.attachments}
    for article in articles(document):
        for section in article.sections:
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    anchors |= {block.anchor, *(i.anchor for i in block.items)}
                    anchors |= {sub.anchor for i in block.items for sub in i.items}
    found = [
        i
        for a in articles(document)
        for s in a.sections
        for b in s.blocks
        if isinstance(b, Paragraph)
        for i in b.inlines
    ]
    assert {i.anchor for i in found if isinstance(i, Reference)} <= anchors


def test_the_register_lists_each_attachment_with_its_requirement_and_form(document):
    (table,) = [b for a in articles(document) for s in a.sections for b in s.blocks if isinstance(b, Table)]
    assert [tuple(map(plain, row)) for row in table.rows] == [
        ("附件一", "数据协议", "列明5%。", "随本合同附后"),
        ("附件二", "方案", "写明内容。", "双方确认后附入"),
    ]


def test_a_part_that_does_not_apply_is_gone_and_leaves_no_number_behind():
    document = assemble(template(TWO_PARTS), {**ANSWERS, "third_party": False}, bank(TEXTS))
    assert [part.number for part in document.parts] == [""]
    assert "第三方" not in render_text(document)


def test_the_table_of_contents_is_the_headings_of_the_tree(document):
    assert [entry.title for entry in contents(document)] == [
        "主合同", "费用", "数据", "第三方介入", "第三方", "数据协议", "方案",
    ]  # fmt: skip


def test_roles_follow_their_labels_through_the_whole_text_when_the_parties_are_swapped():
    document = assemble(template(TWO_PARTS), {**ANSWERS, "party_labels": "provider_first"}, bank(TEXTS))
    assert "乙方委托甲方。" in render_text(document)
    assert document.labels[Role.PROVIDER] == "甲方"
    assert [signatory.heading for signatory in document.signature.signatories] == [
        "甲方（盖章）：",
        "乙方（盖章）：",
    ]
    assert plain(document.signature.signatories[0].name) == "乙公司"


def test_a_missing_answer_is_a_gap_and_no_error():
    answers = {name: value for name, value in ANSWERS.items() if name not in {"fee_total", "client"}}
    document = assemble(template(TWO_PARTS), answers, bank(TEXTS))
    assert "总额为【服务费】。" in render_text(document)
    assert document.cover.lines[0].value == (Gap("client.name", "名称"),)


def test_a_stance_takes_its_variant_and_falls_back_to_the_neutral_one():
    texts = {"fees.late": "# neutral\n\n中立\n\n# client\n\n偏委托方", "data.duty": "数据"}
    shown = {
        stance: render_text(assemble(one_article(*texts), ANSWERS, bank(texts), Stances(stance)))
        for stance in Stance
    }
    assert "偏委托方" in shown[Stance.CLIENT]
    assert "中立" in shown[Stance.PROVIDER]
    assert all("数据" in text for text in shown.values())


def test_a_topic_can_have_a_stance_of_its_own():
    texts = {
        "fees.late": "# neutral\n\n中立\n\n# client\n\n偏委托方",
        "data.duty": "# neutral\n\n数据\n\n# client\n\n偏",
    }
    stances = Stances(Stance.CLIENT, {"data": Stance.NEUTRAL})
    text = render_text(assemble(one_article(*texts), ANSWERS, bank(texts), stances))
    assert "偏委托方" in text
    assert "数据" in text


def test_a_pinned_variant_overrides_the_stance():
    held = bank({"fees.late": "现在"})
    pinned = replace(bank({"fees.late": "当时"}).clauses["fees.late"].variants[Stance.NEUTRAL], version=7)
    document = assemble(one_article("fees.late"), ANSWERS, held, pins={"fees.late": pinned})
    assert "当时" in render_text(document)
    assert document.parts[0].articles[0].sections[0].version == 7


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("third_party", True),
        ("!third_party", False),
        ("third_party = true", True),
        ("method = court", True),
        ("method != court", False),
        ("fee_total > 100000", True),
        ("fee_total < 119999.99", False),
        ("rate >= 5", True),
        ("grace <= 5日", True),
        ("grace > 1年", False),
        ("grace < 5个工作日", False),
        ("copies_each = 2", True),
        ("signing_date < 2026-03-02", True),
        ("payment_schedule", True),
        ("method = court, third_party = false", False),
        ("no_such", False),
        ("!no_such", True),
    ],
)
def test_a_condition_compares_an_answer_with_a_value(condition, kept):
    texts = {"fees.late": f"总。\n\n{{? {condition}}} 条件成立。"}
    assert ("条件成立" in render_text(assemble(one_article("fees.late"), ANSWERS, bank(texts)))) is kept


def test_a_list_table_has_a_row_for_each_row_of_its_list_with_derived_amounts():
    text = """
    ::: table 付款 for payment_schedule
    | 期 | 节点 | 金额 |
    | -- | ---- | ---: |
    | {{row.number}} | {{row.stage}} | {{row.amount\\|figures}} |
    | 合计 | | {{fee_total\\|figures}} |
    :::
    """
    shown = lines(assemble(one_article("fees.total"), ANSWERS, bank({"fees.total": text})))
    assert "1 | 首期 | ¥36,000.00" in shown
    assert "2 | 尾期 | ¥84,000.00" in shown
    assert "合计 |  | ¥120,000.00" in shown


def test_answers_are_never_read_as_clause_language():
    texts = {"fees.late": "地点：{{signing_place}}。"}
    nasty = "{{fee_total}} {client} **“词”** {@fees.late} \\"
    document = assemble(one_article("fees.late"), {**ANSWERS, "signing_place": nasty}, bank(texts))
    assert f"地点：{nasty}。" in render_text(document)
    (block,) = document.parts[0].articles[0].sections[0].blocks
    assert isinstance(block, Paragraph)
    assert Filled("signing_place", nasty) in block.inlines


def test_the_blanks_needed_are_those_the_conditions_reach():
    held = bank(
        {"fees.late": "一{{rate}}\n\n{? third_party} 二{{grace}}：\n\n- {? method = court} 三{{fee_total}}"}
    )
    sample = one_article("fees.late")
    assert {b.name for b in blanks_offered(sample, held)} >= {
        "rate",
        "grace",
        "fee_total",
        "third_party",
        "method",
    }
    needed = blanks_needed(sample, held, None, {"third_party": True, "method": "arbitration"})
    assert {"rate", "grace", "third_party", "method"} <= needed
    assert "fee_total" not in needed
    assert "grace" not in blanks_needed(sample, held, None, {"third_party": False})


def test_assembly_does_not_change_its_input():
    answers = dict(ANSWERS)
    assemble(template(TWO_PARTS), answers, bank(TEXTS))
    assert answers == ANSWERS
    assert answers["fee_total"] == Money(12_000_000)
