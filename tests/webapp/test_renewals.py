"""The pages of renewals: choosing, the policy, the differences, starting."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from clausebank.storage.models import Contract
from tests.people import STRANGER, logged_in
from tests.renewal.conftest import keep_in
from tests.webapp.browsing import fields
from webapp import create_app

TODAY = datetime.now().astimezone().date()


@pytest.fixture(scope="module")
def inline_app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("renewals")
    app = create_app(
        {
            "CLAUSEBANK_HOME": folder / "home",
            "CLAUSEBANK_GENERATED": folder / "generated",
            "CLAUSEBANK_BATCH_ENGINE": "inline",
        }
    )
    yield app
    app.extensions["workspace"].database.close()


@pytest.fixture
def user(inline_app):
    return logged_in(inline_app, "王律师")


@pytest.fixture
def keep(inline_app):
    """A function that stores a contract which ends in so many days."""

    def call(number, days=30, kind="support-annual"):
        end = TODAY + timedelta(days)
        start = end.replace(year=end.year - 1, day=min(end.day, 28)) + timedelta(1)
        return keep_in(
            inline_app.extensions["workspace"],
            number,
            kind,
            service_start_date=start.isoformat(),
            service_end_date=end.isoformat(),
            signing_date=start.isoformat(),
        )

    return call


class Page:
    """The page with its form, as a browser without scripts uses it."""

    def __init__(self, client, answer) -> None:
        self.client, self.answer = client, answer
        self.soup = BeautifulSoup(answer.text, "lxml")
        form = self.soup.select_one("#renewal-form")
        self.values = list(fields(form)) if form else []

    def press(self, name, value="1", **changes):
        values: dict[str, list] = {}
        for key, text in self.values:
            values.setdefault(key, []).append(text)
        values |= {key: change if isinstance(change, list) else [change] for key, change in changes.items()}
        data = {**values, name: value}
        answer = self.client.post("/renewals/propose", data=data, content_type="multipart/form-data")
        return Page(self.client, answer)

    def text(self, selector):
        return self.soup.select_one(selector).get_text(" ", strip=True)

    @property
    def numbers(self):
        return [cell.get_text(strip=True) for cell in self.soup.select("td.number")]


def opened(user, query=""):
    return Page(user, user.get(f"/renewals/{query}"))


def test_contracts_that_end_soon_are_offered_and_marked(user, keep):
    keep("P1.soon")
    keep("P1.later", 90)
    page = opened(user, "?within=60&party=P1")

    assert page.numbers == ["P1.soon"]
    assert [box.has_attr("checked") for box in page.soup.select("[name=contract]")] == [True]
    assert opened(user, "?within=91&party=P1&kind=support-annual").numbers == ["P1.soon", "P1.later"]
    assert opened(user, "?within=91&party=P1&kind=crm-outsourcing").numbers == []
    assert opened(user, "?within=x&party=P1").numbers == ["P1.soon"]


def test_the_differences_are_shown_and_nothing_is_made(user, keep, inline_app):
    old = keep("P2.a")
    page = opened(user, "?party=P2").press("_propose", fee="percent_up", fee_percent="5")
    shown = page.text(".renewal")

    assert page.answer.status_code == 200
    assert "P2.a-R1" in shown
    assert "+5.00%" in shown
    assert "¥504,000.00" in shown
    assert page.soup.select(".renewal .texts ins")
    with inline_app.extensions["workspace"].database.reading() as session:
        assert not session.scalars(select(Contract).where(Contract.predecessor_id == old.id)).all()


def test_starting_makes_the_renewals_and_leads_to_the_batch(user, keep, inline_app):
    old = keep("P3.a")
    page = opened(user, "?party=P3").press("_propose").press("_start")
    batch = BeautifulSoup(user.get(page.answer.headers["Location"]).text, "lxml")
    with inline_app.extensions["workspace"].database.reading() as session:
        new = session.scalars(select(Contract).where(Contract.predecessor_id == old.id)).one()

    assert batch.select_one("h1 .chip").get_text() == "已完成"
    assert batch.select_one(f"a[href='/contracts/{new.id}']")
    assert "续签汇总" in batch.get_text()
    redline = user.get(f"/contracts/{new.id}/files/redline.docx")
    assert redline.status_code == 200
    assert redline.data[:2] == b"PK"
    assert opened(user, "?party=P3").numbers == []


def test_every_problem_of_the_policy_stands_at_its_field(user, keep):
    keep("P4.a")
    page = opened(user, "?party=P4").press(
        "_propose", fee="percent_up", **{"term.number": "3", "term.unit": "小时"}, number="{x}"
    )
    assert page.answer.status_code == 422
    for name in ("fee_percent", "term", "number"):
        assert page.text(f"#error-{name}")
        assert page.soup.select_one(f".summary a[href='#input-{name}']")
    assert page.soup.select_one("[name=number]")["value"] == "{x}"


def test_rows_are_added_and_removed_and_what_was_typed_stays(user, keep):
    keep("P5.a")
    page = opened(user, "?party=P5").press("_add", "signatories", number="{number}-续")
    assert len(page.soup.select("#input-signatories fieldset.row")) == 1
    assert page.soup.select_one("[name=number]")["value"] == "{number}-续"
    page = page.press("_remove", "signatories.0")
    assert page.soup.select("#input-signatories fieldset.row") == []
    assert page.answer.status_code == 200


def test_one_that_cannot_be_renewed_stops_no_other(user, keep):
    keep("P6.a")
    keep("P6.b")
    keep("P6.b-R1", 400)
    page = opened(user, "?party=P6").press("_propose")

    assert len(page.soup.select(".renewal.bad")) == 1
    assert "REN-02" in page.text(".renewal.bad")
    assert "续签1份合同" in page.text("button[name=_start]")


def test_nothing_chosen_is_said(user, keep):
    keep("P7.a")
    page = opened(user, "?party=P7").press("_propose", contract=[])
    assert page.answer.status_code == 422
    assert "请至少选择一份合同" in page.text(".summary")
    assert page.numbers == ["P7.a"]


def test_a_file_names_contracts_and_another_the_fees(user, keep):
    keep("P8.a")
    keep("P8.b")
    token = opened(user, "?party=P8").soup.select_one("[name=csrf_token]")["value"]
    listed = {"csrf_token": token, "list": (BytesIO("编号\nP8.a\nP8.x\n".encode()), "list.csv")}
    page = Page(user, user.post("/renewals/", data=listed, content_type="multipart/form-data"))
    assert page.numbers == ["P8.a"]
    assert "P8.x" in page.text(".summary")

    fees = (BytesIO("编号,服务费\nP8.a,123456.78\n".encode()), "fees.csv")
    assert "¥123,456.78" in page.press("_propose", fees=[fees]).text(".renewal")
    wrong = page.press("_propose", fees=[(BytesIO(b"x"), "fees.exe")])
    assert wrong.answer.status_code == 422


def test_a_contract_made_leads_to_its_renewal(user, keep):
    contract = keep("P9.a", 300)
    page = BeautifulSoup(user.get(f"/contracts/{contract.id}").text, "lxml")
    link = page.find("a", string="续签这份合同")["href"]
    assert opened(user, link.removeprefix("/renewals/")).numbers == ["P9.a"]


def test_several_contracts_are_handed_over_by_their_ids(user, keep):
    one, _other, third = keep("P11.a", 300), keep("P11.b"), keep("P11.c", 200)

    assert opened(user, f"?contract={one.id}&contract={third.id}").numbers == ["P11.a", "P11.c"]


def test_the_register_leads_to_the_renewal_of_what_it_lists(user, keep):
    for number in ("P14.a", "P14.b"):
        keep(number, 300)
    page = BeautifulSoup(user.get("/contracts/?party=P14").text, "lxml")
    link = page.find("a", string="续签本页的合同")["href"]

    assert sorted(opened(user, link.removeprefix("/renewals/")).numbers) == ["P14.a", "P14.b"]


def test_other_formats_are_made_when_they_are_asked_for(user, keep, inline_app):
    old = keep("P12.a")
    opened(user, "?party=P12").press("_propose").press("_start", formats=["docx", "txt"])
    with inline_app.extensions["workspace"].database.reading() as session:
        new = session.scalars(select(Contract).where(Contract.predecessor_id == old.id)).one()
        assert {file.format for file in new.files} == {"docx", "txt", "redline.docx"}


def test_more_than_fit_a_page_are_shown_page_by_page_and_made_together(user, keep, inline_app, monkeypatch):
    monkeypatch.setattr("webapp.pages.renewals.SHOWN", 2)
    held = {keep(f"P13.{n}").id: f"P13.{n}" for n in range(4)}
    keep("P13.3-R1", 400)
    page = opened(user, "?party=P13").press("_propose", fee="percent_up", fee_percent="5", formats=["txt"])
    after = page.press("_from", "2")
    started = after.press("_start")
    batch = BeautifulSoup(user.get(started.answer.headers["Location"]).text, "lxml")
    with inline_app.extensions["workspace"].database.reading() as session:
        made = session.scalars(select(Contract).where(Contract.predecessor_id.in_(held))).all()

    shown = [[old.text for old in each.soup.select(".renewal summary strong")] for each in (page, after)]
    assert shown == [page.numbers[:2], page.numbers[2:4]]
    assert "第1至2份，共4份" in page.soup.get_text()
    assert "第3至4份，共4份" in after.soup.get_text()
    assert sorted(new.number for new in made) == ["P13.0-R1", "P13.1-R1", "P13.2-R1"]
    assert {new.amount for new in made} == {50_400_000}
    assert "P13.3-R1 已被使用" in batch.get_text()
    assert "续签汇总" in batch.get_text()


def test_contracts_of_another_team_are_not_there(inline_app, keep):
    contract = keep("P10.a")
    stranger = logged_in(inline_app, STRANGER)
    assert opened(stranger, "?party=P10").numbers == []
    assert opened(stranger, f"?contracts={contract.id}").numbers == []
