"""Administrators keep users and teams; what they do holds at once and is on the trail."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from clausebank.storage.audit import latest
from clausebank.storage.people import find_user
from tests.people import logged_in
from tests.webapp.test_access import token_of
from tests.webapp.test_login import enter


@pytest.fixture
def send(client):
    """Send a form as the administrator; returns the answer and its page."""

    def sent(path: str, **form):
        answer = client.post(path, data={"csrf_token": token_of(client), **form})
        return answer, BeautifulSoup(answer.text, "lxml")

    return sent


def revision_of(client, path: str) -> str:
    return BeautifulSoup(client.get(path).text, "lxml").select_one("[name=revision]")["value"]


def path_of(workspace, login: str) -> str:
    with workspace.database.reading() as session:
        return f"/people/{find_user(session, login).id}"


def test_a_new_user_gets_a_password_that_is_shown_once(send, client, app):
    answer, page = send("/people/", login="Chen", name="陈工", role="procurement", team="默认团队")
    password = page.select_one(".once code").get_text()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert password not in client.get("/people/").text
    fresh = app.test_client()
    assert enter(fresh, login="chen", password=password).status_code == 303
    assert fresh.get("/contracts/").headers["Location"] == "/password"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"login": "x"}, "2至50个"),
        ({"login": "admin"}, "已被使用"),
        ({"login": "neu", "team": "无"}, "没有这个团队"),
    ],
)
def test_a_user_that_cannot_be_is_explained_and_what_was_typed_is_kept(send, given, said):
    answer, page = send("/people/", **{"name": "某人", "role": "viewer", "team": "默认团队", **given})
    assert answer.status_code == 422
    assert said in page.select_one("main [role=alert]").get_text()
    assert page.select_one("#name")["value"] == "某人"
    assert page.select_one("#role option[selected]")["value"] == "viewer"


def test_a_changed_role_holds_at_once(send, client, app, workspace):
    send("/people/", login="changing", role="viewer", team="默认团队")
    with workspace.database.writing() as session:
        find_user(session, "changing").must_change = False
    path = path_of(workspace, "changing")
    before = logged_in(app, "changing")
    assert before.get("/bank/drafts").status_code == 403
    form = {"name": "改", "role": "lawyer", "team": ["默认团队", "外地团队"], "active": "on", "step": "save"}
    assert send(path, revision=revision_of(client, path), **form)[0].status_code == 303
    assert before.get("/contracts/").status_code == 303
    assert logged_in(app, "changing").get("/bank/drafts").status_code == 200
    profile = logged_in(app, "changing").get("/profile").text
    assert "外地团队" in profile
    with workspace.database.reading() as session:
        event = latest(session, ["user/changing"], 1)[0]
    assert (event.actor, event.action) == ("admin", "change user")
    assert (event.detail["before"]["role"], event.detail["after"]["role"]) == ("viewer", "lawyer")


def test_the_second_of_two_administrators_is_told(send, client, workspace):
    path = path_of(workspace, "孙查看")
    seen = revision_of(client, path)
    form = {"role": "viewer", "team": "默认团队", "active": "on", "step": "save", "revision": seen}
    assert send(path, name="甲改", **form)[0].status_code == 303
    answer, page = send(path, name="乙改", **form)
    assert answer.status_code == 422
    assert "在此期间修改" in page.select_one("main [role=alert]").get_text()
    assert page.select_one("#name")["value"] == "乙改"
    again = {**form, "revision": page.select_one("[name=revision]")["value"]}
    assert send(path, name="孙查看", **again)[0].status_code == 303


def test_the_last_administrator_stays(send, client, workspace):
    path = path_of(workspace, "admin")
    form = {"name": "admin", "role": "viewer", "active": "on", "step": "save"}
    answer, page = send(path, revision=revision_of(client, path), **form)
    assert answer.status_code == 422
    assert "管理员" in page.select_one("main [role=alert]").get_text()
    assert client.get("/people/").status_code == 200


def test_a_reset_password_ends_the_sessions(send, app, workspace):
    client = logged_in(app, "孙查看")
    _answer, page = send(path_of(workspace, "孙查看"), step="reset")
    assert client.get("/contracts/").status_code == 303
    password = page.select_one(".once code").get_text()
    assert enter(app.test_client(), login="孙查看", password=password).status_code == 303
    with workspace.database.writing() as session:
        find_user(session, "孙查看").must_change = False


def test_teams_are_added_and_renamed(send, client):
    assert send("/people/teams", name="西区队")[0].status_code == 303
    answer, page = send("/people/teams", name="西区队")
    assert answer.status_code == 422
    form = next(f for f in page.select("form.inline") if f.select_one("[name=name]").get("value") == "西区队")
    assert (
        send("/people/teams", team=form.select_one("[name=team]")["value"], name="改名队")[0].status_code
        == 303
    )
    text = client.get("/people/teams").text
    assert "改名队" in text
    assert "西区队" not in text
