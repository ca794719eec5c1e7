"""The first page: what waits for whoever is logged in, and the kinds of contract."""

import json
from datetime import date, timedelta
from io import BytesIO

import pytest
from bs4 import BeautifulSoup

from clausebank.storage.models import Contract
from clausebank.templates import load_purposes
from schemas import example_answers
from schemas.forms import flatten
from tests.people import STRANGER, add_people, logged_in
from tests.webapp.browsing import KIND, open_page
from tests.webapp.test_access import make_below, token_of
from webapp import create_app
from webapp.workbench import questions


def test_it_offers_every_kind_in_both_languages(client, workspace):
    soup = BeautifulSoup(client.get("/").text, "lxml")
    cards = soup.select(".card")
    assert [card.select_one("h2 a")["href"] for card in cards] == [
        f"/contracts/new/{kind}" for kind in workspace.templates
    ]
    card = cards[list(workspace.templates).index(KIND)].get_text(" ", strip=True)
    template = workspace.templates[KIND]
    assert template.title.zh in card
    assert template.title.en in card
    assert str(len(set(template.clause_ids()))) in card
    assert load_purposes()[KIND].zh in card


def test_every_kind_shipped_says_in_both_languages_what_it_is_for(workspace):
    purposes = load_purposes()
    assert set(purposes) == set(workspace.templates)
    assert all(purpose.zh and purpose.en for purpose in purposes.values())


@pytest.fixture
def fresh(tmp_path):
    """An application of its own, with people and nothing made."""
    app = create_app({"CLAUSEBANK_HOME": tmp_path / "home", "CLAUSEBANK_GENERATED": tmp_path / "made"})
    add_people(app.extensions["workspace"].database)
    yield app
    app.extensions["workspace"].database.close()


def waits(app, login) -> dict[str, list[str]]:
    """Return what waits for somebody: the links of each list by its heading, without the link to all."""
    soup = BeautifulSoup(logged_in(app, login).get("/").text, "lxml")
    return {
        section.h3.get_text(strip=True): [link.get_text(strip=True) for link in section.select("li > a")]
        for section in soup.select(".waiting section")
    }


def test_where_nothing_waits_the_page_says_how_to_begin(fresh):
    page = logged_in(fresh, "王律师").get("/").text
    assert waits(fresh, "王律师") == {}
    assert "目前没有待办事项" in page


def test_ones_own_drafts_wait_and_those_of_colleagues_do_not(fresh):
    for number in range(6):
        open_page(logged_in(fresh, "王律师")).press("_save", contract_number=f"W-{number}")
    assert waits(fresh, "王律师") == {"您的草稿": ["W-5", "W-4", "W-3", "W-2"]}
    assert waits(fresh, "赵律师") == {}


def test_a_contract_that_ends_soon_waits_for_its_team_the_first_to_end_first(fresh, example):
    client, today = logged_in(fresh, "王律师"), date.today()  # noqa: DTZ011 (days are those of the machine)
    for number, days in (("E-1", 20), ("E-2", 3), ("E-3", 31), ("E-4", -1)):
        page = open_page(client)
        page.values |= example | {"contract_number": number}
        path = page.press("_create").response.headers["Location"]
        with fresh.extensions["workspace"].database.writing() as session:
            contract = session.query(Contract).filter_by(number=number).one()
            assert path.endswith(str(contract.id))
            contract.ends_on = today + timedelta(days=days)
    assert waits(fresh, "赵律师") == {"即将到期的合同": ["E-2", "E-1"]}
    assert waits(fresh, STRANGER) == {}


def test_a_request_waits_for_the_reviewer_and_once_returned_for_who_asked(fresh, example):
    buyer, reviewer = logged_in(fresh, "钱采购"), logged_in(fresh, "李审核")
    below = make_below(buyer, example)
    asked = buyer.post(f"/approvals/ask/{below}", data={"reason": "例", "csrf_token": token_of(buyer)})
    assert waits(fresh, "李审核") == {"待审批的申请": ["ROUTES-2"]}
    assert waits(fresh, "钱采购") == waits(fresh, "王律师") == waits(fresh, STRANGER) == {}
    form = {"step": "return", "comment": "理由不足", "csrf_token": token_of(reviewer)}
    assert reviewer.post(asked.headers["Location"], data=form).status_code == 303
    assert waits(fresh, "李审核") == {}
    assert waits(fresh, "钱采购") == {"退回给您的申请": ["ROUTES-2"]}


def test_a_batch_waits_until_somebody_decides_on_it(fresh):
    lawyer, place = logged_in(fresh, "王律师"), fresh.extensions["workspace"]
    row = json.dumps(example_answers(place.templates[KIND], place.bank)).encode()
    rows = {"rows": (BytesIO(row), "rows.jsonl"), "formats": "txt"}
    sent = lawyer.post(f"/batches/new/{KIND}", data={**rows, "csrf_token": token_of(lawyer)})
    assert waits(fresh, "王律师") == {"进行中的批量": ["rows.jsonl"]}
    lawyer.post(f"{sent.headers['Location']}/discard", data={"csrf_token": token_of(lawyer)})
    assert waits(fresh, "王律师") == {}


def test_the_form_of_every_kind_opens_and_its_example_leaves_nothing_open(client, workspace):
    for kind, template in workspace.templates.items():
        page = open_page(client, f"/contracts/new/{kind}")
        answers = example_answers(template, workspace.bank)
        page.values |= flatten(answers, questions(template, workspace.bank))
        answer = page.press("_preview")
        assert answer.status == 200, kind
        assert not answer.soup.select(".gap"), kind
        assert not answer.soup.select(".error:not(:empty)"), kind
