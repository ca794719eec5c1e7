"""The form in steps: all questions, none twice, at most nine fields at a time."""

import pytest

from clausebank.assembly.derive import sources
from webapp.steps import MOST, size, steps_of
from webapp.workbench import questions


@pytest.fixture(scope="module")
def kinds(shipped_bank, shipped_templates):
    return {
        kind: steps_of(template, shipped_bank, questions(template, shipped_bank))
        for kind, template in shipped_templates.items()
    }


def test_every_question_is_in_one_step_in_the_order_of_the_vocabulary(kinds, shipped_bank, shipped_templates):
    for kind, steps in kinds.items():
        asked = [blank.name for step in steps for blank in step.blanks]
        assert sorted(asked) == sorted(
            blank.name for blank in questions(shipped_templates[kind], shipped_bank)
        )
        assert len(asked) == len(set(asked))


def test_no_step_shows_more_than_nine_fields(kinds, shipped_bank):
    company = shipped_bank.vocabulary.company
    for steps in kinds.values():
        for step in steps:
            assert 0 < sum(size(blank, company) for blank in step.blanks) <= MOST, step.name


def test_a_step_knows_the_articles_its_questions_fill(kinds):
    (step,) = [
        step
        for step in kinds["crm-outsourcing"]
        if any(blank.name == "payment_schedule" for blank in step.blanks)
    ]
    assert "payment" in [article.id for article in step.articles]


def test_a_computed_value_stands_with_the_last_question_it_comes_from(kinds):
    for steps in kinds.values():
        places = {blank.name: index for index, step in enumerate(steps) for blank in step.blanks}
        for index, step in enumerate(steps):
            for blank in step.computed:
                asked = [places[name] for name in sources(blank.name) if name in places]
                assert index == max(asked)


def test_pages_of_a_group_are_counted(kinds):
    for steps in kinds.values():
        for group in {step.group for step in steps}:
            numbers = [step.number for step in steps if step.group == group]
            assert numbers == list(range(1, len(numbers) + 1))
            assert {step.pages for step in steps if step.group == group} == {len(numbers)}
