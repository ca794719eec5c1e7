"""The bank's pages: browse, history, comparison, and a text from draft to approval by two people."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from tests.people import logged_in

CLAUSE = "general.effect"


class Screen:
    """A page of the bank, and its forms sent as a browser would."""

    def __init__(self, client, response) -> None:
        self.client, self.response, self.status = client, response, response.status_code
        self.soup = BeautifulSoup(response.text, "lxml")

    def text(self, selector: str = "main") -> str:
        return " ".join(found.get_text(" ", strip=True) for found in self.soup.select(selector))

    def send(self, action: str, **given: str) -> Screen:
        """Send the first form with this action; fields keep their values but for those given."""
        form = next(f for f in self.soup.select("form[method=post]") if re.search(action, f["action"]))
        values = {
            i["name"]: i.get("value", "") for i in form.select("input[name]") if i.get("type") != "checkbox"
        }
        values |= {area["name"]: area.get_text().lstrip("\n") for area in form.select("textarea")}
        client = logged_in(self.client.application, given.pop("actor")) if "actor" in given else self.client
        token = {"csrf_token": token_of(client)} if client is not self.client else {}
        response = client.post(form["action"], data=values | given | token, follow_redirects=True)
        return Screen(client, response)


def token_of(client) -> str:
    """The token of somebody's forms."""
    return BeautifulSoup(client.get("/").text, "lxml").select_one("[name=csrf_token]")["value"]


@pytest.fixture
def visit(app):
    client = logged_in(app, "王律师")
    return lambda path: Screen(client, client.get(path))


@pytest.fixture
def draft(visit) -> Screen:
    """A fresh draft of the neutral text, on its page."""
    screen = visit(f"/bank/clauses/{CLAUSE}")
    form = next(
        f for f in screen.soup.select("form") if f.select_one(f'[name=target][value="{CLAUSE}@neutral"]')
    )
    values = {i["name"]: i.get("value", "") for i in form.select("input")}
    return Screen(screen.client, screen.client.post("/bank/drafts", data=values, follow_redirects=True))


def longer(screen: Screen, sentence: str) -> str:
    return screen.soup.select_one("textarea").get_text().lstrip("\n") + f"\n{sentence}\n"


def test_clauses_are_browsed_by_topic(visit, workspace):
    screen = visit("/bank/")
    links = {a["href"] for a in screen.soup.select(".clauses a")}

    assert links == {f"/bank/clauses/{clause_id}" for clause_id in workspace.bank.clauses}


def test_a_two_character_word_finds_the_clauses_that_hold_it(visit):
    screen = visit("/bank/?q=仲裁&status=current")

    assert screen.soup.select(".hits li")
    assert visit("/bank/?q=没有这样的词语").soup.select(".hits li") == []
    assert all(
        "dispute" in code.text for code in visit("/bank/?q=仲裁&topic=dispute").soup.select(".hits code")
    )


def test_the_texts_of_a_clause_stand_side_by_side(visit, workspace):
    texts = [node.get_text() for node in visit("/bank/clauses/liability.cap").soup.select(".variants .text")]

    assert texts == [
        workspace.bank.clauses["liability.cap"].variants[stance].text
        for stance in ("client", "neutral", "provider")
    ]


def test_two_texts_are_compared_inline_and_side_by_side(visit):
    path = "/bank/compare?old=liability.cap@neutral&new=liability.cap@client"

    for screen in (visit(path), visit(f"{path}&beside=1")):
        assert screen.soup.select("del")
        assert screen.soup.select("ins")
    assert not visit("/bank/compare?old=liability.cap@client&new=liability.cap@client").soup.select(
        "del, ins"
    )


def test_what_holds_a_version_is_shown(visit):
    assert "crm-outsourcing" in visit("/bank/impact/liability.cap@client").text()
    assert "fees.total" in visit("/bank/impact/fee_total").text()


