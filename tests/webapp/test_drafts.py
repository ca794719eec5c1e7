"""The form: what it asks, how it answers, and that nothing typed is ever lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from clausebank.document import Stance
from clausebank.storage.models import Contract
from tests.render.documents import NASTY
from tests.webapp.browsing import KIND, NEW, fields, open_page
from webapp.workbench import questions


@pytest.fixture
def page(client):
    return open_page(client)


def contracts(workspace) -> int:
    with workspace.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Contract))


# --- what it asks --------------------------------------------------------------------------------


def test_it_asks_every_question_once(page, workspace):
    asked = [element["data-question"] for element in page.soup.select("[data-question]")]
    assert asked == list(dict.fromkeys(asked))
    assert set(asked) == {blank.name for blank in questions(workspace.templates[KIND], workspace.bank)}


def test_every_control_has_a_label_and_its_descriptions_exist(page):
    ids = {element["id"] for element in page.soup.select("[id]")}
    for control in page.form.select("input:not([type=hidden]), select, textarea"):
        labelled = control.find_parent("label") or page.soup.find("label", attrs={"for": control.get("id")})
        assert labelled or control.get("aria-label"), control["name"]
    for described in page.form.select("[aria-describedby]"):
        assert set(described["aria-describedby"].split()) <= ids


def test_it_comes_filled_with_what_the_clauses_suggest(page):
    assert page.values["late_payment_rate"]
    assert page.values["_stance"] == "neutral"
    assert page.values["contract_number"] == ""


def test_an_unknown_kind_is_not_found(client):
    assert client.get("/contracts/new/lease").status_code == 404
    assert client.post("/contracts/new/lease/preview").status_code in {400, 404}


# --- stance --------------------------------------------------------------------------------------


def changed_figures(page):
    """Return the fields a stance suggests differently, before and after choosing the client's."""
    other = page.press("_preview", _stance="client")
    return other, {
        name: (page.values[name], text)
        for name, text in other.values.items()
        if not name.startswith("_") and page.values.get(name, text) != text and name != "csrf_token"
    }


def test_suggestions_follow_the_stance(page):
    other, changed = changed_figures(page)
    assert len(changed) >= 3
    back = other.press("_preview", _stance="neutral")
    assert answers(back) == answers(page)


def answers(page):
    """Return what a page holds, without the token and the revision, which change from save to save."""
    return {name: text for name, text in page.values.items() if name not in {"csrf_token", "_revision"}}


def test_what_was_edited_does_not_follow_the_stance(page):
    _, changed = changed_figures(page)
    name = next(name for name, (before, _) in changed.items() if before.isdigit())
    kept = page.press("_preview", _stance="client", **{name: "7"})
    assert kept.values[name] == "7"


def test_the_script_gets_the_changed_fields_and_no_others(page):
    answer = page.preview(_stance="client")
    swapped = answer.soup.select(".question[hx-swap-oob]")
    assert swapped
    sent = {name.split(".")[0] for part in swapped for name, _ in fields(part)}
    _, changed = changed_figures(page)
    assert {name.split(".")[0] for name in changed} <= sent
    assert not page.preview(contract_number="A-1").soup.select(".question[hx-swap-oob]")


def test_one_topic_can_take_another_stance(page, workspace):
    topic = page.soup.select_one("select[name^='_stance.']")["name"]
    other = page.press("_preview", **{topic: "provider"})
    assert other.values[topic] == "provider"
    assert other.values["_was." + topic.removeprefix("_stance.")] == "provider"


def test_stances_are_named_after_the_parties_labels(page):
    assert page.text(".stance-client") == "甲方有利"
    swapped = page.press("_preview", party_labels="provider_first")
    assert swapped.text(".stance-client") == "乙方有利"
    assert "乙方有利" in page.preview(party_labels="provider_first").text("#step-stance .stance-client")
    assert not page.preview(contract_number="A-1").soup.select("#step-stance")


# --- conditions and rows -------------------------------------------------------------------------


def test_questions_below_a_switch_appear_with_it(page):
    off = {name: text for name, text in page.values.items() if name != "third_party"}
    page.values = off
    without = page.press("_preview")
    page.values = {**off, "third_party": "on"}
    with_it = page.press("_preview")
    shown = {b["data-question"] for b in with_it.soup.select("[data-question]:not([hidden])")}
    before = {b["data-question"] for b in without.soup.select("[data-question]:not([hidden])")}
    assert before < shown
    assert "第三方介入" in with_it.text(".paper .contents")
    assert "第三方介入" not in without.text(".paper .contents")


def rows(page, name="payment_schedule"):
    return sorted({int(key.split(".")[1]) for key in page.values if key.startswith(f"{name}.")})


def test_a_row_can_be_added_and_removed(page):
    count = len(rows(page))
    more = page.press("_add", "payment_schedule", **{"payment_schedule.0.stage": "签约后"})
    assert rows(more) == list(range(count + 1))
    assert more.values["payment_schedule.0.stage"] == "签约后"
    less = more.press("_remove", "payment_schedule.0")
    assert rows(less) == list(range(count))
    assert less.values["payment_schedule.0.stage"] != "签约后"


