"""The pages of batches: a file handed in, its check, the decision, and what is made."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from clausebank.storage.ledger_models import BatchItem
from schemas import example_answers
from tests.batch.forms import Form
from tests.people import STRANGER, logged_in
from tests.webapp.browsing import KIND
from webapp import create_app
from webapp.pages.batches import View


@pytest.fixture(scope="module")
def inline_app(tmp_path_factory):
    """An application that makes rows itself, before it answers."""
    folder = tmp_path_factory.mktemp("batches")
    app = create_app(
        {
            "CLAUSEBANK_HOME": folder / "home",
            "CLAUSEBANK_GENERATED": folder / "generated",
            "CLAUSEBANK_BATCH_ENGINE": "inline",
            "WTF_CSRF_ENABLED": False,
        }
    )
    yield app
    app.extensions["workspace"].database.close()


@pytest.fixture
def user(inline_app):
    return logged_in(inline_app, "王律师")


@pytest.fixture(scope="module")
def answers(inline_app):
    place = inline_app.extensions["workspace"]
    return example_answers(place.templates[KIND], place.bank)


@pytest.fixture
def hand_in(user, answers):
    """A function that hands in rows that differ from the example by some answers."""

    def call(*rows, name="rows.jsonl", **more):
        data = "\n".join(
            json.dumps({**answers, "contract_number": f"N-{n}", **row}) for n, row in enumerate(rows)
        )
        return send(user, data.encode(), name, **more)

    return call


def send(user, data, name, **more):
    form = {"rows": (BytesIO(data), name), "formats": ["txt", "docx"], "pattern": "{number}", **more}
    return user.post(f"/batches/new/{KIND}", data=form, content_type="multipart/form-data")


def soup_of(user, path):
    return BeautifulSoup(user.get(path).text, "lxml")


def test_the_form_downloaded_filled_and_handed_in_becomes_contracts(user):
    empty = user.get(f"/batches/form/{KIND}.xlsx?_stance=client").data
    form = Form(empty)
    form.copy_example(0, "R1")
    form.put(0, contract_number="X-1")
    shown = send(user, form.save(), "表格.xlsx", _stance="client").headers["Location"]

    assert "1行可以生成" in soup_of(user, shown).get_text()
    assert user.post(f"{shown}/start").headers["Location"] == shown
    page = soup_of(user, shown)
    made = user.get(page.select_one("a[href^='/contracts/'][lang]")["href"])
    assert page.select_one("progress")["value"] == "1"
    assert "X-1" in made.text
    assert "甲方有利" in made.text


def test_every_problem_is_shown_at_its_cell_and_the_good_rows_wait(hand_in, user):
    shown = hand_in({}, {"fee_total": "很多"}, {"service_end_date": "2020-01-01"}).headers["Location"]
    page = soup_of(user, shown)
    lines = [line.get_text(" ", strip=True) for line in page.select("section .register tbody tr")]

    assert "1行可以生成" in page.get_text()
    assert "2行有问题" in page.get_text()
    assert any(line.startswith("2 ") and "服务费总额" in line and "很多" in line for line in lines)
    assert any("服务届满日" in line for line in lines)
    assert "progress" not in [tag.name for tag in page.select("progress")]


def test_the_good_rows_are_made_when_told_and_the_bad_left_out(hand_in, user):
    shown = hand_in({"contract_number": "G-1"}, {"fee_total": "很多"}).headers["Location"]
    user.post(f"{shown}/start")
    with zipfile.ZipFile(BytesIO(user.get(f"{shown}/files.zip").data)) as package:
        assert set(package.namelist()) == {"G-1.docx", "G-1.txt", "index.xlsx"}
    index = load_workbook(BytesIO(user.get(f"{shown}/overview/index.xlsx").data)).active

    assert [row[1] for row in index.values][1:] == ["G-1"]
    assert "1份因有问题而未列入" in soup_of(user, shown).get_text()


def test_a_row_that_fails_says_why_at_its_field_and_is_made_again_once_mended(inline_app, hand_in, user):
    shown = hand_in({"contract_number": "F-1"}, {"contract_number": "F-2"}).headers["Location"]
    database = inline_app.extensions["workspace"].database
    batch_id = UUID(shown.rpartition("/")[2])

    def answer(**changed):
        with database.writing() as session:
            item = session.get_one(BatchItem, (batch_id, 2))
            item.answers = {**item.answers, **changed}
            return item.answers

    good = answer()
    answer(fee_total="很多", payment_schedule=[{**good["payment_schedule"][0], "share": "很多"}])
    user.post(f"{shown}/start")
    page = soup_of(user, shown)
    told = page.select_one("section[aria-labelledby=failed-heading]").get_text()
    index = load_workbook(BytesIO(user.get(f"{shown}/overview/index.xlsx").data)).active

    assert page.select_one(".counts .danger dd").get_text() == "1"
    assert "服务费总额（含税）：请写金额" in told
    assert "付款进度 第1行 比例：请写百分比" in told
    assert "Total fee including VAT: Enter a sum" in list(index.values)[2][9]

    answer(**good)
    user.post(f"{shown}/retry")
    assert soup_of(user, shown).select_one("h1 .chip").get_text() == "已完成"
    assert not soup_of(user, shown).select("section[aria-labelledby=failed-heading], .counts .danger")


def test_the_file_comes_back_with_its_bad_cells_marked(user):
    form = Form(user.get(f"/batches/form/{KIND}.xlsx").data)
    form.copy_example(0, "R1")
    form.put(0, fee_total="很多")
    shown = send(user, form.save(), "rows.xlsx").headers["Location"]
    answer = user.get(f"{shown}/report.xlsx")
    book = load_workbook(BytesIO(answer.data))

    assert book["合同 Contracts"][form.cell(0, "fee_total").coordinate].comment
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]


def test_a_check_that_is_thrown_away_is_gone(hand_in, user):
    shown = hand_in({}).headers["Location"]
    assert user.post(f"{shown}/discard").headers["Location"] == "/batches/"
    assert user.get(shown).status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "", "请选择填好的文件"),
        (b"x", "rows.exe", "文件类型应为"),
        (b"not a zip", "rows.xlsx", "不是有效的 XLSX"),
        (b"\x00\xff\xff", "rows.jsonl", "UTF-8"),
        (b"", "rows.csv", "没有"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(user, data, name, message):
    answer = send(user, data, name)
    assert answer.status_code == 422
    assert message in BeautifulSoup(answer.text, "lxml").select_one(".summary").get_text()


def test_what_was_chosen_stays_when_the_file_is_refused(user):
    answer = send(user, b"x", "rows.exe", _stance="provider", pattern="{nothing} {number}", formats=["json"])
    page = BeautifulSoup(answer.text, "lxml")

    assert page.select_one("[name=_stance][checked]")["value"] == "provider"
    assert page.select_one("[name=pattern]")["value"] == "{nothing} {number}"
    assert [box["value"] for box in page.select("[name=formats][checked]")] == ["json"]


def test_a_name_nobody_can_fill_stands_at_its_field(hand_in):
    answer = hand_in({}, pattern="{nothing}")
    assert answer.status_code == 422
    assert "nothing" in BeautifulSoup(answer.text, "lxml").select_one("#error-pattern").get_text()


def test_files_larger_than_forms_are_let_in_here_alone(user):
    head = b'--b\r\nContent-Disposition: form-data; name="rows"; filename="rows.exe"\r\n\r\n'
    form = head + b"x" * (3 * 1024 * 1024) + b"\r\n--b--\r\n"
    sent = user.post(f"/batches/new/{KIND}", data=form, content_type="multipart/form-data; boundary=b")
    assert sent.status_code == 422
    for path, size in (("/renewals/propose", 12), ("/password", 3)):
        answer = user.post(path, data=b"x" * size * 1024 * 1024, content_type="multipart/form-data")
        assert answer.status_code == 413


def test_a_batch_is_paused_resumed_and_cancelled(hand_in, user, inline_app):
    shown = hand_in({}).headers["Location"]
    for step, state in (
        ("pause", "待确认"),
        ("start", "已完成"),
        ("pause", "已暂停"),
        ("cancel", "已取消"),
        ("resume", "已完成"),
    ):
        user.post(f"{shown}/{step}")
        assert soup_of(user, shown).select_one("h1 .chip").get_text() == state, step
    assert user.post(f"{shown}/explode").status_code == 404


def test_the_page_that_watches_is_renewed_when_nothing_is_left(hand_in, user):
    shown = hand_in({}).headers["Location"]
    user.post(f"{shown}/start")
    answer = user.get(f"{shown}/progress")
    assert answer.headers["HX-Refresh"] == "true"
    assert "hx-trigger" not in answer.text


def test_nobody_steers_what_belongs_to_another_team(hand_in, inline_app):
    shown = hand_in({}).headers["Location"]
    stranger = logged_in(inline_app, STRANGER)
    assert stranger.get(shown).status_code == 404
    assert stranger.post(f"{shown}/start").status_code == 404
    assert shown not in stranger.get("/batches/").text
    assert shown in logged_in(inline_app, "孙查看").get("/batches/").text


def test_the_remaining_time_follows_the_rate_of_the_last_minute(inline_app):
    from clausebank.storage.ledger import Progress

    def remaining(**counts):
        usual = {
            "state": "running",
            "total": 100,
            "waiting": 0,
            "working": 0,
            "done": 0,
            "failed": 0,
            "recent": 0,
        }
        with inline_app.test_request_context():
            return View(None, Progress(**{**usual, **counts}), "", "").remaining

    assert remaining(waiting=61, recent=30) == "还需约3分钟"
    assert remaining(waiting=60) == ""
    assert remaining(recent=30) == ""


def test_a_message_service_that_is_silent_is_told_and_nothing_is_lost(tmp_path, answers):
    app = create_app(
        {
            "CLAUSEBANK_HOME": tmp_path / "home",
            "CLAUSEBANK_GENERATED": tmp_path / "generated",
            "CLAUSEBANK_BATCH_ENGINE": "celery",
            "CLAUSEBANK_BROKER_URL": "redis://127.0.0.1:9/0",
            "WTF_CSRF_ENABLED": False,
        }
    )
    person = logged_in(app, "王律师")
    shown = send(person, json.dumps(answers).encode(), "rows.jsonl").headers["Location"]
    started = person.post(f"{shown}/start")
    page = soup_of(person, started.headers["Location"])
    app.extensions["workspace"].database.close()

    assert started.status_code == 303
    assert "消息服务没有响应" in page.select_one("main [role=alert]").get_text()
    assert page.select_one("#progress strong").get_text() == "0 / 1"
    assert "消息服务" not in soup_of(person, shown).get_text()