@pytest.mark.parametrize(
    "path",
    [
        "clauses/no.such", "history/no.such@neutral", "history/x", "compare?old=x&new=y", "drafts/x",
        "drafts/fees.total@client:99", "impact/nothing",
    ],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(visit, path):
    assert visit(f"/bank/{path}").status == 404


def test_a_draft_is_checked_and_shown_while_typed(draft):
    url = draft.soup.select_one("textarea")["hx-post"]
    token = draft.soup.select_one("[name=csrf_token]")["value"]

    def typed(text: str) -> BeautifulSoup:
        return BeautifulSoup(draft.client.post(url, data={"csrf_token": token, "text": text}).text, "lxml")

    good = typed(longer(draft, "双方另行确认<b>本条</b>内容。"))
    assert good.select_one(".fine")
    assert "另行确认<b>本条</b>内容" in good.select_one(".clause-preview .clause").get_text()
    bad = typed(longer(draft, "{{copies_each}份。"))
    assert bad.select(".problems li")
    assert not bad.select(".clause-preview")


def test_a_text_goes_from_draft_to_approval_by_two_people(draft, visit, workspace):
    sentence = "双方另行确认本条内容。"
    text = longer(draft, sentence)
    refused = draft.send("/drafts/", step="submit", text=text, actor="王律师", note="")
    assert refused.status == 422
    assert refused.soup.select_one("textarea").get_text().lstrip("\n") == text

    submitted = draft.send("/drafts/", step="submit", text=text, actor="王律师", note="补充确认")
    assert "审核中" in submitted.text("h1")
    assert sentence in submitted.text(".difference p.new")
    returned = submitted.send("/drafts/", step="return", actor="李审核", comment="请改“内容”")
    assert "请改“内容”" in returned.text()

    again = returned.send("/drafts/", step="submit", actor="王律师")
    approved = again.send("/drafts/", step="approve", actor="李审核")
    assert "李审核" in approved.text("table")
    assert sentence in visit(f"/bank/clauses/{CLAUSE}").text(".variants")


def test_the_second_of_two_editors_is_refused_and_sees_both_texts(draft):
    first = draft.send("/drafts/", step="save", text=longer(draft, "甲的修改。"), actor="赵律师", note="一")
    second = draft.send("/drafts/", step="save", text=longer(draft, "乙的修改。"), actor="王律师", note="二")

    assert (first.status, second.status) == (200, 409)
    assert "乙的修改。" in second.soup.select_one("textarea").get_text()
    assert (second.text(".summary del"), second.text(".summary ins")) == ("甲", "乙")
    saved = second.send("/drafts/", step="save", actor="王律师")
    assert saved.status == 200
    assert "乙的修改。" in saved.soup.select_one("textarea").get_text()


def test_a_draft_on_an_older_text_is_confirmed_after_comparing(visit, draft):
    text = longer(draft, "较早的草稿。")
    other = visit(f"/bank/history/{CLAUSE}@neutral").send(
        "/bank/drafts", origin=f"{CLAUSE}@neutral:1", actor="王律师"
    )
    done = other.send(
        "/drafts/", step="submit", text=longer(other, "较新的草稿。"), actor="王律师", note="新"
    )
    done.send("/drafts/", step="approve", actor="李审核")

    late = draft.send("/drafts/", step="submit", text=text, actor="王律师", note="旧")
    assert late.status == 422
    seen = late.soup.select_one("[name=seen]")["value"]
    assert late.send("/drafts/", step="submit", text=text, actor="王律师", note="旧", seen=seen).status == 200


def test_a_discarded_draft_leaves_the_list(draft, visit):
    name = draft.soup.select_one("h1 code").text
    assert name in visit("/bank/drafts").text()
    draft.send("/drafts/", step="discard", actor="王律师")

    assert name not in visit("/bank/drafts").text()
    assert draft.send("/drafts/", step="save", actor="王律师").status == 422


def test_nobody_approves_what_they_wrote(app):
    client = logged_in(app, "李审核")
    history = Screen(client, client.get(f"/bank/history/{CLAUSE}@neutral"))
    mine = history.send("/bank/drafts", origin=f"{CLAUSE}@neutral")
    submitted = mine.send("/drafts/", step="submit", text=longer(mine, "自己写的。"), note="一")
    refused = submitted.send("/drafts/", step="approve")

    assert refused.status == 422
    assert "另一个人" in refused.text(".summary")


def test_only_reviewers_decide(draft):
    submitted = draft.send("/drafts/", step="submit", text=longer(draft, "待审核。"), note="一")

    for step in ("approve", "return"):
        assert submitted.send("/drafts/", step=step, actor="赵律师", comment="不").status == 403
    assert submitted.send("/drafts/", step="return", actor="李审核", comment="不").status == 200


def test_no_step_is_taken_without_the_token(draft):
    response = draft.client.post(draft.soup.select_one("form[method=post]")["action"], data={"step": "save"})

    assert response.status_code == 400
