"""The list of contracts, the page of one, and its files."""

from uuid import UUID, uuid4

import pytest
from bs4 import BeautifulSoup

from clausebank.embedded import read_manifest, text_lines
from clausebank.storage.models import Contract, ContractFile
from tests.people import logged_in
from tests.webapp.browsing import open_page
from webapp import create_app

FORMATS = ("docx", "pdf", "html", "txt", "json")


@pytest.fixture(scope="module")
def made(app, example):
    """A contract whose number tries to break file names and pages."""
    page = open_page(logged_in(app))
    page.values |= example | {"contract_number": 'A/"B"; <b>\\..;é😀'}
    return page.press("_create").response.headers["Location"]


@pytest.fixture
def soup(client, made):
    return BeautifulSoup(client.get(made).text, "lxml")


def test_it_shows_the_facts(soup, example):
    facts = soup.select_one(".facts").get_text(" ", strip=True)
    for name in ("client.name", "provider.name"):
        assert example[name] in facts
    assert "中立" in facts
    assert soup.select_one("#paper article.paper")


def test_it_shows_the_term_the_amount_and_what_happened(soup, example):
    facts = soup.select_one("[aria-labelledby=facts-heading]").get_text(" ", strip=True)
    assert example["service_start_date"] in facts
    assert example["service_end_date"] in facts
    assert "480,000.00" in facts
    assert "生成" in soup.select_one("[aria-labelledby=history-heading]").get_text()


def test_a_renewal_and_what_it_renews_lead_to_each_other(client, workspace, made):
    first = UUID(made.rsplit("/", 1)[1])
    with workspace.database.writing() as session:
        held = session.get(Contract, first)
        columns = [c.key for c in Contract.__table__.columns if c.key not in {"id", "revision"}]
        copied = {name: getattr(held, name) for name in columns}
        renewal = Contract(**copied | {"predecessor_id": first, "number": "RENEWAL-1"})
        session.add(renewal)
    before = BeautifulSoup(client.get(made).text, "lxml").select_one(f'a[href="/contracts/{renewal.id}"]')
    after = BeautifulSoup(client.get(f"/contracts/{renewal.id}").text, "lxml")
    assert before.get_text() == "RENEWAL-1"
    assert after.select_one(f'dd a[href="{made}"]')


def test_it_offers_every_file(soup, made):
    links = [link["href"] for link in soup.select("a[download]")]
    assert links == [f"{made}/files/{form}" for form in FORMATS]


def test_it_tells_whose_favour_each_topic_is_in_beside_every_suggestion(soup):
    lines = {line.summary.find(string=True).strip(): line for line in soup.select(".balance details")}
    liability = lines["责任限制"].get_text(" ", strip=True)
    assert "责任总额上限 100% 中立" in liability
    assert "甲方有利： 300%" in liability
    assert "乙方有利： 50%" in liability
    assert {line.select_one("summary .chip").get_text() for line in lines.values()} == {"中立"}


def test_the_files_never_say_whose_favour_they_are_in(client, made):
    for form in ("html", "txt", "json"):
        assert "有利" not in client.get(f"{made}/files/{form}").text
    for form in ("docx", "pdf"):
        data = client.get(f"{made}/files/{form}").data
        assert not any("甲方有利" in line or "乙方有利" in line for line in text_lines(data))


def test_it_lists_the_clauses_it_is_made_of(soup, client, made):
    manifest = read_manifest(client.get(f"{made}/files/docx").data)
    listed = [code.get_text() for code in soup.select(".clauses td code")]
    assert listed == [pin.id for pin in manifest.clauses]


@pytest.mark.parametrize("form", FORMATS)
def test_files_are_saved_never_shown_and_never_cached(client, made, form):
    answer = client.get(f"{made}/files/{form}")
    assert answer.status_code == 200
    assert answer.data
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_file_name_holds_nothing_that_breaks_out(client, made):
    name = client.get(f"{made}/files/pdf").headers["Content-Disposition"]
    assert not set("\r\n/\\") & set(name)
    assert name.count('"') in {0, 2}


def test_the_list_shows_it_and_leads_to_it(client, made):
    soup = BeautifulSoup(client.get("/contracts/").text, "lxml")
    assert soup.select_one(f'.contract-list a[href="{made}"]').get_text() == 'A/"B"; <b>\\..;é😀'


@pytest.mark.parametrize("page", ["0", "-3", "x", "9999"])
def test_odd_page_numbers_are_no_error(client, page):
    assert client.get(f"/contracts/?page={page}").status_code == 200


def test_what_is_not_there_is_not_found(client, made):
    assert client.get(f"/contracts/{uuid4()}").status_code == 404
    assert client.get(f"/contracts/{uuid4()}/files/pdf").status_code == 404
    assert client.get(f"{made}/files/exe").status_code == 404
    assert client.get("/contracts/not-an-id").status_code == 404


@pytest.mark.parametrize(("content", "said"), [(None, "没有这个文件"), ("改过", "文件已损坏")])
def test_a_file_that_is_gone_or_damaged_is_explained_and_never_sent(client, made, workspace, content, said):
    with workspace.database.reading() as session:
        file = session.get(ContractFile, (UUID(made.rsplit("/", 1)[1]), "txt"))
    path = workspace.files.path(file.path)
    kept = path.read_bytes()
    path.unlink() if content is None else path.write_text(content, "utf-8")
    answer = client.get(f"{made}/files/txt")
    path.write_bytes(kept)

    assert answer.status_code == 500
    assert said in answer.text
    assert client.get(f"{made}/files/txt").data == kept


def test_without_contracts_the_list_says_what_to_do(tmp_path):
    app = create_app({"CLAUSEBANK_HOME": tmp_path / "home", "CLAUSEBANK_GENERATED": tmp_path / "made"})
    soup = BeautifulSoup(logged_in(app).get("/contracts/").text, "lxml")
    assert soup.select_one(".nothing a[href='/']")
    app.extensions["workspace"].database.close()
