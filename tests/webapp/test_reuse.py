"""The address book and the sets of answers: kept from a form, taken by name, edited, deleted with a way back."""

import pytest
from bs4 import BeautifulSoup

from tests.people import STRANGER
from tests.webapp.browsing import open_page

USCC, OTHER = "91350100M000100Y43", "91350211M000100Y46"


def company(name="上海云岚商贸有限公司", uscc=USCC, **more):
    fields = {
        "name": name, "uscc": uscc, "address": "上海市浦东新区世纪大道100号8层", "legal_representative": "陈一鸣",
        "contact": "林知夏", "phone": "021-50001234", "email": "legal@example.com",
    }  # fmt: skip
    return {**fields, **more}


def below(prefix, fields):
    return {f"{prefix}.{name}": text for name, text in fields.items()}


def post(client, path, data):
    token = open_page(client).values["csrf_token"]
    return client.post(path, data={"csrf_token": token, **data})


def listed(client, what="parties") -> dict[str, str]:
    """Return the names listed with the paths they lead to."""
    soup = BeautifulSoup(client.get(f"/{what}/").text, "lxml")
    return {link.get_text(): link["href"] for link in soup.select(".register .number a")}


@pytest.fixture
def page(client):
    return open_page(client)


# --- the address book ----------------------------------------------------------------------------


def test_a_company_is_added_edited_and_listed(client):
    post(client, "/parties/", below("party", company("甲乙丙一有限公司")))
    path = listed(client)["甲乙丙一有限公司"]
    form = BeautifulSoup(client.get(path).text, "lxml").select_one("form.sheet")
    assert form.find(attrs={"name": "party.uscc"})["value"] == USCC
    revision = form.find(attrs={"name": "revision"})["value"]
    changed = {**below("party", company("甲乙丙二有限公司")), "revision": revision}
    assert post(client, path, changed).status_code == 303
    assert listed(client)["甲乙丙二有限公司"] == path
    assert post(client, path, changed).status_code == 409


def test_what_is_wrong_is_told_at_the_field_and_what_was_typed_stays(client):
    answer = post(client, "/parties/", below("party", company(name="", uscc="91350100M000100Y44")))
    soup = BeautifulSoup(answer.text, "lxml")
    assert answer.status_code == 422
    assert soup.find(id="error-party.uscc").get_text(strip=True)
    assert soup.find(id="error-party.name").get_text(strip=True)
    assert soup.find(attrs={"name": "party.uscc"})["value"] == "91350100M000100Y44"
    assert {link["href"] for link in soup.select(".summary a")} >= {"#input-party.uscc", "#input-party.name"}


def test_a_party_is_kept_from_the_form_and_filled_into_another(page, client):
    page.preview(_remember="client", **below("client", company("从表单存入有限公司")))
    assert "从表单存入有限公司" in listed(client)
    other = open_page(client).preview(_fill="provider", **{"_book.provider": "从表单存入有限公司"})
    field = other.soup.select_one('[name="provider.uscc"]')
    assert field["value"] == USCC
    by_code = open_page(client).press("_fill", "provider", **{"_book.provider": USCC})
    assert by_code.values["provider.contact"] == "林知夏"


def test_the_same_code_is_one_record(page, client):
    for name in ("旧名称有限公司", "新名称有限公司"):
        page.preview(_remember="client", **below("client", company(name)))
    assert "新名称有限公司" in listed(client)
    assert "旧名称有限公司" not in listed(client)


def test_a_party_with_faults_is_not_kept_and_the_form_says_why(page, client):
    before = listed(client)
    answer = page.press("_remember", "client", **below("client", company(uscc="91350100M000100Y44")))
    assert answer.error("client")
    assert answer.error("client.uscc")
    assert listed(client) == before


def test_a_name_nobody_has_is_told_and_changes_nothing(page):
    answer = page.press("_fill", "client", **{"_book.client": "没有这家公司", "client.name": "原来的名称"})
    assert answer.error("client")
    assert answer.values["client.name"] == "原来的名称"


