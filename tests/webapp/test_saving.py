"""Drafts on the pages: every send saves, a draft opens as it was left, two pages never lose each other's words."""

from uuid import UUID

import pytest

from clausebank.storage.drafting_models import ContractDraft
from clausebank.storage.models import Contract
from clausebank.storage.people import change_user, find_team, find_user
from clausebank.storage.people_models import DEFAULT_TEAM, Team
from tests.people import STRANGER, add_people, logged_in
from tests.webapp.browsing import KIND, NEW, open_page
from webapp import create_app


@pytest.fixture
def page(client):
    return open_page(client)


def path_of(page) -> str:
    return f"/drafts/{page.values['_draft']}"


def row_of(workspace, page) -> ContractDraft | None:
    with workspace.database.reading() as session:
        return session.get(ContractDraft, UUID(page.values["_draft"]))


def test_a_form_only_looked_at_is_no_draft(page, workspace):
    assert row_of(workspace, page) is None


def test_every_preview_saves_and_says_where(page, workspace):
    answer = page.preview(contract_number="S-1", **{"client.name": "上海云岚商贸有限公司"})
    row = row_of(workspace, page)
    assert (row.number, row.parties, row.revision) == ("S-1", "上海云岚商贸有限公司", 1)
    assert row.open > 10
    assert path_of(page) in answer.soup.select_one("#state").string


def test_a_draft_opens_as_it_was_left(page, client):
    topic = page.soup.select_one("select[name^='_stance.']")["name"]
    changes = {
        "contract_number": "S-2", "_stance": "client", topic: "provider", "_shell": "formal",
        "_clause.liability.cap": "client", "_without.personnel.non-solicitation": "on",
    }  # fmt: skip
    left = page.press("_add", "payment_schedule", **changes)
    again = open_page(client, path_of(page))
    assert again.status == 200
    steering = {"csrf_token", "_tab"}
    assert {n: t for n, t in again.values.items() if n not in steering} == {
        n: t for n, t in left.values.items() if n not in steering
    }
    assert again.values["_clause.liability.cap"] == "client"
    assert again.values["_without.personnel.non-solicitation"] == "on"


def test_without_scripts_there_is_a_button_to_save(page, client):
    page.press("_save", contract_number="S-3")
    assert open_page(client, path_of(page)).values["contract_number"] == "S-3"


def test_a_colleague_opens_it_and_a_stranger_does_not_find_it(page, as_person):
    page.press("_save", contract_number="S-4")
    assert open_page(as_person("赵律师"), path_of(page)).values["contract_number"] == "S-4"
    stranger = as_person(STRANGER)
    assert stranger.get(path_of(page)).status_code == 404
    foreign = open_page(stranger)
    assert foreign.preview(_draft=page.values["_draft"], contract_number="X").status == 404
    assert "S-4" not in stranger.get("/drafts/").text


def test_a_strange_id_saves_nothing_and_shows_the_preview_all_the_same(page):
    assert page.preview(_draft="../../x", contract_number="S-5").soup.select_one("article.paper")


# --- two pages -----------------------------------------------------------------------------------


@pytest.fixture
def two(page, client):
    """Two pages of one draft, the second of which has saved."""
    first = page.press("_save", contract_number="T-1")
    second = open_page(client, path_of(page))
    second.preview(
        contract_number="T-2", signing_place="杭州市西湖区", _touched="contract_number signing_place"
    )
    return first


def conflict(answer) -> dict[str, tuple[str, str]]:
    return {
        row.select_one("input")["name"].removeprefix("_take."): tuple(
            cell.get_text(" ", strip=True) for cell in row.select("td")
        )
        for row in answer.soup.select(".differing tbody tr")
    }


