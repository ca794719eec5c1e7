from __future__ import annotations

import os
import zipfile
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup


@pytest.fixture
def pair(cli, answers):
    """Two stored contracts with their Word files: neutral and in the client's favour."""
    made = []
    for stance in ("neutral", "client"):
        out = cli(
            "assemble", "crm-outsourcing", "--answers", answers, "--stance", stance, "--formats", "docx",
            "--out", stance, "--json",
        ).json()  # fmt: skip
        made.append((out["contract"], out["files"][0]["path"]))
    return made


def test_it_compares_stored_contracts_and_files_alike(cli, pair):
    (old, old_file), (new, new_file) = pair
    stored = cli("compare", old, new, "--json")
    files = cli("compare", old_file, new_file, "--json")

    assert (stored.code, files.code) == (1, 1)
    assert stored.json()["changes"] == files.json()["changes"]
    assert stored.json()["counts"]["changed"] > 20


def test_a_contract_is_equal_to_its_file(cli, pair):
    (old, old_file), _ = pair
    same = cli("compare", old, old_file)

    assert same.code == 0
    assert "完全相同" in same.out


def test_it_writes_a_redline_and_a_page(cli, pair, tmp_path):
    (old, _), (new, _) = pair
    made = cli(
        "compare", old, new, "--docx", "out/r.docx", "--html", "out/r.html", "--author", "王律师", "--date",
        "2026-03-01",
    )  # fmt: skip

    assert made.code == 1
    assert {"out/r.docx", "out/r.html"} <= set(made.out.splitlines())
    document = zipfile.ZipFile(tmp_path / "out/r.docx").read("word/document.xml").decode()
    assert 'w:author="王律师" w:date="2026-03-01T00:00:00Z"' in document
    page = BeautifulSoup((tmp_path / "out/r.html").read_text("utf-8"), "html.parser")
    assert page.select(".comparison ins")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["r.docx", "r.html"]


def test_the_redline_is_dated_like_the_new_file_unless_told(cli, pair, tmp_path):
    (_, old_file), (_, new_file) = pair
    moment = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC).timestamp()
    os.utime(tmp_path / new_file, (moment, moment))
    cli("compare", old_file, new_file, "--docx", "r.docx")

    assert 'w:date="2026-05-06T07:08:09Z"' in zipfile.ZipFile("r.docx").read("word/document.xml").decode()


def test_it_compares_variants_and_versions_of_a_clause(cli):
    assert cli("compare", "liability.cap@neutral", "liability.cap@neutral:1").code == 0
    found = cli("compare", "liability.cap@neutral", "liability.cap@client", "--docx", "cap.docx")

    assert found.code == 1
    assert "{+" in found.out
    assert zipfile.ZipFile("cap.docx").testzip() is None


@pytest.mark.parametrize(
    "name",
    ["nothing", "liability.cap@neutral:99", "no.clause@neutral", "liability.cap@middle", "party.block@"],
)
def test_what_is_not_there_is_refused(cli, name):
    refused = cli("compare", "liability.cap@neutral", name)

    assert refused.code == 2
    assert name in refused.err
    assert "Traceback" not in refused.err


def test_both_wrong_names_are_told_at_once(cli):
    refused = cli("compare", "nothing", "nowhere", "--json")

    assert refused.code == 2
    assert len(refused.json()["errors"]) == 2


def test_a_file_that_is_no_contract_of_ours_is_refused(cli, tmp_path):
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04nonsense")

    assert cli("compare", "a.docx", "a.docx").code == 2


def test_it_never_writes_over_what_it_compares(cli, pair, tmp_path):
    (_, old_file), (_, new_file) = pair
    before = (tmp_path / new_file).read_bytes()
    refused = cli("compare", old_file, new_file, "--docx", new_file)

    assert refused.code == 2
    assert (tmp_path / new_file).read_bytes() == before
    assert cli("compare", old_file, new_file, "--docx", "x", "--html", "x").code == 2
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("author", ["", "a\nb"])
def test_an_author_needs_a_name(cli, author):
    refused = cli("compare", "liability.cap@neutral", "liability.cap@client", "--author", author)

    assert refused.code == 2
    assert "--author" in refused.err
