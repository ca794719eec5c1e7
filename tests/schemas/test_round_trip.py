"""Answers of every shipped kind survive load and dump, and the fields of a page."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausebank import load_bank, load_templates
from clausebank.assembly.select import Stances, blanks_offered
from clausebank.document import Stance
from schemas import answers_schema, example_answers
from schemas.forms import flatten, nest
from schemas.relations import ORDERED
from tests.strategies import valid_answers, valid_raw_answers

BANK = load_bank()
TEMPLATES = load_templates()
KINDS = sorted(TEMPLATES)
SLOW = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
stances = st.sampled_from([Stances(stance) for stance in Stance])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stance", Stance)
def test_the_example_of_a_kind_is_complete_and_valid(kind, stance):
    template, chosen = TEMPLATES[kind], Stances(stance)
    answers = answers_schema(template, BANK, chosen).load(example_answers(template, BANK, chosen))
    assert {blank.name for blank in blanks_offered(template, BANK, chosen)} <= answers.keys()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stance", Stance)
def test_answers_made_for_one_stance_serve_every_other(kind, stance):
    template = TEMPLATES[kind]
    for made_for in Stance:
        raw = example_answers(template, BANK, Stances(made_for))
        for name in {name for pair in ORDERED for name in pair}:  # suggested together, stance by stance
            raw.pop(name, None)
        assert answers_schema(template, BANK, Stances(stance)).load(raw)


@SLOW
@given(st.data())
def test_it_loads_what_it_dumps(data):
    chosen = data.draw(stances)
    template = TEMPLATES[data.draw(st.sampled_from(KINDS))]
    schema = answers_schema(template, BANK, chosen)
    answers = data.draw(valid_answers(template, BANK, chosen))
    dumped = schema.dump(answers)
    assert schema.load(dumped) == answers
    assert schema.load(json.loads(json.dumps(dumped))) == answers


@SLOW
@given(st.data())
def test_a_page_gives_back_the_answers_it_shows(data):
    chosen = data.draw(stances)
    template = TEMPLATES[data.draw(st.sampled_from(KINDS))]
    schema, blanks = answers_schema(template, BANK, chosen), blanks_offered(template, BANK, chosen)
    raw = data.draw(valid_raw_answers(template, BANK, chosen))
    assert schema.load(nest(flatten(raw, blanks).items(), blanks)) == schema.load(raw)


@SLOW
@given(st.data())
def test_text_comes_through_letter_by_letter(data):
    template = TEMPLATES[data.draw(st.sampled_from(KINDS))]
    raw = data.draw(valid_raw_answers(template, BANK))
    answers = answers_schema(template, BANK).load(raw)
    assert answers["contract_number"] == raw["contract_number"]
    assert answers["client"].name == raw["client"]["name"]
