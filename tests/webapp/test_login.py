"""Logging in and out, and what a stolen, planted, old or expired cookie is worth."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, update

from clausebank.people import UserRole
from clausebank.storage.audit import latest
from clausebank.storage.columns import now
from clausebank.storage.logins import Limits, TooManyAttempts, log_in
from clausebank.storage.passwords import is_password
from clausebank.storage.people import change_user, find_user
from clausebank.storage.people import reset_password as reset
from clausebank.storage.people_models import LoginAttempt, LoginSession, User
from tests.people import PASSWORD, add_people, logged_in
from tests.webapp.browsing import NEW, fields, open_page
from tests.webapp.test_access import token_of
from webapp import create_app

COOKIE = "clausebank"
NEW_PASSWORD = "另一句 也记得住的话 2026"


@pytest.fixture(autouse=True)
def no_attempts(workspace):
    """Attempts of one test do not count in the next."""
    yield
    with workspace.database.writing() as session:
        for row in session.scalars(select(LoginAttempt)):
            session.delete(row)


def enter(client, login="王律师", password=PASSWORD, **more):
    form = {"csrf_token": token_of(client), "login": login, "password": password, **more}
    return client.post("/login", data=form)


def cookie(client) -> str:
    found = client.get_cookie(COOKIE)
    return found.value if found else ""


def with_cookie(app, value: str):
    client = app.test_client()
    client.set_cookie(COOKIE, value)
    return client


# --- going in ------------------------------------------------------------------------------------


def test_one_gets_where_one_was_going(anonymous):
    path = "/contracts/?page=2"
    asked = anonymous.get(path)
    assert unquote(asked.headers["Location"]) == f"/login?next={path}"
    page = BeautifulSoup(anonymous.get(asked.headers["Location"]).text, "lxml")
    answer = enter(anonymous, next=page.select_one("[name=next]")["value"])
    assert answer.status_code == 303
    assert answer.headers["Location"] == path
    assert anonymous.get(path).status_code == 200


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", "x"])
def test_it_never_leads_to_another_site(anonymous, path):
    assert enter(anonymous, next=path).headers["Location"] == "/"


@pytest.mark.parametrize("login", ["王律师", " 王律师 ", "ＡＤＭＩＮ", "Admin"])
def test_a_login_name_is_known_however_it_is_typed(anonymous, login):
    assert enter(anonymous, login=login).status_code == 303


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(anonymous, app):
    unknown, wrong = enter(anonymous, login="nobody"), enter(anonymous, password="wrong" * 4)
    assert unknown.status_code == wrong.status_code == 401
    said = [
        BeautifulSoup(answer.text, "lxml").select_one("main [role=alert]").get_text()
        for answer in (unknown, wrong)
    ]
    assert said[0] == said[1] == "登录名或者密码不正确。"
    assert cookie(anonymous) == ""
    assert PASSWORD not in wrong.text


def test_a_password_is_compared_for_unknown_names_too(app, workspace, monkeypatch):
    compared = []
    monkeypatch.setattr(
        "clausebank.storage.logins.is_password",
        lambda kept, password: compared.append(kept) or is_password(kept, password),
    )
    limits = app.extensions["login-limits"]
    assert log_in(workspace.database, "nobody", PASSWORD, "1.2.3.4", limits) is None
    assert compared[0].startswith("$argon2id$")


def test_who_was_put_out_of_action_does_not_get_in(app, workspace):
    client = logged_in(app, "孙查看")
    assert client.get("/contracts/").status_code == 200
    with workspace.database.writing() as session:
        change_user(session, find_user(session, "孙查看"), active=False)
    assert client.get("/contracts/").status_code == 303
    assert enter(app.test_client(), login="孙查看").status_code == 401
    with workspace.database.writing() as session:
        change_user(session, find_user(session, "孙查看"), active=True)
    assert client.get("/contracts/").status_code == 303


# --- the cookie ----------------------------------------------------------------------------------


def test_the_cookie_holds_a_random_token_of_which_the_database_keeps_a_digest(anonymous, workspace):
    answer = enter(anonymous)
    header = next(h for h in answer.headers.getlist("Set-Cookie") if h.startswith(f"{COOKIE}="))
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert len(cookie(anonymous)) >= 43
    with workspace.database.reading() as session:
        kept = list(session.scalars(select(LoginSession.id)))
    assert cookie(anonymous) not in kept
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in kept)


def test_over_https_the_cookie_stays_on_it(tmp_path):
    app = create_app(
        {"CLAUSEBANK_HOME": tmp_path / "h", "CLAUSEBANK_GENERATED": tmp_path / "g", "CLAUSEBANK_HTTPS": "yes"}
    )
    add_people(app.extensions["workspace"].database)
    client = app.test_client()
    page = client.get("/login", base_url="https://localhost")
    token = BeautifulSoup(page.text, "lxml").select_one("[name=csrf_token]")["value"]
    form = {"csrf_token": token, "login": "admin", "password": PASSWORD}
    headers = {"Referer": "https://localhost/login"}
    answer = client.post("/login", data=form, base_url="https://localhost", headers=headers)
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(h.startswith("__Host-clausebank=") and "Secure" in h and "Path=/" in h for h in cookies)
    assert all("Secure" in h for h in cookies)
    app.extensions["workspace"].database.close()


def test_a_copied_cookie_is_dead_after_logging_out(anonymous, app):
    enter(anonymous)
    copied = cookie(anonymous)
    thief = with_cookie(app, copied)
    assert thief.get("/contracts/").status_code == 200
    assert anonymous.post("/logout", data={"csrf_token": token_of(anonymous)}).status_code == 303
    assert cookie(anonymous) == ""
    assert thief.get("/contracts/").status_code == 303
    assert thief.get("/contracts/", headers={"HX-Request": "true"}).status_code == 401


def test_a_cookie_planted_before_is_replaced_at_login(anonymous, app):
    planted = "x" * 43
    anonymous.set_cookie(COOKIE, planted)
    enter(anonymous)
    assert cookie(anonymous) != planted
    assert with_cookie(app, planted).get("/contracts/").status_code == 303


def test_logging_in_as_somebody_else_ends_the_first_session_and_its_forms(anonymous, app):
    enter(anonymous)
    first, form = cookie(anonymous), token_of(anonymous)
    enter(anonymous, login="李审核")
    assert with_cookie(app, first).get("/contracts/").status_code == 303
    assert anonymous.post(f"{NEW}/preview", data={"csrf_token": form}).status_code == 400


def test_a_session_ends_when_idle_and_in_any_case_after_its_time(app, workspace):
    for late in (
        {"seen_at": now() - timedelta(minutes=121)},
        {"created_at": now() - timedelta(hours=12, minutes=1)},
    ):
        client = logged_in(app)
        assert client.get("/contracts/").status_code == 200
        with workspace.database.writing() as session:
            session.execute(update(LoginSession).values(**late))
        assert client.get("/contracts/").status_code == 303


def test_a_session_in_use_stays_alive(app, workspace):
    client = logged_in(app)
    with workspace.database.writing() as session:
        session.execute(update(LoginSession).values(seen_at=now() - timedelta(minutes=119)))
    assert client.get("/contracts/").status_code == 200
    with workspace.database.reading() as session:
        newest = session.scalar(select(LoginSession.seen_at).order_by(LoginSession.seen_at.desc()))
    assert now() - newest < timedelta(minutes=1)


def test_another_role_ends_all_sessions(app, workspace):
    client = logged_in(app, "赵律师")
    with workspace.database.writing() as session:
        change_user(session, find_user(session, "赵律师"), role=UserRole.VIEWER)
    assert client.get("/contracts/").status_code == 303
    with workspace.database.writing() as session:
        change_user(session, find_user(session, "赵律师"), role=UserRole.LAWYER)


# --- typed work ----------------------------------------------------------------------------------


def expire(workspace) -> None:
    with workspace.database.writing() as session:
        session.execute(update(LoginSession).values(seen_at=now() - timedelta(days=1)))


def test_a_form_sent_after_the_session_expired_is_sent_again_after_logging_in(anonymous, workspace, example):
    enter(anonymous)
    page = open_page(anonymous)
    page.values |= example | {"contract_number": "KEPT-1", "_shell": "formal"}
    several = {**page.values, "special_terms": "第一行\n\n  第三行"}
    expire(workspace)
    refused = anonymous.post(NEW, data={**several, "_create": "1"})
    assert refused.status_code == 401
    soup = BeautifulSoup(refused.text, "lxml")
    kept = soup.select_one("[name=kept]")["value"]
    assert ["contract_number", "KEPT-1"] in json.loads(kept)
    resumed = enter(anonymous, kept=kept, next=soup.select_one("[name=next]")["value"])
    form = BeautifulSoup(resumed.text, "lxml").select_one(f'form[action="{NEW}"]')
    values = dict(fields(form))
    assert values == {**several, "_create": "1", "csrf_token": values["csrf_token"]}
    made = anonymous.post(NEW, data=values)
    assert made.status_code == 303
    assert "KEPT-1" in anonymous.get(made.headers["Location"]).text


def test_files_of_a_form_whose_session_expired_are_asked_for_again_before_a_contract_is_made(
    anonymous, workspace, example
):
    enter(anonymous)
    page = open_page(anonymous)
    page.values |= example | {"contract_number": "KEPT-2"}
    expire(workspace)
    file = {"_file.service-plan": (BytesIO(b"%PDF-"), "附件.pdf")}
    refused = anonymous.post(NEW, data={**page.values, **file, "_create": "1"})
    soup = BeautifulSoup(refused.text, "lxml")
    assert "您选择的文件未能保留" in soup.get_text()
    kept = soup.select_one("[name=kept]")["value"]
    resumed = BeautifulSoup(enter(anonymous, kept=kept, next=NEW).text, "lxml")
    assert "您选择的文件未能保留" in resumed.get_text()
    again = anonymous.post(NEW, data=dict(fields(resumed.select_one(f'form[action="{NEW}"]'))))
    assert again.status_code == 200
    shown = BeautifulSoup(again.text, "lxml").select_one("[name=contract_number]")
    assert shown["value"] == "KEPT-2"
    assert "KEPT-2" not in anonymous.get("/contracts/").text


def test_the_preview_says_that_one_is_logged_out_and_goes_on_after_logging_in_elsewhere(anonymous, workspace):
    enter(anonymous)
    page = open_page(anonymous)
    expire(workspace)
    preview = {"data": page.values, "headers": {"HX-Request": "true"}}
    assert anonymous.post(f"{NEW}/preview", **preview).status_code == 401
    enter(anonymous)
    assert anonymous.post(f"{NEW}/preview", **preview).status_code == 200


@pytest.mark.parametrize("kept", ["{", "null", "[1]", '[["a"]]', '[["a", 1]]', '"x"'])
def test_a_kept_form_that_is_none_is_passed_over(anonymous, kept):
    assert enter(anonymous, kept=kept).status_code == 303


# --- the password --------------------------------------------------------------------------------


def change(client, old=PASSWORD, new=NEW_PASSWORD, again=None):
    form = {"csrf_token": token_of(client), "old": old, "new": new, "again": new if again is None else again}
    return client.post("/password", data=form)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"old": "wrong"}, "old"),
        ({"new": "short"}, "new"),
        ({"new": "x" * 129}, "new"),
        ({"new": PASSWORD}, "new"),
        ({"again": "other"}, "again"),
    ],
)
def test_a_password_that_cannot_be_taken_is_explained_at_its_field(app, given, field):
    answer = change(logged_in(app, "王律师"), **given)
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.text, "lxml")
    assert [e["id"] for e in soup.select(".error")] == [f"error-{field}"]
    assert soup.select_one(f"#{field}")["aria-describedby"] == f"error-{field}"


def test_a_new_password_ends_every_other_session(app, workspace):
    here, elsewhere = logged_in(app, "赵律师"), logged_in(app, "赵律师")
    before = cookie(here)
    assert change(here).status_code == 303
    assert cookie(here) != before
    assert here.get("/contracts/").status_code == 200
    assert elsewhere.get("/contracts/").status_code == 303
    assert enter(app.test_client(), login="赵律师").status_code == 401
    assert enter(app.test_client(), login="赵律师", password=NEW_PASSWORD).status_code == 303
    assert change(here, old=NEW_PASSWORD, new=PASSWORD).status_code == 303


def test_a_password_for_one_use_lets_one_do_nothing_but_replace_it(app, workspace):
    with workspace.database.writing() as session:
        once = reset(session, find_user(session, "赵律师"))
    client = app.test_client()
    enter(client, login="赵律师", password=once)
    for path in ("/", "/contracts/", NEW):
        assert client.get(path).headers["Location"] == "/password"
    assert client.post(NEW, data={"csrf_token": token_of_page(client, "/password")}).status_code == 303
    form = {"csrf_token": token_of_page(client, "/password"), "old": once}
    assert client.post("/password", data={**form, "new": PASSWORD, "again": PASSWORD}).status_code == 303
    assert client.get("/contracts/").status_code == 200


def token_of_page(client, path: str) -> str:
    return BeautifulSoup(client.get(path).text, "lxml").select_one("[name=csrf_token]")["value"]


def test_passwords_are_kept_as_argon2id_and_nowhere_else(workspace, anonymous):
    enter(anonymous)
    with workspace.database.reading() as session:
        assert all(kept.startswith("$argon2id$") for kept in session.scalars(select(User.password)))
        told = json.dumps([event.detail for event in latest(session, (), 50)], ensure_ascii=False)
    assert PASSWORD not in told


def test_logging_in_and_out_is_on_the_trail(anonymous, workspace):
    enter(anonymous)
    anonymous.post("/logout", data={"csrf_token": token_of(anonymous)})
    with workspace.database.reading() as session:
        events = [(event.actor, event.action, event.target) for event in latest(session, ["user/王律师"], 2)]
    assert events == [("王律师", "log-out", "user/王律师"), ("王律师", "log-in", "user/王律师")]


# --- too many attempts ---------------------------------------------------------------------------


def test_the_eleventh_attempt_is_refused_also_when_it_is_right(anonymous):
    for _ in range(10):
        assert enter(anonymous, password="wrong" * 4).status_code == 401
    refused = enter(anonymous)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"
    assert "15分钟" in refused.text
    assert enter(anonymous, login="李审核").status_code == 303


def test_attempts_are_counted_by_all_processes_together(tmp_path):
    config = {"CLAUSEBANK_HOME": tmp_path / "home", "CLAUSEBANK_GENERATED": tmp_path / "made"}
    apps = [create_app(config), create_app(config)]
    add_people(apps[0].extensions["workspace"].database)
    codes = [enter(apps[n % 2].test_client(), password="wrong" * 4).status_code for n in range(11)]
    assert codes == [401] * 10 + [429]
    for app in apps:
        app.extensions["workspace"].database.close()


def test_an_address_is_refused_that_tries_many_names(workspace):
    limits = Limits(timedelta(hours=1), timedelta(hours=9), attempts=1, window=timedelta(minutes=15))
    for n in range(5):
        assert log_in(workspace.database, f"name{n}", "x", "10.0.0.1", limits) is None
    with pytest.raises(TooManyAttempts):
        log_in(workspace.database, "name5", "x", "10.0.0.1", limits)
    assert log_in(workspace.database, "name5", "x", "10.0.0.2", limits) is None


def test_attempts_are_forgotten_after_their_time_and_after_success(workspace):
    limits = Limits(timedelta(hours=1), timedelta(hours=9), attempts=2, window=timedelta(minutes=15))
    database = workspace.database
    add_people(database)
    assert log_in(database, "王律师", "x", "10.0.0.3", limits) is None
    assert log_in(database, "王律师", PASSWORD, "10.0.0.3", limits)
    assert log_in(database, "王律师", "x", "10.0.0.3", limits) is None
    assert log_in(database, "王律师", "x", "10.0.0.3", limits) is None
    with pytest.raises(TooManyAttempts):
        log_in(database, "王律师", PASSWORD, "10.0.0.3", limits)
    with database.writing() as session:
        session.execute(update(LoginAttempt).values(at=now() - timedelta(minutes=16)))
    assert log_in(database, "王律师", PASSWORD, "10.0.0.3", limits)
