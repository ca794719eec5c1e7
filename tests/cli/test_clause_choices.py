"""Choosing the text of single clauses: stance, version, or none; the files can be verified all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workspaces import add_own_text
from webapp.settings import Settings
from webapp.workspace import workspace

KIND = "crm-outsourcing"


@pytest.fixture(name="answers")
def _answers(cli, tmp_path):
    path = tmp_path / "answers.yml"
    path.write_text(cli("example", KIND).out, "utf-8")
    return path


def made(cli, answers, *choices):
    done = cli(
        "assemble",
        KIND,
        "--answers",
        answers,
        "--out",
        "out",
        "--formats",
        "docx,pdf,txt",
        "--json",
        *choices,
    )
    return done.json()


def text_and_verdicts(cli, found):
    files = {file["format"]: file["path"] for file in found["files"]}
    return Path(files["txt"]).read_text("utf-8"), [
        cli("verify", files[form]).code for form in ("docx", "pdf")
    ]


def test_a_clause_takes_a_stance_of_its_own(cli, answers):
    plain, _ = text_and_verdicts(cli, made(cli, answers))
    found = made(cli, answers, "--variant", "liability.cap=client")
    text, verdicts = text_and_verdicts(cli, found)
    assert text != plain
    assert verdicts == [0, 0]
    assert found["stances"] == {
        "default": "neutral",
        "by_topic": {},
        "by_clause": {"liability.cap": "client"},
    }


def test_a_clause_left_out_is_gone_and_can_be_verified(cli, answers):
    plain, _ = text_and_verdicts(cli, made(cli, answers))
    found = made(cli, answers, "--without", "personnel.non-solicitation")
    text, verdicts = text_and_verdicts(cli, found)
    assert len(text) < len(plain)
    assert found["stances"]["without"] == ["personnel.non-solicitation"]
    assert verdicts == [0, 0]


def test_leaving_out_what_others_refer_to_is_an_error_in_the_contract(cli, answers):
    found = made(cli, answers, "--without", "liability.cap")
    assert found["state"] == "draft"
    assert "error" in {finding["level"] for finding in found["findings"]}
    assert text_and_verdicts(cli, found)[1] == [0, 0]


def test_an_older_approved_version_can_be_pinned(cli, answers, tmp_path, monkeypatch):
    monkeypatch.setenv("CLAUSEBANK_HOME", str(tmp_path / "home"))
    with workspace(Settings.from_environment()) as place:
        add_own_text(place, "personnel.non-solicitation", "双方另有约定的除外。")
    newest, _ = text_and_verdicts(cli, made(cli, answers))
    pinned = made(cli, answers, "--variant", "personnel.non-solicitation=neutral:1")
    text, verdicts = text_and_verdicts(cli, pinned)
    assert "双方另有约定的除外。" in newest
    assert "双方另有约定的除外。" not in text
    assert verdicts == [0, 0]
    assert pinned["stances"]["versions"] == {"personnel.non-solicitation": 1}


@pytest.mark.parametrize(
    "choice",
    [
        ("--variant", "liability.cap"),
        ("--variant", "liability.cap=ours"),
        ("--variant", "liability.cap=client:x"),
        ("--variant", "liability.cap=client:99"),
        ("--variant", "nowhere.at-all=client"),
        ("--variant", "parties.block=client"),
        ("--without", "nowhere.at-all"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(cli, answers, choice):
    done = cli("assemble", KIND, "--answers", answers, "--out", "out", *choice)
    assert done.code == 2
    assert "Traceback" not in done.out
