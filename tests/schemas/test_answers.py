"""The schema as a whole: unknown, missing, suggested and derived answers."""

import pytest
from marshmallow import ValidationError

from clausebank import load_bank, load_templates
from clausebank.assembly.select import Stances, suggestions
from clausebank.document import Stance
from clausebank.errors import BankError
from clausebank.wording.values import Money
from schemas import answers_schema, example_answers
from schemas.answers import printed_columns
from tests.schemas.vocabulary import blank, schema_of

BANK = load_bank()
TEMPLATE = load_templates()["crm-outsourcing"]
SCHEMA = answers_schema(TEMPLATE, BANK)
EXAMPLE = example_answers(TEMPLATE, BANK)


def messages(raw, schema=SCHEMA):
    with pytest.raises(ValidationError) as caught:
        schema.load(raw)
    return caught.value.messages


def without(*names):
    return {name: value for name, value in EXAMPLE.items() if name not in names}


def test_it_names_an_unknown_field_and_the_nearest_known():
    assert messages(EXAMPLE | {"fee_totl": "1"}) == {
        "fee_totl": [
            {
                "zh": "没有名为“fee_totl”的填写项，是否应为“fee_total”？",
                "en": "There is no “fee_totl”; did you mean “fee_total”?",
            }
        ]
    }


def test_it_says_so_when_nothing_is_near_an_unknown_field():
    assert messages(EXAMPLE | {7: "1"})["7"][0]["zh"] == "没有名为“7”的填写项，请删除。"


def test_it_refuses_derived_values():
    assert "由系统计算" in messages(EXAMPLE | {"service_term": "12个月"})["service_term"][0]["zh"]


def test_it_refuses_blanks_of_other_kinds():
    spare = blank("text", "spare")
    schema = schema_of(blank("text"), spare)
    del schema.fields["spare"], schema.load_fields["spare"]
    assert "本合同类型不使用" in messages({"it": "文字", "spare": "文字"}, schema)["spare"][0]["zh"]


def test_it_reports_every_problem_at_once():
    raw = without("signing_place") | {
        "fee_totl": "1", "fee_total": "一", "client": {"name": "甲"}, "service_end_date": "2020-01-01",
        "payment_schedule": [{"stage": "首期款", "share": "x"}],
    }  # fmt: skip
    found = messages(raw)
    assert found.keys() == {
        "fee_totl", "fee_total", "client", "signing_place", "service_end_date", "payment_schedule",
    }  # fmt: skip
    assert found["payment_schedule"][0].keys() == {"share", "condition", "within", "documents"}


def test_it_asks_for_what_the_contract_needs_and_nothing_else():
    assert SCHEMA.load(without("signing_date", "third_party_company"))
    assert messages(without("client_size", "call_centre")) == {
        "client_size": [{"zh": "请选择“委托方规模类型”。", "en": "Choose “Size of the client”."}],
        "call_centre": [
            {"zh": "请选择“服务包括受托运营呼叫中心”。", "en": "Answer “Services include a call centre”."}
        ],
    }


def test_it_asks_for_a_conditional_answer_only_under_its_condition():
    raw = EXAMPLE | {"third_party_consent_period": ""}
    assert "third_party_consent_period" not in SCHEMA.load(raw | {"third_party": False})
    assert messages(raw | {"third_party": True}).keys() == {"third_party_consent_period"}


def test_it_keeps_answers_the_contract_does_not_reach():
    answers = SCHEMA.load(EXAMPLE | {"third_party": False, "third_party_consent_period": "7个工作日"})
    assert str(answers["third_party_consent_period"]) == "7个工作日"


def test_an_answer_left_out_takes_the_value_of_its_stance():
    for stance in Stance:
        schema = answers_schema(TEMPLATE, BANK, Stances(stance))
        suggested = suggestions(TEMPLATE, BANK, Stances(stance))["late_payment_rate"]
        example = example_answers(TEMPLATE, BANK, Stances(stance))
        del example["late_payment_rate"]
        assert schema.dump(schema.load(example))["late_payment_rate"] == str(suggested)


def test_an_answer_left_empty_takes_no_suggestion_and_stays_empty():
    schema = schema_of(blank("money", optional=True), suggested={"it": "5.00"})
    assert schema.load({}) == {"it": Money(500)}
    assert schema.load({"it": ""}) == {}
    assert schema.dump({}) == {"it": None}


def test_an_empty_answer_that_is_needed_is_asked_for_although_one_is_suggested():
    assert messages({"it": ""}, schema_of(blank("money"), suggested={"it": "5.00"})).keys() == {"it"}


def test_it_refuses_to_start_with_a_suggestion_that_is_no_answer():
    with pytest.raises(BankError) as caught:
        schema_of(blank("money"), blank("period", "term"), suggested={"it": "x", "term": "3天"})
    assert [finding.blank for finding in caught.value.findings] == ["it", "term"]


@pytest.mark.parametrize("raw", [None, [], "文字", 5])
def test_it_refuses_answers_that_are_no_mapping(raw):
    assert messages(raw)["_schema"][0]["zh"] == "应为键和值。"


def test_loading_in_part_asks_for_nothing():
    assert SCHEMA.load({"fee_total": "5.00"}, partial=True)["fee_total"] == Money(500)


def test_the_account_that_is_paid_to_must_be_given():
    assert {"provider.bank", "provider.account"} <= printed_columns(TEMPLATE, BANK, None)
    provider = {name: text for name, text in EXAMPLE["provider"].items() if name not in {"bank", "account"}}
    assert messages(EXAMPLE | {"provider": provider})["provider"].keys() == {"bank", "account"}


def test_loading_leaves_what_it_was_given_alone():
    raw = example_answers(TEMPLATE, BANK)
    SCHEMA.load(raw)
    assert raw == EXAMPLE
