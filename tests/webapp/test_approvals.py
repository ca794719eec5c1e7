"""Procurement's job: within the policy a contract is final, below it another person must agree."""

from __future__ import annotations

from uuid import UUID

import pytest
from bs4 import BeautifulSoup

from clausebank.assembly.select import Stances
from clausebank.document import Stance
from clausebank.embedded import read_manifest, text_lines
from clausebank.storage.approval_models import ApprovalRequest, PolicyVersion
from clausebank.storage.audit import events, latest, verify
from clausebank.storage.contracts import keep_contract
from clausebank.storage.errors import Refusal
from clausebank.storage.models import Contract
from clausebank.storage.people import find_user, person_of
from schemas import example_answers
from tests.people import logged_in
from tests.webapp.browsing import open_page
from tests.webapp.test_access import token_of
from webapp.drafting import draft_contract, outcome_of
from webapp.verifying import verify as verify_file

TOPIC = "liability"


@pytest.fixture
def buyer(app):
    return logged_in(app, "钱采购")


@pytest.fixture
def reviewer(app):
    return logged_in(app, "李审核")


def send(client, path, **form):
    return client.post(path, data={"csrf_token": token_of(client), **form})


def soup(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "lxml")


@pytest.fixture
def below(buyer, example):
    """The page to ask for approval of a contract that goes below the floor, and the contract's id."""
    page = open_page(buyer)
    page.values |= example | {"contract_number": "BELOW-1", f"_stance.{TOPIC}": "provider"}
    path = page.press("_create").response.headers["Location"]
    return path, UUID(path.rsplit("/", 1)[1])


def stored(workspace, contract_id) -> Contract:
    with workspace.database.reading() as session:
        contract = session.get_one(Contract, contract_id)
        assert contract.files
        return contract


def test_a_contract_within_the_policy_is_final_at_once(buyer, example, workspace):
    page = open_page(buyer)
    page.values |= example | {"contract_number": "WITHIN-1"}
    path = page.press("_create").response.headers["Location"]
    contract = stored(workspace, UUID(path.rsplit("/", 1)[1]))
    assert (contract.state, contract.approval) == ("final", "")
    assert "审批" not in soup(buyer.get(path)).select_one(".facts").get_text()


def test_lawyers_are_not_bound(app, example, workspace):
    page = open_page(logged_in(app, "王律师"))
    assert not page.soup.select("#policy")
    page.values |= example | {"contract_number": "FREE-1", f"_stance.{TOPIC}": "provider"}
    path = page.press("_create").response.headers["Location"]
    assert stored(workspace, UUID(path.rsplit("/", 1)[1])).state == "final"


def test_the_form_tells_what_needs_approval_while_choosing(buyer, example):
    page = open_page(buyer)
    page.values |= example
    assert "未超出权限" in page.preview().text("#policy")
    other = page.preview(**{f"_stance.{TOPIC}": "provider"})
    assert "需要批准" in other.text("#policy summary")
    assert "责任" in other.text("#policy .breaches")
    assert other.soup.select("#policy .balance details")
    options = page.soup.select(f"[name='_stance.{TOPIC}'] option")
    marked = {option["value"] for option in options if "需要批准" in option.get_text()}
    assert marked == {"provider"}


def test_below_the_floor_it_is_a_draft_until_approved(below, buyer, reviewer, workspace):
    path, contract_id = below
    assert path.startswith("/approvals/ask/")
    before = stored(workspace, contract_id)
    assert (before.state, before.approval) == ("draft", "needed")
    old = buyer.get(f"/contracts/{contract_id}/files/docx").data
    assert any("草稿" in line for line in text_lines(buyer.get(f"/contracts/{contract_id}/files/pdf").data))
    assert read_manifest(old).draft

    assert send(buyer, path, reason=" ").status_code == 422
    asked = send(buyer, path, reason="对方坚持，已换得更低的价格").headers["Location"]
    assert stored(workspace, contract_id).approval == "asked"
    assert send(buyer, path, reason="再来一次").status_code == 404
    assert send(buyer, asked, step="approve").status_code == 403

    page = soup(reviewer.get(asked))
    assert "已换得更低的价格" in page.select_one(".facts").get_text()
    shown = page.select_one(".compared")
    assert shown.select("ins")
    assert shown.select("del")
    assert not any(sign in shown.get_text() for sign in "{}[]"), "clause language instead of contract text"
    assert page.select(".balance details")
    assert send(reviewer, asked, step="approve", comment="同意").status_code == 303

    after = stored(workspace, contract_id)
    assert (after.state, after.approval) == ("final", "approved")
    new = buyer.get(f"/contracts/{contract_id}/files/docx").data
    assert not read_manifest(new).draft
    assert verify_file(new, workspace).identical
    assert not any(
        "草稿" in line for line in text_lines(buyer.get(f"/contracts/{contract_id}/files/pdf").data)
    )
    assert {file.format for file in after.files} == {file.format for file in before.files}
    with workspace.database.reading() as session:
        told = [(event.actor, event.action) for event in events(session, f"contract/{contract_id}")]
        assert verify(session, workspace.database.audit_key).findings == ()
    assert told == [("钱采购", "make"), ("钱采购", "ask for approval"), ("李审核", "approve")]


def test_a_returned_request_says_why_and_can_be_asked_again(below, buyer, reviewer, workspace):
    path, contract_id = below
    asked = send(buyer, path, reason="一").headers["Location"]
    refused = send(reviewer, asked, step="return", comment=" ")
    assert refused.status_code == 422
    assert "退回的理由" in refused.text
    assert send(reviewer, asked, step="return", comment="请先争取中立文本").status_code == 303
    assert send(reviewer, asked, step="approve").status_code == 422
    page = soup(buyer.get(f"/contracts/{contract_id}"))
    assert "请先争取中立文本" in page.get_text()
    assert stored(workspace, contract_id).state == "draft"
    again = send(buyer, path, reason="二").headers["Location"]
    assert send(reviewer, again, step="approve").status_code == 303
    assert stored(workspace, contract_id).state == "final"


