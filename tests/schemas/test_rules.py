"""Answers that contradict each other."""

import pytest
from marshmallow import ValidationError

from clausebank import load_bank, load_templates
from schemas import answers_schema, example_answers
from schemas.relations import ADMITTED, ORDERED, PARTIES
from schemas.rules import RULES

BANK = load_bank()
TEMPLATE = load_templates()["crm-outsourcing"]
SCHEMA = answers_schema(TEMPLATE, BANK)
EXAMPLE = example_answers(TEMPLATE, BANK)
TERM = {"service_start_date": "2027-01-01", "service_end_date": "2028-12-31"}

BROKEN = [
    ("service_end_date", {"service_end_date": EXAMPLE["service_start_date"], "third_party_duration": None}),
    ("service_credit_percent", {"service_credit_percent": "9", "service_credit_cap": "8.99"}),
    ("delay_damages_cap", {"delay_damages_cap": "30", "liability_cap_percent": "25"}),
    ("liability_cap_percent", {"liability_cap_percent": "100", "special_cap_percent": "99"}),
    ("third_party_cap_multiple", {"third_party_cap_multiple": 3, "third_party_gross_multiple": 2}),
    ("third_party_duration", {"third_party_duration": "13个月"}),
    ("third_party_kind", {"third_party_kind": "data", "third_party_data": False}),
    ("data_urgent_notice", {"data_urgent_notice": "4小时", "data_incident_notice": "3小时"}),
    (
        "complaint_general_period",
        {"complaint_general_period": "15日", "complaint_complex_period": "10个工作日"},
    ),
    ("arbitration_institution", {"dispute_method": "arbitration", "arbitration_institution": ""}),
    ("performance_place", {"dispute_court": "performance_place", "performance_place": None}),
    ("signing_place", {"dispute_court": "signing_place", "signing_place": ""}),
    (
        "third_party_cap_amount",
        {
            "third_party_cap_method": "fixed_sum",
            "third_party_cap_amount": "480000.01",
            "fee_total": "480000.00",
        },
    ),
    (
        "third_party_cap_amount",  # of two years, a year's fee is half
        TERM
        | {
            "third_party_cap_method": "fixed_sum",
            "third_party_cap_amount": "240000.01",
            "fee_total": "480000.00",
        },
    ),
    (
        "third_party_cap_percent",
        TERM | {"third_party_cap_method": "fee_percent", "third_party_cap_percent": "51"},
    ),
]
KEPT = [
    {"service_credit_percent": "8.99", "service_credit_cap": "8.99"},
    {"complaint_general_period": "14日", "complaint_complex_period": "10个工作日"},
    {"third_party_duration": "12个月"},
    {"third_party_kind": "data", "third_party_data": True},
    {"third_party_kind": "other", "third_party_data": False},
    {"third_party_kind": "", "third_party_data": False},
    {"third_party_cap_method": "fixed_sum", "third_party_cap_amount": "480000.00", "fee_total": "480000.00"},
    TERM | {"third_party_cap_method": "fee_percent", "third_party_cap_percent": "50"},
]


def messages(**changes):
    with pytest.raises(ValidationError) as caught:
        SCHEMA.load(EXAMPLE | changes)
    return caught.value.messages


@pytest.mark.parametrize(("name", "changes"), BROKEN)
def test_it_reports_a_contradiction_at_one_field_and_once(name, changes):
    found = messages(**changes)
    assert found.keys() == {name}
    assert len(found[name]) == 1
    assert all(found[name][0][language] for language in ("zh", "en"))


@pytest.mark.parametrize("changes", KEPT)
def test_it_lets_the_limit_itself_pass(changes):
    assert SCHEMA.load(EXAMPLE | changes)


def test_it_applies_no_rule_to_answers_the_contract_does_not_reach():
    assert SCHEMA.load(EXAMPLE | {"third_party": False, "third_party_duration": "13个月"})


@pytest.mark.parametrize(
    ("shares", "zh", "en"),
    [
        (["60", "35"], "付款比例合计95%，应为100%，还差5%", "95%, not 100%: 5% missing"),
        (["60", "40.5"], "付款比例合计100.5%，应为100%，超出0.5%", "100.5%, not 100%: 0.5% too much"),
    ],
)
def test_it_tells_the_sum_of_the_shares_and_what_is_wrong_with_it(shares, zh, en):
    row = EXAMPLE["payment_schedule"][0]
    (said,) = messages(payment_schedule=[row | {"share": share} for share in shares])["payment_schedule"]
    assert zh in said["zh"]
    assert en in said["en"]


def test_it_does_not_add_up_shares_while_one_is_faulty():
    row = EXAMPLE["payment_schedule"][0]
    found = messages(payment_schedule=[row | {"share": "x"}, row | {"share": "40"}])["payment_schedule"]
    assert found.keys() == {0}


def test_rules_apply_while_other_fields_are_faulty():
    assert messages(fee_total="x", service_end_date="2020-01-01", third_party_duration=None).keys() == {
        "fee_total",
        "service_end_date",
    }


def test_no_company_is_two_parties():
    found = messages(provider=EXAMPLE["provider"] | {"uscc": EXAMPLE["client"]["uscc"]})
    assert found.keys() == {"provider"}
    assert "“委托方”" in found["provider"]["uscc"][0]["zh"]


def test_every_kind_of_third_party_but_the_other_has_an_answer_that_admits_it():
    kinds = {choice.key for choice in BANK.vocabulary.blanks["third_party_kind"].choices}
    assert kinds == {*ADMITTED, "other"}


def test_the_rules_speak_of_blanks_of_the_vocabulary():
    names = {
        *PARTIES,
        *ADMITTED.values(),
        *(name for pair in ORDERED for name in pair),
        *(name for rule in RULES for name in rule.of),
    }
    assert names <= BANK.vocabulary.blanks.keys()


def test_the_rules_compare_values_of_one_type():
    blanks = BANK.vocabulary.blanks
    assert all(blanks[low].type is blanks[high].type for low, high in ORDERED)
