"""The register: filters as chips, sorting, pages by key, and the list as a spreadsheet."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from sqlalchemy import text

from clausebank.storage.models import Contract
from clausebank.storage.search import index_contract
from tests.people import logged_in
from webapp import create_app
from webapp.cli import run

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "\t=1", "=cmd|' /C calc'!A0", "'=1")
TODAY = date.today()  # noqa: DTZ011 (the register's own today)


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    """An application whose register holds sixty contracts."""
    folder = tmp_path_factory.mktemp("register")
    app = create_app({"CLAUSEBANK_HOME": folder / "home", "CLAUSEBANK_GENERATED": folder / "generated"})
    workspace = app.extensions["workspace"]
    with workspace.database.writing() as session:
        ids = [session.scalar(text(f"SELECT min(id) FROM {t}_version")) for t in ("template", "vocabulary")]
        for number in range(60):
            client = "上海云岚商贸有限公司"
            provider = "杭州青禾客服有限公司" if number < 30 else "北京恒达信息有限公司"
            contract = Contract(
                kind="crm-outsourcing" if number % 2 else "support-annual", title="服务合同",
                number=FORMULAS[number] if number < len(FORMULAS) else f"HT-{number:03}",
                template_version_id=ids[0], vocabulary_version_id=ids[1], answers={"client": {"name": client}, "provider": {"name": provider}}, stances={}, manifest={},
                state="draft" if number == 9 else "final", client_name=client, provider_name=provider,
                starts_on=date(2026, 1, 1), ends_on=TODAY + timedelta(days=number * 5), amount=number * 100_00,
                created_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number),
            )  # fmt: skip
            session.add(contract)
            session.flush()
            index_contract(session, contract)
    yield app
    workspace.database.close()


@pytest.fixture
def ask(register):
    """Ask the register and read its page."""

    def asked(query="", language="zh", path="/contracts/"):
        client = logged_in(register)
        client.set_cookie("language", language)
        answer = client.get(path if path != "/contracts/" else f"/contracts/?{query}")
        assert answer.status_code == 200
        return BeautifulSoup(answer.text, "lxml")

    return asked


def numbers(soup) -> list[str]:
    return [link.get_text() for link in soup.select(".contract-list .number a")]


def test_a_page_leads_to_the_next_and_back(ask):
    first = ask()
    assert len(numbers(first)) == 50
    assert first.select_one("a[rel=prev]") is None
    second = ask(path=first.select_one("a[rel=next]")["href"])
    assert len(numbers(second)) == 10
    assert second.select_one("a[rel=next]") is None
    assert numbers(ask(path=second.select_one("a[rel=prev]")["href"])) == numbers(first)


def heading(page, label):
    return next(th for th in page.select("th") if label in th.get_text())


def test_a_heading_sorts_and_turns_the_order_round(ask):
    page = ask("q=HT")
    assert "aria-sort" not in heading(page, "金额").attrs
    down = ask(path=heading(page, "金额").a["href"])
    assert heading(down, "金额")["aria-sort"] == "descending"
    assert numbers(down)[0] == "HT-059"
    up = ask(path=heading(down, "金额").a["href"])
    assert heading(up, "金额")["aria-sort"] == "ascending"
    assert numbers(up)[0] == "HT-008"


def test_every_filter_in_force_is_a_chip_that_takes_it_away(ask):
    page = ask("q=青禾&kind=support-annual&state=final&least=1000&ends_from=2020-01-01&party=云岚")
    chips = page.select(".in-force a")
    assert [chip.select_one("span").get_text() for chip in chips] == [
        "青禾", "云岚", "客户服务与支持年度合同", "状态：定稿", "届满日自：2020-01-01", "金额不低于：1000",
    ]  # fmt: skip
    assert len(numbers(page)) == 10
    for chip in chips:
        assert len(ask(path=chip["href"]).select(".in-force a")) == len(chips) - 1


def test_what_ends_soon_is_counted_and_one_step_away(ask):
    link = next(link for link in ask().select(".views a") if "90" in link["href"])
    assert link.select_one(".number").get_text() == "19"
    page = ask(path=link["href"])
    assert len(numbers(page)) == 19
    assert [cell.get_text() for cell in page.select(".soon")][:2] == ["今天届满", "剩5天"]


def test_the_figures_are_written_for_people(ask):
    row = ask("q=HT-059").select_one("tbody tr").get_text(" ", strip=True)
    assert "5,900.00" in row
    assert (TODAY + timedelta(days=295)).isoformat() in row


def test_a_filter_that_cannot_be_read_is_told_at_its_field_and_left_out(ask):
    page = ask("least=viel&q=HT-059")
    field = page.select_one("#least")
    assert field["value"] == "viel"
    assert field["aria-invalid"] == "true"
    assert "半角数字" in page.select_one(f"#{field['aria-describedby']}").get_text()
    assert page.select_one(".filters details").has_attr("open")
    assert numbers(page) == ["HT-059"]


def test_an_empty_answer_says_what_to_do(ask):
    page = ask("q=没有这个词")
    assert "没有符合条件的合同" in page.select_one(".nothing").get_text()
    assert page.select_one(".nothing a")["href"] == "/contracts/"


def sheet_of(register, query="", language="zh"):
    client = logged_in(register)
    client.set_cookie("language", language)
    with client.get(f"/contracts/export.xlsx?{query}") as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == "private, no-store"
        return answer.data


def test_the_spreadsheet_holds_the_whole_filtered_list_with_typed_cells(register):
    sheet = load_workbook(BytesIO(sheet_of(register, "q=HT&sort=number"))).active
    rows = list(sheet.iter_rows(min_row=2))
    assert [row[0].value for row in rows] == [f"HT-{number:03}" for number in range(8, 60)]
    first = rows[0]
    assert [cell.data_type for cell in first] == ["s", "s", "s", "s", "d", "d", "n", "s", "d", "s"]
    assert (first[4].value.date(), first[6].value, first[7].value) == (date(2026, 1, 1), 800, "定稿")
    assert sheet.freeze_panes == "A2"


def test_no_cell_of_the_spreadsheet_is_a_formula(register):
    data = sheet_of(register, language="en")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        written = "".join(
            archive.read(n).decode() for n in archive.namelist() if "sheet" in n and n.endswith(".xml")
        )
    assert "<f>" not in written
    assert "<f " not in written
    cells = [row[0] for row in load_workbook(BytesIO(data)).active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {formula.strip() for formula in FORMULAS} <= {cell.value.strip() for cell in cells}
    assert all(cell.quotePrefix for cell in cells)


def test_the_command_lists_and_exports_the_same(register, tmp_path, monkeypatch, capsys):
    workspace = register.extensions["workspace"]
    monkeypatch.setenv("CLAUSEBANK_HOME", str(workspace.shells.folder.parent))
    call = ["contracts", "list", "--q", "HT", "--least", "5000", "--sort=-amount", "--limit", "3", "--json"]
    assert run(call) == 0
    found = json.loads(capsys.readouterr().out)
    assert [c["number"] for c in found["contracts"]] == ["HT-059", "HT-058", "HT-057"]
    assert found["more"]
    assert found["contracts"][0]["amount"] == "5900.00"

    assert run(["contracts", "export", str(tmp_path / "a.xlsx"), "--q", "HT"]) == 0
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet.max_row == 53


def test_the_command_refuses_all_it_cannot_read_at_once(register, capsys):
    assert run(["contracts", "list", "--least", "viel", "--ends-from", "morgen", "--sort", "x"]) == 2
    said = capsys.readouterr().err
    assert all(place in said for place in ("least", "ends-from", "sort"))
