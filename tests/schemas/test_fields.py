"""What each type of blank takes and refuses, and in which words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from clausebank.wording.values import Money, Period, Unit
from schemas.text import clean, is_hidden
from tests.schemas.vocabulary import blank, schema_of

TAKEN = [
    ("money", "480000", Money(48000000)),
    ("money", "480000.5", Money(48000050)),
    ("money", " 480,000.05 ", Money(48000005)),
    ("money", "0", Money(0)),
    ("percent", "0.05", Decimal("0.05")),
    ("percent", "5.00", Decimal(5)),
    ("percent", 20, Decimal(20)),
    ("date", "2028-02-29", date(2028, 2, 29)),
    ("date", date(2028, 2, 29), date(2028, 2, 29)),
    ("period", "30日", Period(30, Unit.DAY)),
    ("period", "10 个工作日", Period(10, Unit.WORKING_DAY)),
    ("integer", 2, 2),
    ("integer", "12", 12),
    ("choice", "court", "court"),
    ("switch", False, False),
    ("text", "　某某　", "某某"),
    ("text", "e\u0301 １２３", "é １２３"),
]
REFUSED = [
    ("money", 480000.0), ("money", 480000), ("money", True), ("money", "1.005"), ("money", "１２３"),
    ("money", "-1"), ("money", "1e5"), ("money", "48,0000"), ("money", "12万"), ("money", "1" * 13),
    ("percent", 0.05), ("percent", "5%"), ("percent", "-1"), ("percent", "0.00001"), ("percent", True),
    ("date", "2027-02-29"), ("date", "20270228"), ("date", "2027-2-8"), ("date", "２０２７-02-28"),
    ("date", datetime(2027, 2, 28, tzinfo=UTC)), ("date", "0202-01-01"), ("date", 20270228),
    ("period", "30天"), ("period", "30"), ("period", "3.5年"), ("period", 30), ("period", "0日"),
    ("integer", 3.9), ("integer", True), ("integer", "3.0"), ("integer", "三"), ("integer", "-1"), ("integer", -1), ("integer", 10**40), ("integer", "1" * 13),
    ("choice", "Court"), ("choice", True), ("choice", ["court"]), ("choice", {"court": 1}),
    ("switch", 1), ("switch", "true"), ("switch", "on"),
    ("text", 12), ("text", True), ("text", ["文字"]), ("text", {"文": "字"}),
    ("text", "第一行\n第二行"), ("text", "制表\t符"), ("text", "空\x00字"), ("text", "b\ufffe"),
    ("text", "\ud800"), ("text", "左\u202e右"), ("text", "隔\u2067离"), ("text", "零\u200b宽"), ("text", "\ufeff头"),
    ("text", "行\u2028分"), ("text", "长" * 501), ("text", "\U0001fffe尾"), ("text", "\ufdd0尾"),
    ("company", "某公司"), ("company", ["某公司"]),
    ("list", "首期款"), ("list", {"stage": "首期款"}), ("list", ["首期款"]), ("list", [{"stage": "首期款"}] * 201),
]  # fmt: skip
LIMITED = [
    ("money", "0.01", "10.00", ["0.01", "10"], ["0", "10.01"]),
    ("percent", "1", "30", ["1", "30.0"], ["0.99", "30.01"]),
    ("date", "2026-01-01", "2026-12-31", ["2026-01-01", "2026-12-31"], ["2025-12-31", "2027-01-01"]),
    (
        "period",
        "1个工作日",
        "30日",
        ["1个工作日", "30日", "4个工作日", "48小时"],
        ["1日", "31日", "1个月", "1年"],
    ),
    ("period", "0日", None, ["0日", "0小时"], []),
    ("integer", "1", "5", [1, "5"], [0, 6]),
    ("integer", "-5", None, ["-5"], [-6]),
    ("text", "2", "4", ["甲乙", " 甲乙丙丁 "], ["甲", "甲乙丙丁戊"]),
    ("list", "1", "2", [[{"stage": "首期款", "share": "1"}]], [[{"stage": "首期款", "share": "1"}] * 3]),
]


def load(kind, raw, **options):
    return schema_of(blank(kind, **options)).load({"it": raw})["it"]


def problems(kind, raw, **options):
    with pytest.raises(ValidationError) as caught:
        load(kind, raw, **options)
    return caught.value.messages["it"]


@pytest.mark.parametrize(("kind", "raw", "value"), TAKEN)
def test_it_takes_what_a_person_would_write(kind, raw, value):
    loaded = load(kind, raw)
    assert loaded == value
    assert type(loaded) is type(value)


@pytest.mark.parametrize(("kind", "raw"), REFUSED)
def test_it_refuses_what_could_be_misread(kind, raw):
    messages = problems(kind, raw)
    first = messages if isinstance(messages, list) else messages[0]
    assert isinstance(first, list)
    assert first[0].keys() == {"zh", "en"}


@pytest.mark.parametrize(("kind", "low", "high", "within", "beyond"), LIMITED)
def test_it_keeps_the_limits_of_the_blank(kind, low, high, within, beyond):
    for raw in within:
        load(kind, raw, minimum=low, maximum=high)
    for raw in beyond:
        assert problems(kind, raw, minimum=low, maximum=high)


def test_it_tells_the_limits_with_their_unit():
    unit = blank("money").label
    message = problems("money", "11", minimum="1", maximum="10", unit=unit)[0]
    assert message == {
        "zh": "应当不小于1某项、不大于10某项，请修改。",
        "en": "Enter a value of at least 1 Something and at most 10 Something.",
    }


def test_it_advises_quotation_marks_only_where_a_number_came_without():
    assert "引号" in problems("money", 1.5)[0]["zh"]
    assert "引号" not in problems("money", "1.555")[0]["zh"]


def test_it_names_every_choice():
    assert problems("choice", "x") == [
        {
            "zh": "请选择其中一项：court（诉讼）、arbitration（仲裁）。",
            "en": "Choose one of: court (Court), arbitration (Arbitration).",
        }
    ]


def test_it_says_which_character_cannot_be_seen():
    assert "第2个字符（U+200B）" in problems("text", "零\u200b宽")[0]["zh"]


def test_text_over_several_lines_keeps_its_line_breaks():
    assert load("text", "第一行\r\n第二行\r第三行\n", multiline=True) == "第一行\n第二行\n第三行"


@given(st.text(max_size=30))
def test_text_is_either_refused_or_kept_as_it_is_from_then_on(text):
    try:
        cleaned = clean(text, multiline=True)
    except ValidationError:
        assert any(is_hidden(char) for char in text if char not in "\r\n")
        return
    assert clean(cleaned, multiline=True) == cleaned
    assert not any(is_hidden(char) for char in cleaned if char != "\n")


@pytest.mark.parametrize("raw", [None, "", "  ", "　", [], {}, {"name": " ", "uscc": None}])
@pytest.mark.parametrize("kind", ["money", "period", "switch", "text", "company", "list"])
def test_an_answer_left_empty_counts_as_not_given(kind, raw):
    assert schema_of(blank(kind, optional=True)).load({"it": raw}) == {}