def test_the_script_gets_the_list_with_the_new_row(page):
    answer = page.preview(_add="payment_schedule")
    assert answer.soup.select_one("#question-payment_schedule[hx-swap-oob]")
    assert answer.soup.select_one("[data-fresh]")


@pytest.mark.parametrize(
    "steer", [{"_add": "nothing"}, {"_remove": "payment_schedule.x"}, {"_remove": "x.99"}]
)
def test_odd_buttons_change_nothing(page, steer):
    assert page.preview(**steer).status == 200


# --- preview -------------------------------------------------------------------------------------


def test_the_preview_shows_what_was_typed_and_gaps_for_the_rest(page):
    answer = page.preview(contract_number="CB-77", **{"client.name": "北京某某有限公司"})
    assert answer.soup.select('.filled[data-blank="contract_number"]')[0].get_text() == "CB-77"
    assert answer.soup.select('.filled[data-blank="client.name"]')
    assert answer.soup.select('.gap[data-blank="provider.name"]')
    assert answer.soup.select(".paper.draft")


def test_money_is_read_back_in_words_as_it_is_typed(page):
    assert "人民币壹拾贰万元整" in page.preview(fee_total="120000").soup.select_one(
        "#state"
    ).string.encode().decode("unicode_escape")
    assert (
        page.press("_preview", fee_total="１２０，０００").text("#reading-fee_total") == "人民币壹拾贰万元整"
    )


def test_a_filled_field_that_is_wrong_says_so_and_an_empty_one_does_not(page):
    answer = page.press("_preview", fee_total="many", contract_number="")
    assert answer.error("fee_total")
    assert not answer.error("contract_number")


def test_a_complete_form_has_no_gap_and_no_error(page, example):
    page.values |= example
    answer = page.press("_preview")
    assert not answer.soup.select(".gap")
    assert not answer.soup.select(".paper.draft")


def test_nasty_text_comes_back_literally(page):
    answer = page.press("_preview", contract_number=NASTY[:38])
    assert answer.values["contract_number"] == NASTY[:38]
    assert NASTY[:38] in answer.text(".paper .contract-number")


junk = st.one_of(
    st.text(max_size=30), st.sampled_from(["", "-1", "9" * 400, "1e9", "NaN", "2026-02-30", "٣"])
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_input_breaks_the_preview(page, example, data):
    page.values |= example
    names = data.draw(st.lists(st.sampled_from(sorted(page.values)), min_size=1, max_size=12))
    spoiled = {name: data.draw(junk) for name in names if name != "csrf_token"}
    answer = page.preview(**spoiled)
    assert answer.status == 200
    assert answer.soup.select_one("article.paper")


# --- making the contract -------------------------------------------------------------------------


def test_it_makes_the_contract(page, example, workspace):
    before = contracts(workspace)
    page.values |= example
    made = page.press("_create")
    assert made.status == 303
    assert contracts(workspace) == before + 1


def test_it_shows_every_error_at_once_and_keeps_what_was_typed(page, workspace):
    before = contracts(workspace)
    answer = page.press("_create", fee_total="abc", **{"client.uscc": "91350100M000100Y44"})
    assert answer.status == 422
    links = [link["href"].removeprefix("#") for link in answer.soup.select(".summary a")]
    assert {"input-contract_number", "input-client.uscc", "input-fee_total", "input-provider.name"} <= set(
        links
    )
    ids = {element["id"] for element in answer.soup.select("[id]")}
    assert set(links) <= ids
    for link in answer.soup.select(".summary a"):
        message = answer.error(link["href"].removeprefix("#input-"))
        assert message
        assert link.get_text(strip=True).endswith(message)
    assert answer.values["fee_total"] == "abc"
    assert answer.values["client.uscc"] == "91350100M000100Y44"
    assert contracts(workspace) == before


def test_fields_with_errors_say_so_to_assistive_technology(page):
    answer = page.press("_create", fee_total="abc")
    control = answer.soup.find(id="input-fee_total")
    assert control["aria-invalid"] == "true"
    assert "error-fee_total" in control["aria-describedby"]


def test_errors_stay_until_they_are_mended(page):
    refused = page.press("_create")
    assert refused.error("contract_number")
    again = refused.press("_preview", fee_total="abc")
    assert again.error("contract_number")
    assert not again.press("_preview", contract_number="A-1").error("contract_number")


def test_the_language_can_change_without_losing_anything(page):
    page.values |= {"contract_number": "A-1", "client.name": "甲"}
    other = page.press("_language", "en")
    assert other.soup.html["lang"] == "en"
    assert other.values["contract_number"] == "A-1"
    assert other.values["client.name"] == "甲"
    assert open_page(page.client).soup.html["lang"] == "en"


def test_a_new_draft_can_start_from_an_earlier_contract(page, example_for):
    stanced = page.press("_preview", _stance="provider")
    example = example_for(Stance.PROVIDER)
    stanced.values |= example | {"contract_number": "OLD-1"}
    made = stanced.press("_create")
    contract = made.response.headers["Location"].rsplit("/", 1)[1]
    again = open_page(page.client, f"{NEW}?after={contract}")
    assert again.values["contract_number"] == ""
    assert again.values["_stance"] == "provider"
    assert again.values["client.name"] == example["client.name"]
