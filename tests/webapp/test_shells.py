"""Word layouts on pages: brought as a file, refused with every reason, reviewed by another person, taken into use."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document

from tests.people import logged_in
from tests.render.wordfile import W, parts
from tests.webapp.browsing import Page
from tests.webapp.test_access import token_of
from webapp.shells import shipped_shell


@pytest.fixture(name="admin", scope="module")
def _admin(app):
    return logged_in(app)


@pytest.fixture(name="reviewer", scope="module")
def _reviewer(app):
    return logged_in(app, "李审核")


def restyled(size: int) -> bytes:
    """The standard layout with headings of another size."""
    document = Document(shipped_shell("standard").path)
    document.styles["Heading 2"].font.size = size * 12700
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def bring(client, data: bytes, name: str = "letter", note: str = "标题更大") -> Page:
    values = {
        "csrf_token": token_of(client),
        "name": name,
        "note": note,
        "file": (BytesIO(data), "shell.docx"),
    }
    return follow(client, client.post("/bank/shells", data=values))


def follow(client, response) -> Page:
    while response.status_code in {302, 303}:
        response = client.get(response.headers["Location"])
    return Page(client, response)


def decide(client, name: str, step: str, **values) -> Page:
    page = Page(client, client.get(f"/bank/drafts/{name}"))
    revision = page.soup.select_one("[name=revision]")
    held = {"revision": revision["value"]} if revision else {}
    form = {"csrf_token": token_of(client), "step": step, **held, **values}
    return follow(client, client.post(f"/bank/drafts/{name}", data=form))


def offered(client) -> list[str]:
    page = Page(client, client.get("/contracts/new/crm-outsourcing"))
    return [option["value"] for option in page.soup.select("[name=_shell] option")]


def test_everything_wrong_is_said_at_once_and_what_was_typed_is_kept(admin):
    page = bring(admin, b"no word file", name="Letter Head", note="")

    assert page.status == 422
    assert {link["href"] for link in page.soup.select(".summary a")} == {
        "#input-file",
        "#input-name",
        "#input-note",
    }
    assert page.soup.select_one("#input-name")["value"] == "Letter Head"
    assert [row for row in page.soup.select("tbody tr") if "letter" in row.text.lower()] == []


def test_a_layout_with_a_placeholder_nobody_knows_is_refused_by_name(admin):
    document = Document(shipped_shell("standard").path)
    document.paragraphs[0].add_run("{{ price }}")
    made = BytesIO()
    document.save(made)

    page = bring(admin, made.getvalue())

    assert page.status == 422
    assert "price" in page.text("#error-file")


def test_a_restyled_layout_is_approved_by_another_person_and_offered_in_the_form(admin, reviewer):
    brought = bring(admin, restyled(19))
    assert "shell/letter:1" in brought.text("h1")
    assert "letter" not in offered(admin)
    assert decide(admin, "shell/letter:1", "submit", note="标题更大").status == 200
    refused = decide(admin, "shell/letter:1", "approve")
    assert refused.status == 422
    assert "不能审核自己写的版本" in refused.text(".summary")

    history = decide(reviewer, "shell/letter:1", "approve")

    assert "已批准" in history.text("table")
    assert offered(admin) == ["standard", "formal", "letter"]


@pytest.fixture
def letter(admin, reviewer) -> None:
    """The approved layout, made here when the test before was run elsewhere."""
    if "letter" not in offered(admin):
        bring(admin, restyled(19))
        decide(admin, "shell/letter:1", "submit", note="标题更大")
        decide(reviewer, "shell/letter:1", "approve")


@pytest.mark.usefixtures("letter")
def test_its_file_and_a_contract_poured_into_it_can_be_looked_at(admin):
    file = admin.get("/bank/shells/letter/1/shell.docx").data
    sample = admin.get("/bank/shells/letter/1/sample.docx").data

    assert b'w:val="38"' in parts(file)["word/styles.xml"]
    assert parts(sample)["word/styles.xml"].count(b'w:val="38"') == parts(file)["word/styles.xml"].count(
        b'w:val="38"'
    )
    assert "定义" in "".join(p.text for p in Document(BytesIO(sample)).element.body.iter(f"{W}t"))


@pytest.mark.usefixtures("letter")
def test_a_new_version_follows_and_the_old_one_is_restored_as_a_draft(admin, reviewer):
    bring(admin, restyled(21), note="再大一点")
    decide(admin, "shell/letter:2", "submit", note="再大一点")
    decide(reviewer, "shell/letter:2", "approve")

    page = Page(admin, admin.get("/bank/history/shell/letter"))
    assert len(page.soup.select("tbody tr")) == 2
    form = {"csrf_token": token_of(admin), "origin": "shell/letter:1"}
    restored = follow(admin, admin.post("/bank/drafts", data=form))
    assert "shell/letter:3" in restored.text("h1")
    assert "shell/letter:1" in restored.text(".page-head")
    assert decide(admin, "shell/letter:3", "discard").status == 200


def test_layouts_and_texts_take_a_step_together(admin, reviewer):
    bring(admin, restyled(25), name="together")
    listed = Page(admin, admin.get("/bank/drafts")).soup.select("[name=chosen]")
    assert [box["value"] for box in listed] == ["shell/together:1"]
    form = {"csrf_token": token_of(admin), "step": "submit", "chosen": ["shell/together:1"], "comment": ""}
    assert follow(admin, admin.post("/bank/together", data=form)).status == 200
    form |= {"csrf_token": token_of(reviewer), "step": "return", "comment": "再看看"}

    assert follow(reviewer, reviewer.post("/bank/together", data=form)).status == 200
    assert "再看看" in Page(admin, admin.get("/bank/drafts/shell/together:1")).text("main")


def test_a_returned_layout_tells_why(admin, reviewer):
    bring(admin, restyled(23), name="large")
    decide(admin, "shell/large:1", "submit", note="更大")
    decide(reviewer, "shell/large:1", "return", comment="标题过大")

    assert "标题过大" in Page(admin, admin.get("/bank/drafts/shell/large:1")).text("main")


@pytest.mark.usefixtures("letter")
def test_a_layout_is_retired_and_no_longer_offered(reviewer):
    page = Page(reviewer, reviewer.get("/bank/retire/shell/letter"))
    assert page.status == 200
    form = {"csrf_token": token_of(reviewer), "note": "不再使用", "replacement": ""}

    done = follow(reviewer, reviewer.post("/bank/retire/shell/letter", data=form))

    assert "已停用" in done.text("table")
    assert offered(reviewer) == ["standard", "formal"]
    assert "不再使用" in Page(reviewer, reviewer.get("/bank/trail/shell/letter")).text("table")


def test_only_administrators_see_how_to_bring_one(app, admin):
    lawyer = logged_in(app, "王律师")
    assert Page(lawyer, lawyer.get("/bank/shells")).soup.select("#bring") == []
    assert Page(admin, admin.get("/bank/shells")).soup.select("#bring")
