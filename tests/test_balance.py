"""The balance report: whose favour wording and figures are in."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from clausebank import Stances, assemble
from clausebank.assembly.select import topics_with_stances
from clausebank.balance import balance, ladder, leaning
from clausebank.document import Stance
from clausebank.wording.values import Money, Period
from schemas import answers_schema, example_answers
from tests.samples import ANSWERS, bank, one_article

CLIENT, NEUTRAL, PROVIDER = Stance.CLIENT, Stance.NEUTRAL, Stance.PROVIDER
TEXTS = {
    "fees.late": "# neutral\n\n宽限{{grace}}。\n\n# client\n\n宽限{{grace}}，并可以抵扣。",
    "data.duty": "按{{rate}}计。{{fee_total}}",
    "general.same": "一种写法。",
}
GRACE = {CLIENT: "10日", NEUTRAL: "5日", PROVIDER: "3日"}
RATE = {NEUTRAL: "5", CLIENT: "20", PROVIDER: "5"}


def report(answers=(), **by_topic):
    held = bank(TEXTS)
    clauses = dict(held.clauses)
    clauses["fees.late"] = replace(clauses["fees.late"], suggestions={"grace": GRACE})
    own = {"rate": RATE, "fee_total": {NEUTRAL: "1.00"}}
    clauses["data.duty"] = replace(clauses["data.duty"], suggestions=own)
    held = replace(held, clauses=clauses)
    stances = Stances(NEUTRAL, {topic: Stance(stance) for topic, stance in by_topic.items()})
    sample = one_article(*TEXTS)
    document = assemble(sample, ANSWERS | dict(answers), held, stances)
    return {line.topic: line for line in balance(document, sample, held)}


def test_it_lists_the_topics_whose_stances_differ_and_no_other():
    lines = report()
    assert set(lines) == {"fees", "data"}
    assert [figure.blank for figure in lines["data"].figures] == ["rate"]


def test_a_stance_whose_text_lacks_a_blank_suggests_nothing_for_it(shipped_bank):
    figures = {
        blank.name: suggested
        for blank, suggested in ladder(shipped_bank.clauses["liability.special-cap"], shipped_bank)
    }
    assert figures == {"special_cap_percent": {NEUTRAL: Decimal(300), PROVIDER: Decimal(100)}}


def test_the_wording_chosen_decides_whose_favour_a_topic_is_in():
    line = report(fees="client")["fees"]
    assert [(w.clause, w.stance) for w in line.wordings] == [("fees.late", CLIENT)]
    assert line.favours is CLIENT
    (figure,) = line.figures
    assert (figure.value, figure.leans) == ("5日", NEUTRAL)
    assert figure.suggested == {CLIENT: "10日", NEUTRAL: "5日", PROVIDER: "3日"}


def test_where_the_wording_is_neutral_the_figures_decide():
    assert report()["fees"].favours is NEUTRAL
    assert report({"grace": Period.parse("4日")})["fees"].favours is PROVIDER
    assert report({"rate": Decimal(6)})["data"].favours is CLIENT


def test_a_blank_without_an_answer_has_no_value_and_leans_nowhere():
    (figure,) = report({"rate": None})["data"].figures
    assert (figure.value, figure.leans) == ("", None)


@pytest.mark.parametrize(
    ("value", "suggested", "side"),
    [
        (Decimal(7), {CLIENT: Decimal(10), NEUTRAL: Decimal(5), PROVIDER: Decimal(3)}, CLIENT),
        (Decimal(4), {CLIENT: Decimal(10), NEUTRAL: Decimal(5), PROVIDER: Decimal(3)}, PROVIDER),
        (Decimal(5), {CLIENT: Decimal(10), NEUTRAL: Decimal(5), PROVIDER: Decimal(3)}, NEUTRAL),
        (Decimal(9), {CLIENT: Decimal(8), NEUTRAL: Decimal(10), PROVIDER: Decimal(20)}, CLIENT),
        (Period.parse("8小时"), {s: Period.parse(t) for s, t in zip(Stance, ("2小时", "1日", "3日"), strict=True)}, CLIENT),
        (Money(9), {CLIENT: Money(5), NEUTRAL: Money(5), PROVIDER: Money(7)}, PROVIDER),
        (3, {CLIENT: 4, NEUTRAL: 2, PROVIDER: 4}, None),
        (4, {CLIENT: 4, NEUTRAL: 2, PROVIDER: 4}, None),
        (True, {CLIENT: True, NEUTRAL: False, PROVIDER: False}, CLIENT),
        ("b", {CLIENT: "a", NEUTRAL: "b", PROVIDER: "c"}, NEUTRAL),
        ("d", {CLIENT: "a", NEUTRAL: "b", PROVIDER: "c"}, None),
        (Decimal(3), {CLIENT: Decimal(3)}, CLIENT),
    ],
)  # fmt: skip
def test_a_number_leans_to_its_side_of_neutral_and_other_values_to_what_they_equal(value, suggested, side):
    assert leaning(value, blank_for(value), suggested) is side


def blank_for(value):
    blanks = bank({}).vocabulary.blanks
    match value:
        case bool():
            return blanks["third_party"]
        case Decimal():
            return blanks["rate"]
        case Money():
            return blanks["fee_total"]
        case Period():
            return blanks["grace"]
        case int():
            return blanks["copies_each"]
        case _:
            return blanks["signing_place"]


@pytest.mark.parametrize("stance", list(Stance))
def test_suggested_answers_of_a_stance_never_favour_the_other_side(shipped_bank, shipped_templates, stance):
    for template in shipped_templates.values():
        raw = example_answers(template, shipped_bank, Stances(stance))
        typed = answers_schema(template, shipped_bank, Stances(stance)).load(raw)
        document = assemble(template, typed, shipped_bank, Stances(stance))
        lines = balance(document, template, shipped_bank)
        assert {line.topic for line in lines} <= set(topics_with_stances(template, shipped_bank))
        assert {line.favours for line in lines} | {NEUTRAL} == {stance, NEUTRAL}, template.kind
        assert {figure.leans for line in lines for figure in line.figures} <= {stance, NEUTRAL, None}
