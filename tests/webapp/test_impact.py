from __future__ import annotations

import pytest

from clausebank.render.text import render_text
from clausebank.storage.errors import Refusal
from clausebank.storage.lifecycle import start_draft
from clausebank.storage.models import Contract
from clausebank.storage.versions import clause_series, find_version, template_series
from schemas import example_answers
from tests.workspaces import fresh_workspace
from webapp.drafting import draft_contract, store_contract
from webapp.impact import would_become


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with fresh_workspace(tmp_path_factory.mktemp("impact")) as opened:
        yield opened


@pytest.fixture(scope="module")
def drafted(place):
    template = place.template("crm-outsourcing")
    return draft_contract(template, example_answers(template, place.bank), place.bank, formats=("txt",))


@pytest.fixture(scope="module")
def contract(place, drafted):
    return store_contract(drafted, place)


def neutral(place, clause_id: str, change) -> tuple:
    with place.database.writing() as session:
        old = find_version(session, f"{clause_id}@neutral")
        return start_draft(session, clause_series(clause_id, "neutral"), "王律师", text=change(old.text))


def becoming(place, contract, version):
    with place.database.reading() as session:
        return would_become(session, session.get(Contract, contract.id), version)


def test_the_same_version_changes_nothing(place, contract, drafted):
    with place.database.reading() as session:
        same = find_version(session, "general.effect@neutral")
    outcome = becoming(place, contract, same)

    assert outcome.changed() == []
    assert outcome.missing == ()
    assert render_text(outcome.before) == render_text(drafted.document)


def test_it_shows_what_the_contract_would_say_and_stores_nothing(place, contract):
    draft = neutral(place, "general.effect", lambda text: f"{text}\n双方另行确认本条内容。\n")
    outcome = becoming(place, contract, draft)

    assert any("双方另行确认本条内容" in line.pieces[-1].text for line in outcome.changed())
    assert "双方另行确认" in render_text(outcome.after)
    assert "双方另行确认" not in render_text(outcome.before)
    assert becoming(place, contract, draft).before == outcome.before


def test_it_names_the_blanks_that_would_have_to_be_filled(place, contract):
    with place.database.reading() as session:
        known = session.get(Contract, contract.id).answers
    blank = next(
        name
        for name, blank in place.bank.vocabulary.blanks.items()
        if blank.type == "text" and not blank.optional and not blank.derived and name not in known
    )
    draft = neutral(place, "general.effect", lambda text: f"{text}\n另有约定：{{{{{blank}}}}}。\n")

    assert becoming(place, contract, draft).missing == (blank,)


def test_a_clause_the_contract_does_not_hold_is_refused(place, contract):
    held = {pin["id"] for pin in contract.manifest["clauses"]}
    other = next(clause_id for clause_id in place.bank.clauses if clause_id not in held)
    draft = neutral(place, other, lambda text: text)

    with pytest.raises(Refusal):
        becoming(place, contract, draft)


def test_a_new_template_is_tried_with_the_clauses_in_force(place, contract):
    with place.database.writing() as session:
        source = find_version(session, "template/crm-outsourcing").source
        row = start_draft(
            session,
            template_series("crm-outsourcing"),
            "王律师",
            text=source.replace("客户关系管理外包服务合同", "客户关系外包合同"),
        )
    outcome = becoming(place, contract, row)

    assert "客户关系外包合同" in render_text(outcome.after)
    assert outcome.missing == ()
