"""The form in steps, by mouse and by keyboard; choices of wording; rows from a spreadsheet; a phone."""

import pytest
from playwright.sync_api import expect

from clausebank import load_bank, load_templates
from schemas import example_answers
from schemas.forms import flatten
from tests.e2e.conftest import settled
from tests.e2e.filling import KIND, NEW, fill, fill_all, reveal, tab_to
from tests.e2e.test_drafting_by_hand import saved as downloaded
from tests.people import PASSWORD, logged_in
from tests.webapp.browsing import open_page
from webapp.workbench import questions

MOST = 9


@pytest.fixture
def page(visit):
    visitor = visit()
    yield visitor.open(NEW)
    assert visitor.console == []


def current(page) -> str:
    return page.locator(".step.current").get_attribute("data-step")


def test_one_step_is_shown_at_a_time_and_none_is_long(page):
    seen = []
    while True:
        expect(page.locator(".step:visible")).to_have_count(1)
        seen.append(current(page))
        if seen[-1] not in {"stance", "clauses", "files"}:
            questions = page.locator(".step.current [data-question]:visible")
            assert 1 <= questions.count() <= MOST
        if page.locator("#step-next").is_disabled():
            break
        page.click("#step-next")
    assert seen[:3] == ["stance", "clauses", "contract-1"]
    assert seen[-1] == "files"
    assert len(seen) == len(set(seen))


def test_keys_move_between_the_steps_and_the_focus_goes_along(page):
    page.focus('[name="_stance"]')
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    assert current(page) == "contract-1"
    expect(page.locator("#heading-contract-1")).to_be_focused()
    page.keyboard.press("Control+Shift+Enter")
    assert current(page) == "clauses"


def test_the_outline_tells_where_one_is_and_leads_on(page):
    page.click('.outline a[href="#step-fees-1"]')
    expect(page.locator("#heading-fees-1")).to_be_focused()
    expect(page.locator('.outline [data-step-link="fees-1"] a')).to_have_attribute("aria-current", "step")


def test_the_outline_follows_the_reader_of_the_contract(page):
    page.locator('[id="article:dispute"]').evaluate("element => element.scrollIntoView()")
    expect(page.locator('#contents a[aria-current="true"]')).to_have_attribute("href", "#article:dispute")


def test_only_what_is_open_can_be_shown(page):
    page.click('[data-view-button="open"]')
    expect(page.locator('[data-question="contract_number"]')).to_be_visible()
    expect(page.locator('[data-question="late_payment_rate"]')).to_be_hidden()
    page.locator('#paper [data-blank="late_payment_rate"]').first.click()
    expect(page.locator('[name="late_payment_rate"]')).to_be_focused()


def test_a_part_that_is_off_leads_to_its_switch(page):
    articles = page.locator("#contents li").count()
    page.click('.absent a[href="#input-personal_data"]')
    expect(page.locator('[name="personal_data"]')).to_be_focused()
    page.keyboard.press("Space")
    settled(page)
    expect(page.locator('.absent a[href="#input-personal_data"]')).to_have_count(0)
    assert page.locator("#contents ul:not(.absent) li").count() >= articles
    expect(page.locator('[data-question="pi_inventory"]')).to_be_attached()
    assert not page.locator('[data-question="pi_inventory"]').evaluate("element => element.hidden")


def test_the_clause_of_the_question_is_marked(page):
    reveal(page, "late_payment_rate")
    page.focus('[name="late_payment_rate"]')
    assert page.locator('#paper [data-clause="payment.late"].editing').count() == 1


def test_differences_are_shown_in_place_before_choosing_and_taken_away_again(page):
    link = page.locator('[aria-controls="wordings-liability"]')
    link.click()
    expect(page.locator("#wordings-liability ins").first).to_be_visible()
    expect(link).to_have_attribute("aria-expanded", "true")
    link.click()
    expect(page.locator("#wordings-liability")).to_be_empty()


def test_a_clause_is_left_out_and_brought_back(page):
    clause = '#paper [data-clause="personnel.non-solicitation"]'
    box = page.locator('[name="_without.personnel.non-solicitation"]')
    reveal(page, "_without.personnel.non-solicitation")
    box.check()
    settled(page)
    expect(page.locator(clause)).to_have_count(0)
    box.uncheck()
    settled(page)
    expect(page.locator(clause)).to_have_count(1)


