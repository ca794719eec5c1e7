"""Nothing typed is lost: a killed server, a closed tab, a lost connection, two tabs, an ended session."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import settled
from tests.e2e.filling import NEW, fill
from tests.people import add_people, token_for
from tests.projectfile import ROOT
from webapp import create_app

SAVED = "已保存"


def saved(page) -> None:
    """Wait until what was typed is saved."""
    settled(page)
    expect(page.locator("#save-state")).to_contain_text(SAVED)


def held(page, name: str) -> str:
    return page.locator(f'[name="{name}"]').input_value()


@contextmanager
def running(home, port: int):
    """Run the program as a process of its own; it is killed at the end, if it was not before."""
    command = [sys.executable, "-m", "webapp.cli", "serve", "--port", str(port), "--json"]
    environment = {"CLAUSEBANK_HOME": str(home), "CLAUSEBANK_GENERATED": str(home / "generated"), "PATH": ""}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE) as server:
        for line in server.stdout:
            if "url" in line:
                break
        yield server
        server.send_signal(signal.SIGKILL)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_draft_survives_a_server_that_is_killed_and_started_again(browser, tmp_path, port):
    home = tmp_path / "home"
    app = create_app({"CLAUSEBANK_HOME": home, "CLAUSEBANK_GENERATED": home / "generated"})
    add_people(app.extensions["workspace"].database)
    url = f"http://127.0.0.1:{port}"
    context = browser.new_context()
    context.set_default_timeout(30_000)
    context.add_cookies(
        [
            {"name": app.config["LOGIN_COOKIE"], "value": token_for(app, "王律师"), "url": url},
            {"name": "language", "value": "zh", "url": url},
        ]
    )
    app.extensions["workspace"].database.close()
    page = context.new_page()
    with running(home, port) as server:
        page.goto(url + NEW)
        fill(page, "contract_number", "KILL-1")
        saved(page)
        server.send_signal(signal.SIGKILL)
        server.wait()
        fill(page, "contract_number", "KILL-2")
        fill(page, "signing_place", "杭州市西湖区")
        expect(page.locator("#save-state")).to_contain_text("连接中断")
    with running(home, port):
        expect(page.locator("#save-state")).to_contain_text(SAVED, timeout=60_000)
        other = context.new_page()
        other.goto(page.url)
        assert held(other, "contract_number") == "KILL-2"
        assert held(other, "signing_place") == "杭州市西湖区"
    context.close()


def test_the_first_key_gives_the_draft_an_address_and_a_reload_shows_it_again(visit):
    visitor = visit()
    page = visitor.open(NEW)
    fill(page, "contract_number", "URL-1")
    saved(page)
    assert "/drafts/" in page.url
    page.reload()
    assert held(page, "contract_number") == "URL-1"
    expect(page.locator("#restore")).to_be_hidden()
    assert visitor.console == []


def test_what_a_closed_tab_had_not_saved_is_offered_again(visit):
    visitor = visit()
    page = visitor.open(NEW)
    page.route("**/preview", lambda route: route.abort())
    fill(page, "contract_number", "LOST-1")
    page.click("#add-payment_schedule")
    fill(page, "signing_place", "杭州市西湖区")
    expect(page.locator("#save-state")).to_contain_text("连接中断")
    expect(page.locator("#save-state")).to_be_in_viewport()
    page.close()
    again = page.context.new_page()
    again.goto(visitor.address + NEW)
    expect(again.locator("#restore")).to_contain_text("未保存")
    again.click("#restore-take")
    again.wait_for_selector('[name="contract_number"][value="LOST-1"]', state="attached")
    assert held(again, "signing_place") == "杭州市西湖区"
    again.reload()
    expect(again.locator("#restore")).to_be_hidden()
    assert held(again, "contract_number") == "LOST-1"


def test_what_was_left_unsaved_can_be_discarded(visit):
    visitor = visit()
    page = visitor.open(NEW)
    page.route("**/preview", lambda route: route.abort())
    fill(page, "contract_number", "DROP-1")
    expect(page.locator("#save-state")).to_contain_text("连接中断")
    page.goto(visitor.address + NEW)
    page.click("#restore-drop")
    expect(page.locator("#restore")).to_be_hidden()
    page.goto(visitor.address + NEW)
    expect(page.locator("#restore")).to_be_hidden()


def test_two_tabs_are_both_shown_and_the_choice_is_kept(visit):
    visitor = visit()
    first = visitor.open(NEW)
    fill(first, "contract_number", "TAB-1")
    saved(first)
    second = first.context.new_page()
    second.goto(first.url)
    fill(second, "contract_number", "TAB-2")
    fill(second, "signing_place", "杭州市西湖区")
    saved(second)
    fill(first, "copies_each", "4")
    expect(first.locator("#save-state")).to_contain_text("另一页面")
    expect(first.locator("#save-state")).to_be_in_viewport()
    first.click("text=比较并选定")
    expect(first.locator("#conflict-heading")).to_be_in_viewport()
    rows = first.locator(".differing tbody tr")
    expect(rows).to_have_count(3)
    expect(first.locator('[name="_take.contract_number"][value="theirs"]')).to_be_checked()
    expect(first.locator('[name="_take.copies_each"][value="mine"]')).to_be_checked()
    fill(first, "copies_each", "6")
    settled(first)
    with first.expect_navigation():
        first.click('[name="_merge"][value="chosen"]')
    expect(first.locator(".differing")).to_have_count(0)
    first.reload()
    assert [held(first, name) for name in ("contract_number", "signing_place", "copies_each")] == [
        "TAB-2", "杭州市西湖区", "6",
    ]  # fmt: skip


def test_an_ended_session_keeps_the_typing_and_saves_it_after_the_login(visit, cookie_of):
    visitor = visit(login="王律师")
    page = visitor.open(NEW)
    fill(page, "contract_number", "OUT-1")
    saved(page)
    page.context.clear_cookies(name=cookie_of("王律师")["name"])
    fill(page, "contract_number", "OUT-2")
    expect(page.locator("#save-state")).to_contain_text("登录已失效")
    page.context.add_cookies([cookie_of("王律师")])
    expect(page.locator("#save-state")).to_contain_text(SAVED, timeout=20_000)
    page.reload()
    assert held(page, "contract_number") == "OUT-2"
