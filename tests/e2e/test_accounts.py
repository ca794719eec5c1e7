"""People at work in the browser: logging in, procurement's job with approval, two editors of one draft."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from clausebank.storage.people_models import LoginSession
from schemas import example_answers
from schemas.forms import flatten
from tests.e2e.conftest import KIND, settled
from tests.e2e.filling import NEW, fill, tab_to
from tests.e2e.test_accessibility import open_all, problems
from tests.people import PASSWORD, logged_in
from tests.webapp.browsing import open_page
from webapp.workbench import questions

CHECKED = 60_000  # checking a draft with the whole bank, and making files, take their time


def enter(page: Page, login: str) -> None:
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")


def test_one_logs_in_where_one_was_going_and_out_again(visit):
    visitor = visit(login=None)
    page = visitor.open("/bank/clauses/liability.cap")
    expect(page).to_have_title(re.compile("登录"))
    expect(page.locator("#login")).to_be_focused()
    enter(page, "王律师")
    expect(page).to_have_url(re.compile("/bank/clauses/liability.cap$"))
    page.click(".menu summary")
    page.click("text=退出登录")
    expect(page).to_have_url(re.compile("/login$"))
    page.go_back()
    page.reload()
    expect(page.locator("#login")).to_be_visible()
    assert visitor.console == []


def test_the_menu_works_by_keyboard_and_closes(visit):
    page = visit(login="王律师").open("/contracts/")
    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".menu a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".menu ul")).to_be_hidden()
    expect(page.locator(".menu summary")).to_be_focused()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("login", ["admin", "钱采购"])
def test_the_header_fits_a_phone(visit, language, login):
    page = visit(width=375, height=700, language=language, login=login).open("/contracts/")
    page.click(".menu summary")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    for box in page.locator(".top a, .top summary, .menu a").all():
        found = box.bounding_box()
        assert found is None or (found["x"] >= 0 and found["x"] + found["width"] <= 375)


def test_what_is_typed_stays_when_the_session_ends_and_goes_on_after_logging_in_elsewhere(visit, site):
    app, _url = site
    page = visit(login=None).open(NEW)
    enter(page, "赵律师")
    page.click("[data-view-button=all]")
    fill(page, "contract_number", "BEFORE-1")
    settled(page)
    with app.extensions["workspace"].database.writing() as session:
        session.execute(delete(LoginSession))
    fill(page, "contract_number", "AFTER-1")
    expect(page.locator("#logged-out")).to_be_visible(timeout=CHECKED)
    with page.context.expect_page() as opened:
        page.click("#logged-out a")
    enter(opened.value, "赵律师")
    expect(opened.value).to_have_url(re.compile("/profile$"))
    opened.value.close()
    fill(page, "contract_number", "AFTER-2")
    expect(page.locator("#logged-out")).to_be_hidden(timeout=CHECKED)
    settled(page)
    expect(page.locator("#paper .contract-number").first).to_contain_text("AFTER-2", timeout=CHECKED)


@pytest.fixture
def asked(visit, site):
    """Procurement goes below the floor in a form filled before, and asks; on the request's page."""
    workspace = site[0].extensions["workspace"]
    template, bank = workspace.templates[KIND], workspace.bank
    answers = flatten(example_answers(template, bank), questions(template, bank))
    page = open_page(logged_in(site[0], "钱采购"))
    filled = page.press("_save", **{**answers, "contract_number": "E2E-1"})
    visitor = visit(login="钱采购")
    visitor.page.set_default_timeout(CHECKED)
    page = visitor.open(f"/drafts/{filled.values['_draft']}")
    page.click("[data-view-button=all]")
    expect(page.locator("#policy > details > summary")).to_contain_text("未超出权限", timeout=CHECKED)
    page.select_option("[name='_stance.liability']", "provider")
    expect(page.locator("#policy > details > summary")).to_contain_text("需要批准", timeout=CHECKED)
    settled(page)
    page.click("button[name=_create]")
    expect(page.locator("h1")).to_have_text("申请审批")
    page.fill("#reason", "对方是唯一供应商，已换得百分之十的折扣。")
    page.click("main form button[type=submit]")
    expect(page.locator("h1 .chip")).to_have_text("待审批")
    return visitor


