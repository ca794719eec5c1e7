"""The form beside the paper: they follow each other, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import settled
from tests.e2e.filling import NEW, fill

BAD_CODE = "91350100M000100Y44"


@pytest.fixture
def page(visit):
    visitor = visit()
    page = visitor.open(NEW)
    page.click("[data-view-button=all]")
    yield page
    assert visitor.console == []


def in_view(page, selector) -> bool:
    """Tell whether an element stands inside the visible part of the paper's pane."""
    return page.locator(selector).first.evaluate(
        """element => {
          const box = element.getBoundingClientRect();
          const pane = document.getElementById("paper-pane").getBoundingClientRect();
          return box.top >= pane.top && box.bottom <= pane.bottom;
        }"""
    )


def test_the_paper_goes_to_the_clause_of_the_question(page):
    page.focus('[name="late_payment_rate"]')
    assert page.locator("#paper .here").count() >= 1
    assert in_view(page, "#paper .here")


def test_a_row_of_a_list_marks_its_own_cell(page):
    page.focus('[name="payment_schedule.1.stage"]')
    stage = page.locator('[name="payment_schedule.1.stage"]').input_value()
    marked = page.locator("#paper .here")
    assert set(marked.all_inner_texts()) == {stage}


def test_a_mark_in_the_margin_leads_to_the_blank_at_fault(page):
    place = page.locator("#paper p[data-mark=error]:has(.gap)").first
    blank = place.locator(".gap").first.get_attribute("data-blank")
    place.click(position={"x": -20, "y": 12}, force=True)
    assert page.locator(":focus").get_attribute("id").startswith(f"input-{blank.split('.')[0]}")


def test_what_is_typed_is_on_the_paper_at_once(page):
    fill(page, "client.name", "北京某某科技有限公司")
    settled(page)
    expect(page.locator('.cover .filled[data-blank="client.name"]')).to_have_text("北京某某科技有限公司")


def test_a_sum_is_read_back_in_words(page):
    fill(page, "fee_total", "120,000.50")
    settled(page)
    expect(page.locator("#reading-fee_total")).to_have_text("人民币壹拾贰万元零伍角")


def test_a_problem_is_told_on_leaving_the_field_and_not_while_typing(page):
    field = page.locator('[name="client.uscc"]')
    field.press_sequentially(BAD_CODE)
    settled(page)
    error = page.locator('[id="error-client.uscc"]')
    expect(error).to_be_empty()
    field.press("Tab")
    settled(page)
    expect(error).not_to_be_empty()
    expect(field).to_have_attribute("aria-invalid", "true")
    fill(page, "client.uscc", "91350100M000100Y43")
    settled(page)
    expect(error).to_be_empty()


def test_a_gap_on_the_paper_leads_to_its_question(page):
    page.locator('.cover .gap[data-blank="contract_number"]').click()
    expect(page.locator('[name="contract_number"]')).to_be_focused()


def test_open_blanks_and_findings_lead_to_their_question(page):
    page.click("#findings summary")
    page.locator('#findings a[href="#input-provider.name"]').click()
    expect(page.locator('[name="provider.name"]')).to_be_focused()


def test_the_outline_leads_to_groups_and_articles(page):
    page.click('.outline a[href="#step-fees-1"]')
    expect(page.locator("#step-fees-1 h2")).to_be_in_viewport()
    page.click('.outline a[href="#article:dispute"]')
    expect(page.locator('[id="article:dispute"] h4')).to_be_in_viewport()


def test_questions_below_a_switch_come_and_go(page):
    first = page.locator('[data-question="third_party_fee"]')
    switch = page.locator('[name="third_party"]')
    switch.set_checked(True)
    settled(page)
    expect(first).to_be_visible()
    switch.set_checked(False)
    settled(page)
    expect(first).to_be_hidden()
    expect(page.locator('#contents a[href="#part:third-party"]')).to_have_count(0)


