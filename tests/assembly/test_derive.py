"""Values that follow from other answers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebank import load_bank
from clausebank.assembly.derive import DERIVED, derive
from clausebank.bank.model import BlankType
from clausebank.wording.values import Money, Period, Unit

shares = st.lists(st.integers(1, 9999), max_size=11, unique=True).map(
    lambda cuts: [
        Decimal(b - a) / 100 for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), 10_000], strict=True)
    ]
)


def test_every_derived_blank_of_the_vocabulary_is_computed():
    blanks = load_bank().vocabulary.blanks.values()
    derived = {blank.name for blank in blanks if blank.derived}
    derived |= {b.name for b in blanks if b.type is BlankType.LIST and any(c.derived for c in b.fields)}
    assert derived == DERIVED.keys()


def test_it_computes_term_year_and_copies():
    answers = {
        "service_start_date": date(2027, 1, 1),
        "service_end_date": date(2027, 12, 31),
        "copies_each": 2,
    }
    derived = derive(answers)
    assert derived["service_term"] == Period(12, Unit.MONTH)
    assert derived["contract_year"] == "2027年度"
    assert derived["copies_total"] == 4


def test_a_term_of_several_years_names_the_first_and_the_last():
    answers = {"service_start_date": date(2027, 7, 1), "service_end_date": date(2030, 6, 30)}
    assert derive(answers)["contract_year"] == "2027年度至2030年度"
    assert "contract_year" not in derive({"service_start_date": date(2027, 7, 1)})


def test_it_computes_nothing_from_nothing_and_keeps_what_it_was_given():
    assert derive({}) == {}
    assert derive({"fee_total": Money(100), "payment_schedule": ()}) == {
        "fee_total": Money(100),
        "payment_schedule": (),
    }


def test_it_computes_no_term_that_ends_before_it_starts():
    assert "service_term" not in derive(
        {"service_start_date": date(2027, 1, 2), "service_end_date": date(2027, 1, 1)}
    )


@pytest.mark.parametrize(
    ("total", "rate", "net", "tax"),
    [
        ("480000.00", "6", "452830.19", "27169.81"),
        ("100.00", "13", "88.50", "11.50"),
        ("0.01", "3", "0.01", "0.00"),
    ],
)
def test_it_splits_the_fee_into_net_and_tax(total, rate, net, tax):
    derived = derive({"fee_total": Money(int(Decimal(total) * 100)), "tax_rate": rate})
    assert derived["fee_net"].yuan == Decimal(net)
    assert derived["fee_tax"].yuan == Decimal(tax)


@given(st.integers(1, 10**14).map(Money), st.sampled_from(["1", "3", "6", "9", "13"]))
def test_net_and_tax_add_up_to_the_total_and_tax_fits_the_rate(total, rate):
    derived = derive({"fee_total": total, "tax_rate": rate})
    net, tax = derived["fee_net"].fen, derived["fee_tax"].fen
    assert net + tax == total.fen
    assert abs(tax * 100 - net * int(rate)) <= 100


def test_every_rate_the_vocabulary_offers_is_a_number():
    for choice in load_bank().vocabulary.blanks["tax_rate"].choices:
        assert derive({"fee_total": Money(10_000), "tax_rate": choice.key})["fee_tax"] >= Money(0)


@given(st.integers(1, 10**14).map(Money), shares)
def test_instalments_add_up_to_the_total_in_order(total, portions):
    rows = tuple({"stage": str(number), "share": share} for number, share in enumerate(portions))
    paid = derive({"fee_total": total, "payment_schedule": rows})["payment_schedule"]
    assert [row["stage"] for row in paid] == [row["stage"] for row in rows]
    assert sum(row["amount"].fen for row in paid) == total.fen
    for row in paid:
        assert row["amount"].fen >= 0
        assert abs(row["amount"].fen - total.fen * row["share"] / 100) < len(rows)


def test_the_last_instalment_takes_what_rounding_leaves():
    rows = tuple({"share": Decimal(share)} for share in ("33.33", "33.33", "33.34"))
    paid = derive({"fee_total": Money(1000), "payment_schedule": rows})["payment_schedule"]
    assert [row["amount"].fen for row in paid] == [333, 333, 334]


def test_an_unfinished_schedule_gets_the_amounts_it_can():
    rows = ({"share": Decimal(50)}, {"stage": "第二期"})
    paid = derive({"fee_total": Money(1001), "payment_schedule": rows})["payment_schedule"]
    assert paid == ({"share": Decimal(50), "amount": Money(500)}, {"stage": "第二期"})


MONTHLY = {
    "service_start_date": date(2027, 1, 1),
    "service_end_date": date(2027, 12, 31),
    "fee_total": Money(10_000_001),
    "first_payment_percent": Decimal(20),
}


def test_it_spreads_the_fee_over_the_months_and_leaves_the_rest_to_the_last():
    derived = derive(MONTHLY)
    assert derived["service_months"] == 12
    assert derived["first_payment_amount"] == Money(2_000_000)
    assert derived["monthly_amount"] == Money(666_666)
    assert derived["last_month_amount"] == Money(666_675)


@given(st.integers(1, 10**12), st.integers(0, 5000), st.integers(0, 2000))
def test_the_first_payment_and_all_months_add_up_to_the_total(fen, share, days):
    answers = {
        **MONTHLY,
        "fee_total": Money(fen),
        "first_payment_percent": Decimal(share) / 100,
        "service_end_date": date(2027, 1, 1) + timedelta(days=days),
    }
    derived = derive(answers)
    months = derived["monthly_amount"].fen * (derived["service_months"] - 1)
    assert derived["first_payment_amount"].fen + months + derived["last_month_amount"].fen == fen
    assert derived["last_month_amount"].fen >= derived["monthly_amount"].fen