def test_procurement_asks_a_reviewer_agrees_and_the_files_lose_their_mark(asked, visit):
    buyer = asked.page
    reviewer = visit(login="李审核").open("/contracts/")
    reviewer.set_default_timeout(CHECKED)
    expect(reviewer.locator("nav.pages .count")).to_be_visible()
    reviewer.click("nav.pages >> text=审批")
    reviewer.click("tr:has-text('E2E-1') a")
    expect(reviewer.locator(".facts")).to_contain_text("唯一供应商")
    expect(reviewer.locator(".compared ins").first).to_be_visible()
    reviewer.fill("#comment", "同意")
    reviewer.click("button[value=approve]")
    expect(reviewer.locator("h1 .chip")).to_have_text("已批准")
    buyer.reload()
    expect(buyer.locator("h1 .chip")).to_have_text("已批准")
    buyer.click(".page-head a.tabular, .page-head .tabular a")
    expect(buyer.locator("h1 .chip")).to_have_text("定稿")
    expect(buyer.locator("#paper .paper.draft")).to_have_count(0)
    assert asked.console == []


def test_procurement_and_the_reviewer_do_all_of_it_by_keyboard_alone(visit, site):
    workspace = site[0].extensions["workspace"]
    template, bank = workspace.templates[KIND], workspace.bank
    answers = flatten(example_answers(template, bank), questions(template, bank))
    filled = open_page(logged_in(site[0], "钱采购")).press(
        "_save", **{**answers, "contract_number": "KEYS-2"}
    )
    visitor = visit(login="钱采购")
    page = visitor.open("/")
    page.set_default_timeout(CHECKED)
    tab_to(page, f".waiting a[href='/drafts/{filled.values['_draft']}']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#contract-form")
    choose_by_key(page, "_stance.liability", "provider")
    expect(page.locator("#policy > details > summary")).to_contain_text("需要批准", timeout=CHECKED)
    settled(page)
    tab_to(page, "button[name=_create]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/approvals/ask/*")
    tab_to(page, "#reason")
    page.keyboard.insert_text("已换得更低的价格")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1 .chip")).to_have_text("待审批")
    reviewing = visit(login="李审核")
    reviewer = reviewing.open("/")
    reviewer.set_default_timeout(CHECKED)
    tab_to(reviewer, f".waiting a[href='{urlsplit(page.url).path}']")
    reviewer.keyboard.press("Enter")
    reviewer.wait_for_url(page.url)
    tab_to(reviewer, "button[value=approve]")
    reviewer.keyboard.press("Enter")
    expect(reviewer.locator("h1 .chip")).to_have_text("已批准")
    assert visitor.console == reviewing.console == []


def choose_by_key(page, name: str, value: str) -> None:
    """Reach a list by Tab and go down it to a value."""
    tab_to(page, f"[name='{name}']")
    field = page.locator(f"[name='{name}']")
    while field.input_value() != value:
        before = field.input_value()
        page.keyboard.press("ArrowDown")
        assert field.input_value() != before, f"no key leads to {value}"


def test_the_second_of_two_who_edit_a_draft_sees_both_texts_and_loses_nothing(visit):
    first, second = (
        visit(login=login).open("/bank/clauses/notices.change") for login in ("王律师", "赵律师")
    )
    first.locator(".variants form button").nth(1).click(timeout=CHECKED)
    expect(first.locator("#text")).to_be_visible()
    second.goto(first.url, timeout=CHECKED)
    text = first.locator("#text").input_value()
    for page, sentence, note in ((first, "甲方增加一句。", "一"), (second, "乙方增加一句。", "二")):
        page.fill("#text", f"{text.rstrip()}\n{sentence}\n")
        page.fill("#note", note)
    first.click("button[value=save]", timeout=CHECKED)
    expect(first.locator(".summary")).to_have_count(0)
    second.click("button[value=save]", timeout=CHECKED)
    expect(second.locator(".summary")).to_contain_text("王律师")
    expect(second.locator("#text")).to_have_value(re.compile("乙方增加一句。"))
    expect(second.locator(".summary ins")).to_contain_text("乙")
    second.click("button[value=save]", timeout=CHECKED)
    expect(second.locator(".summary")).to_have_count(0)
    first.reload(timeout=CHECKED)
    expect(first.locator("#text")).to_have_value(re.compile("乙方增加一句。"))


PLACES = {
    "login": (None, "/login"),
    "refused": ("孙查看", NEW),
    "form of procurement": ("钱采购", NEW),
    "policy seen by procurement": ("钱采购", "/policy/"),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PLACES)
def test_axe_finds_nothing_on_what_others_see(visit, axe, name, language):
    login, path = PLACES[name]
    page = visit(width=375, language=language, login=login).open(path)
    open_all(page)
    assert problems(page, axe) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