def test_the_later_page_is_told_what_differs_and_overwrites_nothing(two, workspace):
    answer = two.preview(contract_number="T-3", copies_each="4", _touched="contract_number copies_each")
    assert conflict(answer) == {
        "contract_number": ("T-3", "T-2"), "signing_place": ("—", "杭州市西湖区"), "copies_each": ("4", "—"),
    }  # fmt: skip
    assert row_of(workspace, two).number == "T-2"
    chosen = {each["name"]: each["value"] for each in answer.soup.select(".differing input[checked]")}
    assert chosen == {
        "_take.contract_number": "mine", "_take.signing_place": "theirs", "_take.copies_each": "mine",
    }  # fmt: skip


def test_the_choice_is_saved_and_nothing_else_changes(two, client):
    told = two.press("_save", contract_number="T-3", copies_each="4")
    assert conflict(told)
    took = {"_take.contract_number": "theirs", "_take.signing_place": "theirs", "_take.copies_each": "mine"}
    done = told.press("_merge", "chosen", **took)
    assert (done.status, done.response.headers["Location"]) == (303, path_of(two))
    again = open_page(client, path_of(two))
    assert [again.values[name] for name in ("contract_number", "signing_place", "copies_each")] == [
        "T-2", "杭州市西湖区", "4",
    ]  # fmt: skip


def test_what_the_page_sent_before_the_choice_is_not_saved_after_it(two, client):
    told = two.press("_save", contract_number="T-3")
    told.press("_merge", "mine")

    assert conflict(two.press("_save", contract_number="T-9"))
    assert open_page(client, path_of(two)).values["contract_number"] == "T-3"


@pytest.mark.parametrize(("side", "number"), [("mine", "T-3"), ("theirs", "T-2")])
def test_one_page_can_be_taken_as_a_whole(two, client, side, number):
    told = two.press("_save", contract_number="T-3")
    told.press("_merge", side)
    assert open_page(client, path_of(two)).values["contract_number"] == number


def test_a_choice_made_on_an_old_state_is_asked_again(two, client):
    told = two.press("_save", contract_number="T-3")
    third = open_page(client, path_of(two))
    third.preview(contract_number="T-4")
    assert conflict(told.press("_merge", "mine"))["contract_number"] == ("T-3", "T-4")


def test_the_panel_is_not_drawn_again_while_the_other_page_stays_as_it_is(two):
    told = two.preview(contract_number="T-3")
    theirs = told.soup.select_one("[name=_theirs]")["value"]
    assert not two.preview(contract_number="T-31", _theirs=theirs).soup.select("#conflict")


def test_a_list_and_a_period_are_one_entry_each(page, client):
    first = page.press("_save", contract_number="L-1")
    other = open_page(client, path_of(page))
    other.press(
        "_add", "payment_schedule", **{"payment_schedule.0.stage": "签约后", "late_payment_grace.number": "9"}
    )
    told = first.press("_save", contract_number="L-2")
    assert {"payment_schedule", "late_payment_grace", "contract_number"} == set(conflict(told))
    assert "签约后" in conflict(told)["payment_schedule"][1]
    told.press("_merge", "theirs")
    done = open_page(client, path_of(page))
    assert done.values["payment_schedule.0.stage"] == "签约后"
    assert done.values["late_payment_grace.number"] == "9"


def test_a_contract_is_not_made_while_two_pages_differ(two, example, workspace):
    two.values |= example
    answer = two.press("_create")
    assert answer.status == 422
    assert conflict(answer)


# --- the list ------------------------------------------------------------------------------------


def test_the_list_tells_kind_number_parties_and_what_is_open(page, client):
    page.press("_save", contract_number="LIST-1", **{"client.name": "上海云岚商贸有限公司"})
    text = client.get("/drafts/").text
    assert path_of(page) in text
    assert "LIST-1" in text
    assert "上海云岚商贸有限公司" in text
    assert "客户关系管理外包服务合同" in text


def post(client, path, **form):
    token = open_page(client).values["csrf_token"]
    return client.post(path, data={"csrf_token": token, **form})


