"""The answers of the next contract, and what is said about them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from clausebank import assemble
from clausebank.assembly.derive import derive
from clausebank.findings import Level, errors
from clausebank.renewal.renew import Chain, renewed
from clausebank.wording.values import Money
from schemas import answers_schema
from tests.renewal.policies import TODAY, neutral_answers, policy

KINDS = (
    "complaints-crm", "complaints-deadline", "complaints-governance", "crm-outsourcing", "ecommerce-crm",
    "support-annual", "support-licensed", "support-outsourcing", "support-retention", "support-staged",
)  # fmt: skip
CHAIN = Chain("CRM-1", "CRM-1")


@pytest.fixture
def renew(shipped_bank, shipped_templates):
    """A function that renews the golden contract of a kind."""

    def call(kind="support-annual", today=TODAY, chain=CHAIN, answers=None, **raw):
        old = neutral_answers(shipped_templates[kind], shipped_bank, **(answers or {}))
        blanks = shipped_bank.vocabulary.blanks
        return old, renewed(old, blanks, policy(shipped_bank, **raw), chain, today)

    return call


def rules(result):
    return {finding.rule: finding.blank for finding in result.findings}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_renews_into_valid_answers(kind, renew, shipped_bank, shipped_templates):
    old, result = renew(kind, fee="percent_up", fee_percent="4")
    schema = answers_schema(shipped_templates[kind], shipped_bank)
    again = schema.load(schema.dump(result.answers))
    document = assemble(shipped_templates[kind], again, shipped_bank)

    assert errors(result.findings) == []
    assert again["service_start_date"] == old["service_end_date"] + timedelta(days=1)
    assert derive(again)["service_term"] == derive(old)["service_term"]
    assert again["fee_total"].fen * 100 == old["fee_total"].fen * 104
    rows = document.answers.get("payment_schedule", ())
    amounts = [row["amount"].fen for row in rows if "amount" in row]
    assert not amounts or sum(amounts) == again["fee_total"].fen
    assert [row["share"] for row in rows if "share" in row] == [
        row["share"] for row in old.get("payment_schedule", ()) if "share" in row
    ]


def test_days_of_schedules_move_by_the_old_term(renew):
    old, result = renew("crm-outsourcing", term="6个月", follows_term="yes")
    due = [row["due"] for row in old["milestones"]]

    assert [row["due"] for row in result.answers["milestones"]] == [d.replace(year=d.year + 1) for d in due]
    assert result.answers["service_end_date"] == date(2028, 6, 30)
    late = [f.blank for f in result.findings if f.rule == "REN-05"]
    assert late == ["milestones.3.due"]


def test_the_fee_follows_the_term_before_it_changes(renew):
    old, result = renew(term="2年", follows_term="yes", fee="percent_up", fee_percent="5")
    assert result.answers["fee_total"] == Money(old["fee_total"].fen * 2 * 105 // 100)
    assert [r["price"].fen for r in result.answers["rate_card"]] == [
        (r["price"].fen * 105 + 50) // 100 for r in old["rate_card"]
    ]


def test_a_changed_length_needs_a_decision_on_the_fee(renew):
    assert rules(renew(term="2年")[1])["REN-04"] == "fee_total"
    assert errors(renew(term="2年", follows_term="no")[1].findings) == []
    assert errors(renew(term="12个月")[1].findings) == []


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ({"fee": "table", "fee_table": [{"number": "X", "fee": "1.00"}]}, "REN-03"),
        ({"fee": "sum_down", "fee_sum": "999999999.00"}, "REN-09"),
        ({"fee": "percent_down", "fee_percent": "100"}, "REN-09"),
    ],
)
def test_a_fee_that_cannot_be_is_an_error_at_its_field(renew, raw, rule):
    result = renew(**raw)[1]
    assert rules(result)[rule] == "fee_total"
    assert [finding.rule for finding in errors(result.findings)] == [rule]


def test_a_rise_above_what_the_old_contract_allows_is_told(renew):
    assert "REN-07" not in rules(renew(fee="percent_up", fee_percent="5")[1])
    assert rules(renew(fee="percent_up", fee_percent="5.01")[1])["REN-07"] == "fee_total"


def test_the_time_to_propose_a_renewal_is_watched(renew):
    assert "REN-08" not in rules(renew(today=date(2027, 11, 30))[1])
    assert "REN-08" in rules(renew(today=date(2027, 12, 1))[1])


def test_signing_after_the_start_is_told_and_an_old_date_never_kept(renew):
    assert "signing_date" not in renew()[1].answers
    assert "REN-10" in rules(renew(signing_date="2028-01-02")[1])
    assert "REN-10" not in rules(renew(signing_date="2028-01-01")[1])


def test_signatories_change_by_code_or_name_and_nothing_else_does(renew):
    old, result = renew(
        signatories=[
            {"company": "91350100M000100Y43", "contact": "新联系人"},
            {"company": "杭州青禾客户服务有限公司", "legal_representative": "新法人"},
            {"company": "别的公司", "contact": "无关"},
        ]
    )
    client, provider = result.answers["client"], result.answers["provider"]

    assert (client.contact, client.legal_representative) == ("新联系人", old["client"].legal_representative)
    assert (provider.contact, provider.legal_representative) == (old["provider"].contact, "新法人")


def test_numbers_follow_the_pattern_and_count_on(renew):
    assert renew()[1].answers["contract_number"] == "CRM-1-R1"
    later = renew(chain=Chain("CRM-1", "CRM-1-R1", 1), number="{year}/{number}#{count} {first}")[1]
    assert later.answers["contract_number"] == "2028/CRM-1-R1#2 CRM-1"


def test_texts_that_speak_of_the_old_term_are_moved_or_told(renew):
    kind = "complaints-deadline"
    moved = renew(kind)[1]
    kept = renew(kind, text_dates=False)[1]

    told = {f.blank: f.level for f in moved.findings if f.rule == "REN-06"}
    assert told
    assert set(told.values()) == {Level.INFO}
    assert {f.blank for f in kept.findings if f.level is Level.WARNING and f.rule == "REN-06"} == set(told)


def test_budgets_follow_only_when_told_and_add_up(renew):
    kind = "complaints-deadline"
    old, kept = renew(kind, fee="percent_up", fee_percent="3.33")
    followed = renew(kind, fee="percent_up", fee_percent="3.33", budgets=True)[1]

    budgets = [sum(r["budget"].fen for r in a["care_activities"]) for a in (old, kept.answers)]
    assert budgets[0] == budgets[1]
    share = Decimal(followed.answers["fee_total"].fen) / old["fee_total"].fen
    total = sum(r["budget"].fen for r in followed.answers["care_activities"])
    assert total == int((budgets[0] * share).quantize(Decimal(1), "ROUND_HALF_UP"))


def test_without_a_term_nothing_can_be_renewed(shipped_bank):
    result = renewed({}, shipped_bank.vocabulary.blanks, policy(shipped_bank), CHAIN, TODAY)
    assert rules(result) == {"REN-01": "service_end_date"}


def test_what_is_computed_is_not_part_of_the_new_answers(renew):
    result = renew("support-retention")[1]
    assert not any("amount" in row for row in result.answers["payment_schedule"])
    assert derive(result.answers)["contract_year"] == "2028年度"
