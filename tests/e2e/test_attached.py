"""Attaching a file in the form, with scripts running."""

import pytest
from playwright.sync_api import expect

from tests.e2e.filling import fill
from tests.pdfs import pdf_file

FIELD = "#input-_file\\.service-manual"


@pytest.fixture
def page(visit):
    visitor = visit()
    yield visitor.open("/contracts/new/support-annual")
    assert visitor.console == []


def pdf(data: bytes) -> dict[str, object]:
    return {"name": "手册.pdf", "mimeType": "application/pdf", "buffer": data}


def test_a_file_is_sent_as_soon_as_it_is_chosen_and_can_be_taken_out_again(page):
    fill(page, "contract_number", "A-1")
    page.set_input_files(FIELD, pdf(pdf_file("A", "B")))
    expect(page.locator("#kept-service-manual")).to_contain_text("手册.pdf 2页")
    expect(page.locator('#findings a[href="#input-_file.service-manual"]')).to_have_count(0)
    page.locator('button[name="_unfile"]').click()
    expect(page.locator("#kept-service-manual")).to_have_count(0)
    assert page.locator('[name="contract_number"]').input_value() == "A-1"


def test_a_file_too_large_is_refused_before_it_is_sent(page, tmp_path):
    large = tmp_path / "large.pdf"
    large.write_bytes(b"%PDF-" + bytes(21 * 1024 * 1024))
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.set_input_files(FIELD, large)
    expect(page.locator("#error-_file\\.service-manual")).to_have_text("文件超过20 MB")
    assert "POST" not in sent
    assert page.locator(FIELD).evaluate("input => input.files.length") == 0
