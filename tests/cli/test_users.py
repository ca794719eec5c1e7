"""Users and teams on the command line."""

from __future__ import annotations

import pytest

from clausebank.storage.models import Contract
from clausebank.storage.people import find_user, person_of
from tests.projectfile import ROOT
from webapp.settings import Settings
from webapp.workspace import workspace


@pytest.fixture
def own(cli, tmp_path, monkeypatch):
    """The command line on a database without users."""
    monkeypatch.setenv("CLAUSEBANK_HOME", str(tmp_path / "home"))
    return cli


def test_the_password_is_shown_once_and_kept_as_a_digest(own, tmp_path):
    made = own("user", "add", "wang", "--role", "lawyer", "--json").json()
    with workspace(Settings(tmp_path / "home", tmp_path / "generated")) as place:
        with place.database.reading() as session:
            user = find_user(session, "WANG")
        assert made["password"] not in user.password
        assert user.must_change
        assert len(made["password"]) >= 20
    assert "password" not in own("user", "list", "--json").json()[0]


def test_the_first_administrator_is_made_once(own):
    first = own("user", "add", "admin", "--role", "administrator", "--if-none")
    assert "一次性密码" in first.out
    again = own("user", "add", "admin", "--role", "administrator", "--if-none")
    assert (again.code, again.out) == (0, "")


def test_make_run_adds_the_first_administrator_before_it_serves():
    run = (ROOT / "Makefile").read_text("utf-8").split("\nrun:")[1].split("\n\n")[0]
    assert run.index("user add admin --role administrator --if-none") < run.index("clausebank serve")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["add", "w", "--role", "lawyer"], "login: 登录名应为2至50个"),
        (["add", "a b", "--role", "lawyer"], "login: 登录名应为2至50个"),
        (["add", "clausebank", "--role", "lawyer"], "login: 登录名应为2至50个"),
        (["add", "admin", "--role", "lawyer"], "已被使用"),
        (["add", "ＡＤＭＩＮ", "--role", "lawyer"], "已被使用"),
        (["add", "li", "--role", "king"], "应为下列之一"),
        (["add", "li", "--role", "lawyer", "--team", "无"], "没有这个团队：无"),
        (["set", "nobody", "--name", "x"], "没有这个用户：nobody"),
        (["set", "admin", "--inactive"], "至少要保留一位管理员"),
        (["set", "admin", "--role", "viewer"], "至少要保留一位管理员"),
        (["reset-password", "nobody"], "没有这个用户"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(own, call, said):
    own("user", "add", "admin", "--role", "administrator")
    before = own("user", "list", "--json").json()
    done = own("user", *call)
    assert done.code == 2
    assert said in done.err
    assert own("user", "list", "--json").json() == before


def test_a_team_is_added_once_and_takes_members(own):
    assert own("team", "add", "采购部").code == 0
    assert "已经存在" in own("team", "add", " 采购部 ").err
    own("user", "add", "li", "--role", "procurement", "--team", "采购部")
    own("user", "add", "wang", "--role", "lawyer")
    assert own("team", "list", "--json").json() == [
        {"team": "采购部", "members": ["li"]},
        {"team": "默认团队", "members": ["wang"]},
    ]


def test_contracts_belong_to_a_team_and_to_who_makes_them(own, answers, tmp_path, monkeypatch):
    own("team", "add", "采购部")
    own("user", "add", "li", "--role", "procurement", "--team", "采购部")
    call = ("assemble", "crm-outsourcing", "--answers", answers, "--formats", "txt", "--json")
    monkeypatch.setenv("CLAUSEBANK_ACTOR", "Li")
    ids = [own(*call, *more).json()["contract"] for more in ([], ["--team", "采购部"])]
    assert "没有这个团队" in own(*call, "--team", "无").out
    with (
        workspace(Settings(tmp_path / "home", tmp_path / "generated")) as place,
        place.database.reading() as session,
    ):
        person = person_of(find_user(session, "li"))
        rows = {str(contract.id): contract for contract in session.query(Contract)}
    assert [rows[id_].owner_id for id_ in ids] == [person.id, person.id]
    assert [rows[id_].team_id == person.home for id_ in ids] == [False, True]
