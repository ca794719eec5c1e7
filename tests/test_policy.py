"""The policy: which wordings and figures go below the floor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clausebank.assembly.assemble import assemble
from clausebank.assembly.select import Stances
from clausebank.balance import balance
from clausebank.document import Stance
from clausebank.policy import Breach, Policy, Range, breaches
from schemas import answers_schema, example_answers

KIND = "crm-outsourcing"


@pytest.fixture(scope="module")
def below(shipped_bank, shipped_templates):
    """A function: where the example contract goes below the floor of a policy."""

    def found(policy: Policy, stances: Stances | None = None, **changed) -> tuple[Breach, ...]:
        template, chosen = shipped_templates[KIND], stances or Stances()
        raw = {**example_answers(template, shipped_bank, chosen), **changed}
        answers = answers_schema(template, shipped_bank, chosen).load(raw)
        document = assemble(template, answers, shipped_bank, chosen)
        return breaches(balance(document, template, shipped_bank), document, shipped_bank, policy)

    return found


def test_neutral_wordings_and_those_in_our_favour_need_no_approval(below):
    assert below(Policy()) == ()
    assert below(Policy(), Stances(Stance.CLIENT)) == ()
    assert below(Policy(Stance.PROVIDER), Stances(Stance.PROVIDER)) == ()


def test_wordings_for_the_other_side_do(below):
    found = below(Policy(), Stances(by_topic={"liability": Stance.PROVIDER}))
    assert found
    assert {breach.clause.split(".")[0] for breach in found} == {"liability"}
    assert {(breach.chosen, breach.allowed) for breach in found} == {("provider", "neutral")}
    assert below(Policy(Stance.PROVIDER), Stances(by_topic={"liability": Stance.CLIENT}))


def test_a_floor_can_be_lower_or_higher_for_a_topic(below):
    stances = Stances(by_topic={"liability": Stance.PROVIDER})
    assert below(Policy(floors={"liability": Stance.PROVIDER}), stances) == ()
    strict = below(Policy(floors={"liability": Stance.CLIENT}))
    assert {(breach.chosen, breach.allowed) for breach in strict} == {("neutral", "client")}


def test_a_topic_whose_wording_has_no_text_for_the_stance_is_no_breach(below, shipped_bank):
    neutral_only = {c.topic for c in shipped_bank.clauses.values() if len(c.variants) > 1}
    plain = next(topic for topic in shipped_bank.vocabulary.topics if topic not in neutral_only)
    assert below(Policy(), Stances(by_topic={plain: Stance.PROVIDER})) == ()


@pytest.mark.parametrize(
    ("limit", "value", "held"),
    [
        (Range(least="100"), "100", True),
        (Range(least="100"), "99.99", False),
        (Range(most="100"), "100", True),
        (Range(most="100"), "101", False),
        (Range("50", "100"), "75", True),
    ],
)
def test_figures_are_held_to_their_limits(below, limit, value, held):
    found = below(Policy(limits={"liability_cap_percent": limit}), liability_cap_percent=value)
    assert (found == ()) == held
    assert all(breach.blank == "liability_cap_percent" for breach in found)


def test_a_limit_reads_in_words(below):
    (found,) = below(Policy(limits={"liability_cap_percent": Range("100")}), liability_cap_percent="50")
    assert (found.chosen, found.allowed) == ("50%", "≥ 100%")
    assert Breach.from_data(found.to_data()) == found


def test_a_limit_of_a_blank_that_is_gone_is_no_breach(below):
    assert below(Policy(limits={"no_such_blank": Range("1")})) == ()


def test_a_policy_is_plain_data_and_back():
    policy = Policy(Stance.PROVIDER, {"payment": Stance.CLIENT}, {"x": Range("1", "2")})
    assert Policy.from_data(policy.to_data()) == policy
    assert replace(policy, side=Stance.CLIENT) != policy
