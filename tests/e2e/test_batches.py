"""A batch and a renewal from the pages, in a real browser, while a worker makes them beside the server."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from playwright.sync_api import expect

from schemas import example_answers
from tests.renewal.conftest import keep_in
from webapp.batch.engines import Inline

KIND = "crm-outsourcing"


@pytest.fixture
def worker(site):
    """The worker of this machine, in a thread of its own."""
    over = Event()
    place = site[0].extensions["workspace"]
    thread = Thread(target=Inline().watch, args=(place, over.is_set), daemon=True)
    thread.start()
    yield
    over.set()
    thread.join(60)


@pytest.fixture
def rows(site, tmp_path):
    """A file with two good rows and a bad one."""
    place = site[0].extensions["workspace"]
    answers = example_answers(place.templates[KIND], place.bank)
    path = tmp_path / "rows.jsonl"
    lines = (
        {"contract_number": "E-1"},
        {"contract_number": "E-2", "fee_total": "很多"},
        {"contract_number": "E-3"},
    )
    path.write_text("\n".join(json.dumps({**answers, **line}) for line in lines), "utf-8")
    return path


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_becomes_contracts_once_its_check_was_read(visit, rows, worker, scripts):
    visitor = visit(scripts=scripts)
    visitor.page.set_default_timeout(60_000)
    page = visitor.open(f"/batches/new?kind={KIND}")
    page.set_input_files("#input-rows", rows)
    page.uncheck("[name=formats][value=pdf]")
    page.click(".actions button")
    expect(page.locator("section .register tbody tr")).to_have_count(1)
    expect(page.locator("main")).to_contain_text("很多")
    page.click("text=生成2份合同")
    expect(page.locator("h1 .chip")).to_have_text("已完成", timeout=120_000)
    expect(page.locator("a[href^='/contracts/'][lang]")).to_have_count(2)
    with page.expect_download() as download:
        page.click("text=全部文件（ZIP）")
    assert download.value.path().read_bytes()[:2] == b"PK"
    assert visitor.console == []


def test_a_contract_is_renewed_after_its_differences_were_read(visit, site, worker):
    end = datetime.now().astimezone().date() + timedelta(20)
    start = end.replace(year=end.year - 1, day=min(end.day, 28)) + timedelta(1)
    days = {"service_start_date": start.isoformat(), "service_end_date": end.isoformat()}
    old = keep_in(
        site[0].extensions["workspace"], "E2E.renewal", "support-retention", **days, signing_date=None
    )
    visitor = visit(width=375, height=812)
    visitor.page.set_default_timeout(120_000)
    page = visitor.open(f"/contracts/{old.id}")
    page.click("text=续签这份合同")
    page.select_option("[name=fee]", "percent_up")
    page.fill("[name=fee_percent]", "5")
    page.click(".actions button[name=_propose]")
    expect(page.locator(".renewal > summary")).to_contain_text("+5.00%")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.click("button[name=_start]")
    expect(page.locator("h1 .chip")).to_have_text("已完成", timeout=120_000)
    page.click("a[href^='/contracts/'][lang]")
    expect(page.locator("h1")).to_contain_text("客户服务与支持外包合同")
    with page.expect_download() as download:
        page.click("text=修订稿")
    assert download.value.suggested_filename.endswith(".redline.docx")
    assert visitor.console == []