def test_nobody_decides_on_what_they_asked_for(below, buyer, reviewer, workspace):
    asked = send(buyer, below[0], reason="一").headers["Location"]
    with workspace.database.writing() as session:
        session.get_one(ApprovalRequest, UUID(asked.rsplit("/", 1)[1])).author = "李审核"
    refused = send(reviewer, asked, step="approve")
    assert refused.status_code == 422
    assert "另一个人" in refused.text
    assert stored(workspace, below[1]).state == "draft"


def test_the_header_counts_what_waits(below, buyer, reviewer):
    def count(client) -> str:
        found = soup(client.get("/contracts/")).select_one("nav.pages .count [aria-hidden]")
        return found.get_text() if found else "0"

    before = int(count(reviewer))
    asked = send(buyer, below[0], reason="一").headers["Location"]
    assert int(count(reviewer)) == before + 1
    returned = int(count(buyer))
    send(reviewer, asked, step="return", comment="不")
    assert int(count(reviewer)) == before
    assert int(count(buyer)) == returned + 1
    send(buyer, below[0], reason="二")
    assert int(count(buyer)) == returned


def test_files_that_cannot_be_kept_leave_the_request_open(below, buyer, reviewer, workspace, monkeypatch):
    asked = send(buyer, below[0], reason="一").headers["Location"]
    before = {file.path for file in stored(workspace, below[1]).files}

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(workspace.files), "put", full)
    assert send(reviewer, asked, step="approve").status_code == 500
    monkeypatch.undo()
    assert {file.path for file in stored(workspace, below[1]).files} == before
    assert all(workspace.files.find(path) for path in before)
    assert stored(workspace, below[1]).approval == "asked"
    assert send(reviewer, asked, step="approve").status_code == 303


def test_somebody_bound_by_the_policy_keeps_no_contract_it_did_not_see(workspace):
    template = workspace.templates["crm-outsourcing"]
    raw = example_answers(template, workspace.bank, Stances(Stance.PROVIDER))
    draft = draft_contract(template, raw, workspace.bank, Stances(Stance.PROVIDER), ("txt",))
    with workspace.database.reading() as session:
        person = person_of(find_user(session, "钱采购"))
    with pytest.raises(Refusal):
        keep_contract(workspace.database.seen_by(person), workspace.files, outcome_of(draft))


# --- the policy ----------------------------------------------------------------------------------


@pytest.fixture
def shipped_again(workspace):
    """The policy of a test does not bind the next."""
    yield
    with workspace.database.writing() as session:
        for row in session.query(PolicyVersion):
            session.delete(row)


def form_of(page) -> dict[str, str]:
    fields = {
        i["name"]: i.get("value", "")
        for i in page.select("main input[name]:not([type=radio], [name=csrf_token])")
    }
    fields |= {i["name"]: i["value"] for i in page.select("main input[type=radio][checked]")}
    return fields | {
        s["name"]: s.select_one("option[selected]")["value"] for s in page.select("main select[name]")
    }


@pytest.mark.usefixtures("shipped_again")
def test_a_reviewer_sets_the_policy_and_it_binds_at_once(buyer, reviewer, example, workspace):
    form = form_of(soup(reviewer.get("/policy/")))
    form |= {f"floor.{TOPIC}": "provider", "least.liability_cap_percent": "150", "note": "年度调整"}
    assert send(reviewer, "/policy/", **form).status_code == 303
    assert "现行的是第1版" in buyer.get("/policy/").text
    page = open_page(buyer)
    page.values |= example | {f"_stance.{TOPIC}": "provider", "liability_cap_percent": "120"}
    said = page.preview().text("#policy .breaches")
    assert "120%" in said
    assert "≥ 150%" in said
    with workspace.database.reading() as session:
        event = latest(session, ["policy/1"], 1)[0]
    assert (event.actor, event.detail["note"]) == ("李审核", "年度调整")
    assert event.detail["after"]["floors"] == {TOPIC: "provider"}


@pytest.mark.usefixtures("shipped_again")
def test_every_problem_of_a_policy_is_shown_and_what_was_typed_kept(reviewer):
    form = form_of(soup(reviewer.get("/policy/")))
    form |= {"least.liability_cap_percent": "很多", "most.liability_cap_percent": "-1", "note": "x"}
    answer = send(reviewer, "/policy/", **form)
    page = soup(answer)
    assert answer.status_code == 422
    assert len(page.select(".summary li")) == 2
    assert page.find(id="least.liability_cap_percent")["value"] == "很多"
    assert send(reviewer, "/policy/", **(form | {"note": " "})).status_code == 422


@pytest.mark.usefixtures("shipped_again")
def test_the_second_of_two_who_set_the_policy_is_told(reviewer, client):
    form = form_of(soup(reviewer.get("/policy/"))) | {"note": "一"}
    assert send(reviewer, "/policy/", **form, **{f"floor.{TOPIC}x": ""}).status_code == 422
    first = form | {"floor.payment": "client"}
    assert send(reviewer, "/policy/", **first).status_code == 303
    late = send(client, "/policy/", **(form | {"floor.payment": "provider"}))
    assert late.status_code == 422
    assert "第1版" in soup(late).select_one(".summary").get_text()


def test_procurement_sees_the_policy_and_cannot_set_it(buyer):
    page = soup(buyer.get("/policy/"))
    assert not page.select("main button")
    assert all(control.has_attr("disabled") for control in page.select("main select"))
    assert send(buyer, "/policy/", side="client").status_code == 403
