"""A lawyer's main job in a real browser: fill in, watch the paper, make the contract, download it."""

from io import BytesIO
from pathlib import Path

from docx import Document as WordFile
from pypdf import PdfReader

from tests.e2e.conftest import settled
from tests.e2e.filling import NEW, fill, fill_all


def test_a_lawyer_fills_in_the_form_and_downloads_both_files(visit, example):
    visitor = visit()
    page = visitor.open("/")
    page.click(".card .button[href='/contracts/new/crm-outsourcing']")
    page.wait_for_selector("[data-view-button=all]")
    fill(page, "contract_number", "CB-2026-0042")
    settled(page)
    assert page.locator('.cover .filled[data-blank="contract_number"]').inner_text() == "CB-2026-0042"
    fill_all(page, {**example, "contract_number": "CB-2026-0042"}, lambda: settled(page))
    assert page.locator("#preview-status").inner_text() == "内容完整，可以生成合同"
    assert page.locator("#paper .gap").count() == 0
    page.click("button[name=_create]")
    page.wait_for_url("**/contracts/*-*")
    word, pdf = (saved(page, f"a[href$='/files/{form}']") for form in ("docx", "pdf"))
    assert word.name == "CB-2026-0042 客户关系管理外包服务合同.docx"
    text = "\n".join(p.text for p in WordFile(BytesIO(word.read_bytes())).paragraphs)
    assert "第一条" in text or "定义与解释" in text
    pages = PdfReader(pdf).pages
    assert len(pages) >= 12
    assert example["client.name"] in "".join(page.extract_text() for page in pages[:4])
    assert visitor.console == []


def test_it_works_without_scripts(visit, example):
    page = visit(scripts=False).open(NEW)
    fill_all(page, example, lambda: page.click(".actions button[name=_preview]"))
    assert page.locator("#paper .gap").count() == 0
    page.click("button[name=_create]")
    assert page.locator("h1").inner_text().startswith("客户关系管理外包服务合同")
    assert saved(page, "a[href$='/files/docx']").read_bytes().startswith(b"PK")
    assert saved(page, "a[href$='/files/pdf']").read_bytes().startswith(b"%PDF")


def saved(page, link) -> Path:
    """Click a download link; return the file under the name it was offered."""
    with page.expect_download() as waiting:
        page.click(link)
    download = waiting.value
    path = Path(download.path())
    return path.rename(path.with_name(download.suggested_filename))
