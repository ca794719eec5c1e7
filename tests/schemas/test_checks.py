"""The values the bank itself holds: examples, limits and suggestions."""

from dataclasses import replace

from clausebank import load_bank, load_templates
from clausebank.document import Stance
from schemas.checks import check_values

BANK = load_bank()


def test_every_value_the_shipped_bank_holds_is_an_answer_one_could_give():
    assert [finding.zh for finding in check_values(BANK, load_templates().values())] == []


def test_it_finds_examples_limits_and_columns_that_are_wrong():
    fee, schedule = BANK.vocabulary.blanks["fee_total"], BANK.vocabulary.blanks["payment_schedule"]
    share = next(column for column in schedule.fields if column.name == "share")
    blanks = {
        "fee_total": replace(fee, example="一百"),
        "other": replace(fee, name="other", minimum="许多"),
        "number": replace(BANK.vocabulary.blanks["contract_number"], name="number", maximum="许多"),
        "seller": replace(BANK.vocabulary.blanks["client"], name="seller", example={"uscc": "1"}),
        "payment_schedule": replace(schedule, fields=(replace(share, example="200"),)),
    }
    bank = replace(BANK, clauses={}, vocabulary=replace(BANK.vocabulary, blanks=blanks))
    places = [finding.place for finding in check_values(bank)]
    assert places == ["fee_total", "other", "number", "seller", "payment_schedule", "payment_schedule.share"]


def test_it_finds_suggestions_that_are_wrong():
    clause = replace(BANK.clauses["payment.late"], suggestions={"late_payment_rate": {Stance.CLIENT: "9"}})
    (finding,) = check_values(replace(BANK, clauses={clause.id: clause}))
    assert finding.place == "payment.late"
    assert "late_payment_rate client" in finding.zh
    assert "0.1" in finding.en