@pytest.mark.parametrize("what", ["parties", "parameters"])
def test_what_is_deleted_can_be_taken_back(client, what):
    keep(client, what, "删除测试有限公司")
    path = listed(client, what)["删除测试有限公司"]
    post(client, f"{path}/delete", {})
    soup = BeautifulSoup(client.get(f"/{what}/").text, "lxml")
    assert client.get(path).status_code == 404
    post(client, soup.select_one("form.restore")["action"], {})
    assert listed(client, what)["删除测试有限公司"] == path


@pytest.mark.parametrize("what", ["parties", "parameters"])
def test_a_team_shares_and_strangers_do_not_see(client, as_person, what):
    keep(client, what, "共享测试有限公司")
    path = listed(client, what)["共享测试有限公司"]
    assert as_person("赵律师").get(path).status_code == 200
    stranger = as_person(STRANGER)
    assert stranger.get(path).status_code == 404
    assert "共享测试有限公司" not in listed(stranger, what)
    assert post(stranger, f"{path}/delete", {}).status_code == 404


def keep(client, what: str, name: str) -> None:
    """Keep a company, or a set of answers, under a name."""
    if what == "parties":
        post(client, "/parties/", below("party", company(name, OTHER)))
    else:
        keep_set(client, name, ["signing_place"], signing_place="杭州市西湖区")


# --- sets of answers -----------------------------------------------------------------------------


def keep_set(client, name: str, entries, **answers):
    page = open_page(client)
    path = page.press("_keep_set", **answers).response.headers["Location"]
    return post(client, path, {"name": name, "entry": entries})


def test_a_set_is_kept_from_a_draft_and_taken_in_another_form(client):
    answers = {"signing_place": "杭州市西湖区", "copies_each": "4", "payment_schedule.0.stage": "签约后"}
    back = keep_set(client, "我方常用", ["signing_place", "payment_schedule"], **answers)
    assert back.status_code == 303
    assert "/drafts/" in back.headers["Location"]
    taken = open_page(client).press("_apply", _set="我方常用")
    assert taken.values["signing_place"] == "杭州市西湖区"
    assert taken.values["payment_schedule.0.stage"] == "签约后"
    assert taken.values["copies_each"] == ""
    other = open_page(client, "/contracts/new/support-annual").press("_apply", _set="我方常用")
    assert other.values["signing_place"] == "杭州市西湖区"


def test_a_set_of_the_same_name_is_replaced(client):
    for place in ("上海市", "杭州市西湖区"):
        keep_set(client, "同名", ["signing_place"], signing_place=place)
    assert open_page(client).press("_apply", _set="同名").values["signing_place"] == "杭州市西湖区"


def test_only_filled_answers_are_offered_and_one_must_be_chosen(client):
    page = open_page(client)
    path = page.press("_keep_set", signing_place="杭州市西湖区").response.headers["Location"]
    soup = BeautifulSoup(client.get(path).text, "lxml")
    offered = {box["value"] for box in soup.select("[name=entry]")}
    assert "signing_place" in offered
    assert "contract_number" not in offered
    for data in ({"name": "", "entry": ["signing_place"]}, {"name": "空"}):
        assert post(client, path, data).status_code == 422


def test_a_set_is_renamed_and_made_smaller(client):
    keep_set(client, "原名", ["signing_place", "copies_each"], signing_place="杭州市西湖区", copies_each="4")
    path = listed(client, "parameters")["原名"]
    assert post(client, path, {"name": "改名", "entry": ["copies_each"]}).status_code == 303
    taken = open_page(client).press("_apply", _set="改名")
    assert (taken.values["copies_each"], taken.values["signing_place"]) == ("4", "")
    assert post(client, path, {"name": ""}).status_code == 422


def test_a_set_nobody_kept_is_told(page):
    answer = page.press("_apply", _set="没有", signing_place="杭州市西湖区")
    assert answer.text("#error-_set")
    assert answer.values["signing_place"] == "杭州市西湖区"