def test_a_schedule_is_pasted_from_a_spreadsheet_by_key(visit):
    visitor = visit()
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visitor.open(NEW)
    stage = "payment_schedule.0.stage"
    reveal(page, stage)
    label = page.locator(f'[id="input-{stage}"]').evaluate("element => element.labels[0].textContent.trim()")
    share = page.locator('[id="input-payment_schedule.0.share"]').evaluate(
        "element => element.labels[0].textContent.trim()"
    )
    table = f"{label}\t{share}\n签约\t30%\n中期\t40%\n验收\t30%\n"
    page.evaluate("text => navigator.clipboard.writeText(text)", table)
    page.focus(f'[name="{stage}"]')
    page.keyboard.press("Control+V")
    expect(page.locator("#question-payment_schedule fieldset.row").nth(2)).to_be_visible()
    settled(page)
    for index, (name, part) in enumerate([("签约", "30"), ("中期", "40"), ("验收", "30")]):
        expect(page.locator(f'[name="payment_schedule.{index}.stage"]')).to_have_value(name)
        expect(page.locator(f'[name="payment_schedule.{index}.share"]')).to_have_value(part)
    expect(page.locator("#question-payment_schedule .pasted")).to_contain_text("3")
    assert visitor.console == []


# --- the main job by keyboard alone ----------------------------------------------------------------


def test_a_lawyer_gets_from_the_login_to_the_files_by_keyboard_alone(visit, site):
    template, bank = load_templates()[KIND], load_bank()
    answers = flatten(example_answers(template, bank), questions(template, bank))
    draft = open_page(logged_in(site[0], "王律师")).press("_save", **answers).values["_draft"]
    visitor = visit(login=None)
    page = visitor.open("/login")
    page.focus('[name="login"]')
    page.keyboard.insert_text("王律师")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".card")
    tab_to(page, ".acts a[href='/drafts/']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".register")
    tab_to(page, f".register a[href='/drafts/{draft}']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#contract-form")
    tab_to(page, '[name="_stance"]')
    for _ in range(2):
        page.keyboard.press("Control+Enter")
    tab_to(page, '[name="contract_number"]')
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("KEYS-1")
    settled(page)
    while page.locator("#step-next").is_enabled():
        page.keyboard.press("Control+Enter")
    expect(page.locator("#preview-status")).to_have_text("内容完整，可以生成合同")
    tab_to(page, "button[name=_create]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contracts/*-*")
    for form in ("docx", "pdf"):
        tab_to(page, f"a[href$='/files/{form}']")
        with page.expect_download() as waiting:
            page.keyboard.press("Enter")
        assert waiting.value.suggested_filename.startswith("KEYS-1 ")
    assert visitor.console == []


# --- on a phone ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_step_is_wider_than_a_phone(visit, language):
    visitor = visit(width=375, height=812, language=language)
    page = visitor.open(NEW)
    widest = "() => document.getElementById('main').scrollWidth"
    page.click('[aria-controls="wordings-liability"]')
    page.wait_for_selector("#wordings-liability ins")
    assert page.evaluate(widest) <= 375
    while page.locator("#step-next").is_enabled():
        page.click("#step-next")
        assert page.evaluate(widest) <= 375, current(page)
    assert visitor.console == []


def test_the_main_job_can_be_done_on_a_phone(visit, example):
    visitor = visit(width=375, height=812)
    page = visitor.open(NEW)
    for name in ("contract_number", "client.name", "fee_total"):
        fill(page, name, example[name])
    settled(page)
    page.click("[data-tab-button=paper]")
    expect(page.locator('.cover .filled[data-blank="client.name"]')).to_have_text(example["client.name"])
    page.click("[data-tab-button=outline]")
    page.click('.outline a[href="#step-fees-1"]')
    expect(page.locator("#heading-fees-1")).to_be_visible()
    assert visitor.console == []


def test_the_files_of_a_contract_made_on_a_phone_are_downloaded(visit, example):
    visitor = visit(width=375, height=812)
    page = visitor.open(NEW)
    fill_all(page, example, lambda: settled(page))
    page.click("button[name=_create]")
    page.wait_for_url("**/contracts/*-*")
    assert downloaded(page, "a[href$='/files/pdf']").read_bytes().startswith(b"%PDF")
