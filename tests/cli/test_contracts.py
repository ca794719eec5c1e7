from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.workspaces import add_own_text, changed_word, fresh_workspace

KIND = "crm-outsourcing"
DOCX = "CRM-2026-0001 客户关系管理外包服务合同.docx"


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_it_lists_the_kinds(cli):
    assert f"{KIND}\t客户关系管理外包服务合同" in cli("kinds").out
    assert f"{KIND}\tCRM Outsourcing Service Agreement" in cli("kinds", "--language", "en").out
    (kind,) = [row for row in cli("kinds", "--json").json() if row["kind"] == KIND]
    assert kind["clauses"] >= 60
    assert {"payment", "liability"} <= set(kind["topics"])


@pytest.mark.parametrize("stance", ["client", "neutral", "provider"])
def test_an_example_can_be_assembled_as_it_is(cli, tmp_path, stance):
    path = tmp_path / "answers.yml"
    path.write_text(cli("example", KIND, "--stance", stance).out, "utf-8")
    done = cli("assemble", KIND, "--answers", path, "--stance", stance, "--formats", "txt", "--out", "out")

    assert (done.code, done.err) == (0, "")
    assert files_in(tmp_path / "out") == [DOCX.replace("docx", "txt")]


def test_the_example_explains_every_blank_it_holds(cli):
    text = cli("example", KIND).out
    answers = yaml.safe_load(text)

    assert re.findall(r"^([a-z_]+):", text, re.MULTILINE) == list(answers)
    assert text.count("\n# ") == len(answers)
    assert cli("example", KIND, "--json").json().keys() == answers.keys()


def test_assembling_twice_gives_the_same_bytes(cli, answers, tmp_path):
    for folder in ("a", "b"):
        assert cli("assemble", KIND, "--answers", answers, "--out", folder).code == 0

    names = files_in(tmp_path / "a")
    assert names == [DOCX, DOCX.replace("docx", "pdf")]
    assert [(tmp_path / "a" / n).read_bytes() for n in names] == [
        (tmp_path / "b" / n).read_bytes() for n in names
    ]


def test_it_prints_where_the_files_are(cli, answers, tmp_path):
    done = cli("assemble", KIND, "--answers", answers, "--formats", "docx,html", "--out", "out")

    assert str(Path("out") / DOCX) in done.out.splitlines()
    assert "合同 " in done.out
    assert (tmp_path / "out" / DOCX).read_bytes()[:2] == b"PK"


def test_without_a_folder_the_files_go_to_the_generated_folder(cli, answers, tmp_path):
    cli("assemble", KIND, "--answers", answers, "--formats", "txt")

    assert (tmp_path / "generated" / DOCX.replace("docx", "txt")).is_file()


def test_machines_get_the_contract_as_data(cli, answers):
    done = cli(
        "assemble",
        KIND,
        "--answers",
        answers,
        "--stance",
        "client",
        "--stance-for",
        "fees=provider",
        "--json",
    )
    found = done.json()

    assert found["state"] == "final"
    assert found["stances"] == {"default": "client", "by_topic": {"fees": "provider"}}
    assert [file["format"] for file in found["files"]] == ["docx", "pdf"]
    assert [file["size"] for file in found["files"]] == [
        Path(f["path"]).stat().st_size for f in found["files"]
    ]


def test_a_topic_of_its_own_stance_changes_the_text(cli, answers, tmp_path):
    cli("assemble", KIND, "--answers", answers, "--formats", "txt", "--out", "a")
    cli(
        "assemble",
        KIND,
        "--answers",
        answers,
        "--formats",
        "txt",
        "--out",
        "b",
        "--stance-for",
        "liability=provider",
    )

    (name,) = files_in(tmp_path / "a")
    assert (tmp_path / "a" / name).read_text("utf-8") != (tmp_path / "b" / name).read_text("utf-8")


def test_a_stored_contract_and_its_file_can_be_linted(cli, answers):
    made = cli("assemble", KIND, "--answers", answers, "--out", "out", "--json").json()

    for named in (made["contract"], made["number"], *(file["path"] for file in made["files"])):
        done = cli("lint", named, "--json")
        assert (done.code, done.json()) == (0, {"findings": []})


def test_findings_are_told_and_keep_the_contract_a_draft(cli, answers, tmp_path, monkeypatch):
    with fresh_workspace(tmp_path) as place:
        add_own_text(place, "general.effect", "双方应当遵守{@fees.nowhere}的约定。")
    monkeypatch.setenv("CLAUSEBANK_HOME", str(tmp_path / "home"))
    told = cli("assemble", KIND, "--answers", answers, "--formats", "docx,pdf", "--out", "out")
    made = cli("assemble", KIND, "--answers", answers, "--formats", "docx,pdf", "--out", "out", "--json")

    assert (told.code, made.code, made.json()["state"]) == (1, 1, "draft")
    assert "fees.nowhere" in told.out
    assert "草稿" in told.out
    assert {finding["clause"] for finding in made.json()["findings"]} == {"general.effect"}
    for file in made.json()["files"]:
        assert cli("verify", file["path"]).code == 0
        assert cli("lint", file["path"]).code == 1


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_verify_finds_an_untouched_file_identical(cli, answers, tmp_path, form):
    cli("assemble", KIND, "--answers", answers, "--formats", form, "--out", "out")
    done = cli("verify", tmp_path / "out" / DOCX.replace("docx", form))

    assert done.code == 0
    assert "一致" in done.out


def test_verify_shows_the_paragraph_somebody_changed(cli, answers, tmp_path):
    cli("assemble", KIND, "--answers", answers, "--formats", "docx", "--out", "out")
    path = tmp_path / "out" / DOCX
    path.write_bytes(changed_word(path.read_bytes(), "word/document.xml", "上海市浦东新区", "北京市海淀区"))
    done = cli("verify", path)

    assert done.code == 1
    assert "不同的部分：word/document.xml" in done.out
    assert any(line.startswith("- ") and "上海市浦东新区" in line for line in done.out.splitlines())
    assert any(line.startswith("+ ") and "北京市海淀区" in line for line in done.out.splitlines())
    found = cli("verify", path, "--json").json()
    assert (found["identical"], found["text_identical"], found["parts"]) == (
        False,
        False,
        ["word/document.xml"],
    )


def test_json_answers_are_taken_too(cli, answers, tmp_path):
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(yaml.safe_load(answers.read_text("utf-8")), ensure_ascii=False), "utf-8")

    assert cli("assemble", KIND, "--answers", path, "--formats", "txt", "--out", "out").code == 0
