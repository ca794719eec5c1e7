from __future__ import annotations

from datetime import date

import pytest

from clausebank.facts import Facts, facts_of
from schemas import example_answers


def test_it_reads_parties_term_and_amount_in_fen():
    answers = {
        "client": {"name": " 上海云岚商贸有限公司 ", "uscc": "91350100M000100Y43"},
        "provider": {"name": "杭州青禾客户服务有限公司"},
        "service_start_date": "2027-01-01",
        "service_end_date": "2027-12-31",
        "fee_total": "480000.05",
    }

    assert facts_of(answers) == Facts(
        "上海云岚商贸有限公司", "杭州青禾客户服务有限公司", date(2027, 1, 1), date(2027, 12, 31), 48_000_005
    )


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"client": None, "provider": "乙公司", "fee_total": None},
        {"client": {"name": 3}, "service_start_date": "soon", "fee_total": "dear"},
        {"service_end_date": 20271231, "fee_total": "NaN"},
        {"fee_total": "Infinity"},
        {"fee_total": "-1.00"},
        {"fee_total": "1" + "0" * 30},
    ],
)
def test_what_is_missing_or_unreadable_is_left_out(answers):
    assert facts_of(answers) == Facts()


def test_every_kind_has_all_facts(shipped_bank, shipped_templates):
    assert len(shipped_templates) == 10
    for template in shipped_templates.values():
        facts = facts_of(example_answers(template, shipped_bank))
        assert facts.client_name == "上海云岚商贸有限公司"
        assert facts.provider_name == "杭州青禾客户服务有限公司"
        assert facts.starts_on is not None
        assert facts.ends_on is not None
        assert facts.starts_on < facts.ends_on, template.kind
        assert facts.amount == 48_000_000
