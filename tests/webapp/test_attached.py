"""Files the parties attach in the form: taken, shown, kept, replaced, removed, refused with a reason."""

from hashlib import sha256
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from werkzeug.datastructures import FileStorage

from clausebank.assembly.select import Stances
from clausebank.storage.keys import attached_key
from schemas import example_answers
from schemas.forms import flatten
from tests.pdfs import encrypted, pdf_file
from tests.webapp.browsing import open_page, send
from webapp.workbench import questions

ANNUAL = "/contracts/new/support-annual"
MANUAL = "service-manual"


@pytest.fixture
def page(client):
    return open_page(client, ANNUAL)


@pytest.fixture(scope="module")
def annual(workspace) -> dict[str, str]:
    template, bank = workspace.templates["support-annual"], workspace.bank
    return flatten(example_answers(template, bank, Stances()), questions(template, bank))


def sent(data: bytes, name: str = "手册.pdf") -> dict[str, object]:
    return {f"_file.{MANUAL}": FileStorage(BytesIO(data), name)}


def said(page) -> str:
    return page.soup.find(id=f"error-_file.{MANUAL}").get_text(strip=True)


def shown(page) -> str:
    held = page.soup.find(id=f"kept-{MANUAL}")
    return held.get_text(" ", strip=True) if held else ""


def test_an_attachment_without_its_file_has_a_field_and_a_finding_that_leads_there(page, client):
    field = page.form.find("input", type="file")
    assert field["name"] == f"_file.{MANUAL}"
    assert page.soup.select_one(f'#findings a[href="#input-_file.{MANUAL}"]')
    assert page.form["enctype"] == "multipart/form-data"
    assert not open_page(client).form.find("input", type="file")


def test_a_file_chosen_is_shown_with_name_pages_and_size_and_its_finding_goes(page):
    data = pdf_file("A", "B", "C")
    answer = page.preview(**sent(data))
    assert shown(answer) == f"手册.pdf 3页 · {len(data) / 1024:.0f} KB"
    assert not answer.soup.select_one(f'a[href="#input-_file.{MANUAL}"]')
    assert answer.soup.select_one("#attached[hx-swap-oob]")


def test_the_files_are_not_sent_again_while_nothing_about_them_changes(page):
    with_file = page.press("_preview", **sent(pdf_file("A")))
    assert with_file.values[f"_filed.{MANUAL}"]
    assert not with_file.preview(contract_number="A-1").soup.select_one("#attached")
    assert not page.preview(contract_number="A-1").soup.select_one("#attached")


def test_it_is_kept_across_a_failed_submit_and_stands_in_the_contract(page, client, annual):
    wrong = page.press("_create", **{**annual, "contract_number": ""}, **sent(pdf_file("ONE", "TWO")))
    assert wrong.status == 422
    assert shown(wrong).startswith("手册.pdf 2页")
    made = wrong.press("_create", **annual)
    assert made.status == 303
    url = made.response.location
    pdf = PdfReader(BytesIO(client.get(f"{url}/files/pdf").data))
    words = [page.extract_text() for page in pdf.pages]
    assert [word for word in ("ONE", "TWO") if any(word in text for text in words)] == ["ONE", "TWO"]
    assert "FIL-01" not in client.get(url).text


def test_it_can_be_replaced_and_removed(page):
    first = page.press("_preview", **sent(pdf_file("A")))
    second = first.press("_preview", **sent(pdf_file("A", "B"), "新手册.pdf"))
    assert shown(second).startswith("新手册.pdf 2页")
    assert shown(second.press("_unfile", MANUAL)) == ""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (encrypted(pdf_file("A"), "geheim"), "文件已加密"),
        (pdf_file("A")[:300], "文件已损坏"),
        (b"PK\x03\x04", "不是 PDF 文件"),
        (b"%PDF-" + bytes(21 * 1024 * 1024), "文件超过 20 MB"),
    ],
    ids=["encrypted", "damaged", "no PDF", "huge"],
)
def test_a_file_that_cannot_be_used_is_refused_at_its_field_and_what_was_there_stays(page, data, reason):
    before = page.press("_preview", **sent(pdf_file("A")))
    after = before.press("_preview", **sent(data, "other.pdf"))
    assert said(after).startswith(reason)
    assert shown(after).startswith("手册.pdf 1页")
    field = after.form.find("input", type="file")
    assert field["aria-invalid"] == "true"
    assert f"error-_file.{MANUAL}" in field["aria-describedby"]


def test_a_refused_file_keeps_the_contract_from_being_made_and_is_in_the_summary(page, annual):
    refused = page.press("_create", **annual, **sent(b"no"))
    assert refused.status == 422
    assert refused.soup.select_one(f'.summary a[href="#input-_file.{MANUAL}"]')
    assert refused.press("_create").status == 303


def test_only_a_file_that_came_in_through_the_form_can_be_named(page, client):
    forged = page.press("_preview", **{f"_filed.{MANUAL}": '["service-manual","x.pdf","0"]'})
    assert "重新选择" in said(forged)
    other = page.press("_preview", **sent(pdf_file("A"))).values[f"_filed.{MANUAL}"]
    moved = page.press("_preview", **{"_filed.nda": other})
    assert shown(moved) == ""


def test_more_than_the_pages_take_at_once_is_refused_with_advice(client):
    large = {"CONTENT_LENGTH": str(90 * 1024 * 1024)}
    form = "multipart/form-data; boundary=x"
    answer = client.post(ANNUAL, content_type=form, environ_overrides=large)
    assert answer.status_code == 413
    assert "逐个提交" in BeautifulSoup(answer.text, "lxml").get_text()


def test_other_pages_take_no_large_bodies(client):
    assert send(client, "/bank/drafts", sent(bytes(3 * 1024 * 1024))).status_code == 413


# --- characters no font has -----------------------------------------------------------------------


def test_a_character_no_font_has_is_marked_at_its_field(page, annual):
    rare = "\U0003106c"
    answer = page.press("_preview", **{**annual, "client.name": f"上海{rare}公司"})
    notice = answer.soup.find(attrs={"data-notice": "client.name"})
    assert rare in notice.get_text()
    assert notice["id"] in answer.form.find("input", attrs={"name": "client.name"})["aria-describedby"]
    assert answer.soup.find(attrs={"data-notice": "provider.name"}).get_text() == ""


def test_in_a_list_the_rows_that_hold_it_are_marked(page, annual):
    rare = "\U0003106c"
    column = "milestones.0.result"
    rows = [column, column.replace(".0.", ".1.")]
    answer = page.press("_preview", **{**annual, rows[1]: f"验收{rare}后"})
    notices = [answer.soup.find(attrs={"data-notice": row}).get_text() for row in rows]
    assert notices[0] == ""
    assert rare in notices[1]


def test_a_draft_begun_from_an_earlier_contract_brings_its_files(page, annual, workspace):
    data = pdf_file("A", "B")
    made = page.press("_create", **annual, **sent(data))
    earlier = f"{ANNUAL}?after={made.response.headers['Location'].rsplit('/', 1)[1]}"
    begun = open_page(page.client, earlier)
    assert shown(begun) == f"服务手册.pdf 2页 · {len(data) / 1024:.0f} KB"
    assert begun.press("_create", contract_number="F-2", signing_date="2026-12-20").status == 303
    assert not shown(open_page(page.client, earlier.replace("support-annual", "crm-outsourcing")))
    workspace.files.delete(attached_key(sha256(data).hexdigest()))
    assert said(open_page(page.client, earlier)).startswith("文件已不在")