def test_a_deleted_draft_can_be_taken_back(page, client):
    page.press("_save", contract_number="GONE-1")
    post(client, f"{path_of(page)}/delete")
    listed = client.get("/drafts/").text
    assert f"{path_of(page)}/restore" in listed
    assert client.get(path_of(page)).status_code == 404
    post(client, f"{path_of(page)}/restore")
    assert open_page(client, path_of(page)).values["contract_number"] == "GONE-1"


def test_a_made_contract_leaves_the_list_and_its_draft_leads_to_it(page, client, example):
    page.values |= example | {"contract_number": "MADE-1"}
    made = page.press("_create").response.headers["Location"]
    assert path_of(page) not in client.get("/drafts/").text
    assert client.get(path_of(page)).headers["Location"] == made


def test_a_contract_is_duplicated_as_a_draft_with_its_choices(page, client, workspace, example):
    chosen = page.press(
        "_preview", **{"_without.personnel.non-solicitation": "on", "_clause.liability.cap": "client"}
    )
    chosen.values |= example | {"contract_number": "OLD-9"}
    contract = chosen.press("_create").response.headers["Location"].rsplit("/", 1)[1]
    with workspace.database.reading() as session:
        stances = session.get_one(Contract, UUID(contract)).stances
    assert stances["without"] == ["personnel.non-solicitation"]
    assert stances["by_clause"] == {"liability.cap": "client"}
    again = open_page(client, post(client, "/drafts/", after=contract).headers["Location"])
    assert again.values["contract_number"] == ""
    assert again.values["client.name"] == example["client.name"]
    assert again.values["_without.personnel.non-solicitation"] == "on"
    assert again.values["_clause.liability.cap"] == "client"


@pytest.mark.parametrize("after", ["", "x", "00000000-0000-4000-8000-00000000beef"])
def test_nothing_is_duplicated_from_nowhere(client, after):
    assert post(client, "/drafts/", after=after).status_code in {400, 404}


# --- what a wording would change -----------------------------------------------------------------


def test_differences_of_a_topic_are_shown_before_it_is_chosen(client):
    fragment = client.get(f"{NEW}/wordings?topic=liability", headers={"HX-Request": "true"}).text
    assert "<ins>" in fragment
    assert "<html" not in fragment
    assert "<html" in client.get(f"{NEW}/wordings?clause=liability.cap").text


@pytest.mark.parametrize("query", ["", "?topic=nothing", "?clause=nothing.at-all"])
def test_differences_of_nothing_are_not_found(client, query):
    assert client.get(f"/contracts/new/{KIND}/wordings{query}").status_code == 404


# --- teams -----------------------------------------------------------------------------------------


def test_who_is_in_several_teams_says_to_which_a_contract_and_its_draft_belong(tmp_path, example):
    app = create_app({"CLAUSEBANK_HOME": tmp_path / "home", "CLAUSEBANK_GENERATED": tmp_path / "made"})
    database = app.extensions["workspace"].database
    add_people(database)
    with database.writing() as session:
        home, other = session.get_one(Team, DEFAULT_TEAM).name, "外地团队"
        change_user(session, find_user(session, "赵律师"), teams=[home, other])
        team = str(find_team(session, other).id)
    both, stranger = logged_in(app, "赵律师"), logged_in(app, STRANGER)
    page = open_page(both)
    assert {option.get_text() for option in page.soup.select("#input-_team option")} == {home, other}
    saved = page.press("_save", contract_number="TEAM-1", _team=team)
    assert saved.soup.select_one("#input-_team option[selected]")["value"] == team
    assert "TEAM-1" in stranger.get("/drafts/").text
    assert "TEAM-1" not in logged_in(app, "王律师").get("/drafts/").text
    saved.values |= example | {"contract_number": "TEAM-1", "_team": team}
    made = saved.press("_create").response.headers["Location"]
    assert stranger.get(made).status_code == 200
    assert logged_in(app, "王律师").get(made).status_code == 404
    assert not open_page(logged_in(app, "王律师")).soup.select("#input-_team"), "there is no choice of one"
    database.close()