def test_unedited_figures_follow_the_stance_and_edited_ones_stay(page):
    before = page.locator('[name="late_payment_rate"]').input_value()
    fill(page, "late_payment_grace.number", "7")
    settled(page)
    page.check('[name="_stance"][value="client"]', force=True)
    settled(page)
    expect(page.locator('[name="late_payment_rate"]')).not_to_have_value(before)
    expect(page.locator('[name="late_payment_grace.number"]')).to_have_value("7")
    expect(page.locator('[name="_stance"][value="client"]')).to_be_focused()


def test_a_new_row_takes_the_focus(page):
    rows = page.locator("#question-payment_schedule fieldset.row")
    count = rows.count()
    page.click("#add-payment_schedule")
    expect(rows).to_have_count(count + 1)
    expect(rows.last.locator("input").first).to_be_focused()


def test_errors_come_first_with_the_focus_and_keep_what_was_typed(page):
    fill(page, "client.uscc", BAD_CODE)
    fill(page, "fee_total", "many")
    page.click("button[name=_create]")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator('[name="client.uscc"]')).to_have_value(BAD_CODE)
    expect(page.locator('[name="fee_total"]')).to_have_value("many")
    page.click('.summary a[href="#input-fee_total"]')
    expect(page.locator('[name="fee_total"]')).to_be_focused()
    fill(page, "fee_total", "120000")
    settled(page)
    expect(page.locator("#error-fee_total")).to_be_empty()
    expect(page.locator("#error-contract_number")).not_to_be_empty()


@pytest.mark.parametrize("key", ["Enter"])
def test_a_key_in_a_field_does_not_send_the_form(page, key):
    fill(page, "contract_number", "A-1")
    page.press('[name="contract_number"]', key)
    settled(page)
    assert "/drafts/" in page.url
    expect(page.locator("#error-summary")).to_have_count(0)


def test_the_language_changes_and_nothing_is_lost(page):
    fill(page, "contract_number", "A-1")
    page.click("button[name=_language]")
    expect(page.locator("h1")).to_have_text("CRM Outsourcing Service Agreement")
    expect(page.locator('[name="contract_number"]')).to_have_value("A-1")


def test_text_that_looks_like_code_stays_text(page):
    text = '<img src=x onerror="alert(1)"><script>alert(2)</script>{{7*7}}'
    fill(page, "client.name", text)
    settled(page)
    expect(page.locator('.cover .filled[data-blank="client.name"]')).to_have_text(text)


def test_a_lost_connection_is_told_and_typing_goes_on(visit):
    page = visit().open(NEW)
    page.route("**/preview", lambda route: route.abort())
    fill(page, "contract_number", "A-1")
    expect(page.locator("#preview-status")).to_contain_text("预览暂时无法更新")
    expect(page.locator('[name="contract_number"]')).to_have_value("A-1")
    page.unroute("**/preview")
    fill(page, "contract_number", "A-12")
    expect(page.locator('.cover .filled[data-blank="contract_number"]')).to_have_text("A-12")


def test_only_the_paper_is_printed(page):
    page.emulate_media(media="print")
    for part in (".top", ".questions", ".outline", ".paper-bar"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator("#paper")).to_be_visible()


# --- on a phone ----------------------------------------------------------------------------------


def test_a_phone_shows_one_thing_at_a_time(visit):
    visitor = visit(width=375, height=812)
    page = visitor.open(NEW)
    expect(page.locator("#contract-form")).to_be_visible()
    expect(page.locator("#paper")).to_be_hidden()
    page.click("[data-tab-button=paper]")
    expect(page.locator("#paper")).to_be_visible()
    page.locator('.cover .gap[data-blank="contract_number"]').click()
    expect(page.locator('[name="contract_number"]')).to_be_focused()
    expect(page.locator("#paper")).to_be_hidden()
    assert visitor.console == []


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/", "/contracts/", "/nowhere", NEW])
def test_nothing_is_wider_than_a_phone(visit, path, language, scripts):
    page = visit(width=375, height=812, language=language, scripts=scripts).open(path)
    size = (
        page.locator("html").evaluate("element => [element.scrollWidth, element.clientWidth]")
        if scripts
        else None
    )
    widths = size or [page.locator("main").bounding_box()["width"], 375]
    assert widths[0] <= widths[1]
