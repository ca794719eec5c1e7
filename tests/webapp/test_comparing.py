"""Comparing on a page: contracts of one kind and of two, with the newest texts, clause texts, templates."""

from __future__ import annotations

import io
import zipfile

import pytest
from bs4 import BeautifulSoup

from clausebank.document import Stance
from schemas import example_answers
from tests.people import logged_in
from webapp.drafting import draft_contract, store_contract


@pytest.fixture(scope="module")
def stored(workspace):
    """Store a contract of a kind; returns its id."""

    def store(kind: str, number: str) -> str:
        template = workspace.templates[kind]
        raw = example_answers(template, workspace.bank) | {"contract_number": number}
        made = draft_contract(template, raw, workspace.bank, formats=("txt",))
        return str(store_contract(made, workspace).id)

    return store


@pytest.fixture(scope="module")
def pair(stored) -> tuple[str, str]:
    return stored("crm-outsourcing", "CMP-001"), stored("support-outsourcing", "CMP-002")


@pytest.fixture
def visit(client):
    def visited(old: str, new: str, **more: str):
        response = client.get("/compare/", query_string={"old": old, "new": new, **more})
        return response.status_code, BeautifulSoup(response.text, "lxml")

    return visited


def test_without_names_the_page_asks_for_them(client):
    response = client.get("/compare/")

    assert response.status_code == 200
    assert not BeautifulSoup(response.text, "lxml").select(".comparison, .error")


def test_contracts_of_two_kinds_are_compared_by_number_or_id_inline_and_side_by_side(visit, pair):
    for names, view in ((pair, "inline"), (("CMP-001", "CMP-002"), "beside")):
        status, page = visit(*names, view=view)
        assert status == 200
        assert page.select(".comparison ins")
        assert page.select(".comparison del")
        assert page.select(".comparison .line.changed")
        assert bool(page.select(".comparison .side")) == (view == "beside")


def test_a_contract_made_on_the_newest_texts_equals_them(visit, pair):
    _, page = visit(pair[0], f"{pair[0]}@newest")

    assert "完全相同" in page.select_one(".comparison").get_text()


def test_a_newer_text_shows_in_the_contract_on_the_newest_texts(app, visit, pair):
    sentence = "双方以本条第二版为准。"
    place = app.extensions["workspace"]
    text = place.bank.clauses["general.waiver"].variants[Stance.NEUTRAL].text

    def post(login: str, path: str, **given: str) -> str:
        client = logged_in(app, login)
        token = BeautifulSoup(client.get("/profile").text, "lxml").select_one("[name=csrf_token]")["value"]
        response = client.post(path, data={"csrf_token": token, **given}, follow_redirects=True)
        assert response.status_code == 200
        return response.request.path

    draft = post("王律师", "/bank/drafts", origin="general.waiver@neutral")
    post("王律师", draft, step="submit", revision="1", text=f"{text}\n{sentence}\n", note="补充")
    post("李审核", draft, step="approve")
    _, page = visit(pair[0], f"{pair[0]}@newest")

    assert [node.get_text() for node in page.select(".comparison ins")] == [sentence]
    assert not page.select(".comparison del")


def test_the_word_file_holds_both_texts_and_the_data_says_what_differs(client, pair):
    query = {"old": pair[0], "new": pair[1]}
    word = client.get("/compare/redline.docx", query_string=query)
    document = zipfile.ZipFile(io.BytesIO(word.data)).read("word/document.xml").decode()

    assert "<w:ins " in document
    assert "<w:del " in document
    assert client.get("/compare/changes.json", query_string=query).json["counts"]["changed"] > 0


def test_versions_of_templates_and_of_the_vocabulary_are_compared_as_text(visit):
    for name in ("template/crm-outsourcing", "vocabulary"):
        _, page = visit(name, f"{name}:1")
        assert "相同" in page.select_one("main").get_text()
    _, page = visit("template/crm-outsourcing", "template/support-annual")
    assert page.select(".difference ins")


@pytest.mark.parametrize(
    "name", ["no-such-contract", "x@newest", "fees.total@client:99", "/etc/hostname", "."]
)
def test_an_unknown_name_is_said_at_its_field(client, visit, pair, name):
    status, page = visit(pair[0], name)

    assert status == 404
    assert page.select_one("#new[aria-invalid] ~ .error")
    assert not page.select("#old[aria-invalid]")
    assert page.select_one("#new")["value"] == name
    assert client.get("/compare/redline.docx", query_string={"old": pair[0], "new": name}).status_code == 404


def test_a_template_is_not_compared_with_a_contract(visit, pair):
    status, page = visit(pair[0], "template/crm-outsourcing")

    assert status == 404
    assert page.select_one("#new-error")


def test_a_contract_leads_to_its_comparisons(client, pair):
    page = BeautifulSoup(client.get(f"/contracts/{pair[0]}").text, "lxml")
    links = [a["href"] for a in page.select("a[href^='/compare/']")]

    assert [client.get(link).status_code for link in links] == [200]
