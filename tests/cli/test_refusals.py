from __future__ import annotations

import subprocess
import sys

import pytest
import yaml

from tests.projectfile import ROOT

KIND = "crm-outsourcing"


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["kinds", "--nonsense"], "没有这个选项：--nonsense", "No such option"),
        (["nonsense"], "用法有误", "No such command"),
        (["example", "nonsense"], "没有这个合同类型：nonsense", "no such kind of contract: nonsense"),
        (
            ["example", KIND, "--stance", "mine"],
            "--stance 应为下列之一：client、neutral、provider",
            "is not one of",
        ),
        (["example", KIND, "--stance-for", "fees"], "--stance-for", "--stance-for"),
        (
            ["example", KIND, "--stance-for", "nonsense=client"],
            "没有这个主题：nonsense",
            "no such topic: nonsense",
        ),
        (["assemble", KIND], "缺少参数：--answers", "Missing option"),
        (
            ["assemble", KIND, "--answers", "a.yml", "--formats", "doc"],
            "--formats 的值不能使用：doc",
            "--formats",
        ),
        (["clauses", "show", "nonsense"], "没有这个条款：nonsense", "no such clause: nonsense"),
        (["clauses", "list", "--topic", "nonsense"], "没有这个主题：nonsense", "no such topic: nonsense"),
        (["lint", "nonsense"], "没有这个合同：nonsense", "no such contract: nonsense"),
        (["verify", "nonsense.docx"], "nonsense.docx: 无法读取", "nonsense.docx: cannot be read"),
        (["bank", "check", "nonsense"], "nonsense", "does not exist"),
        (["serve", "--port", "0"], "--port", "--port"),
    ],
)
def test_a_wrong_call_is_explained_in_both_languages(cli, arguments, zh, en):
    chinese, english = cli(*arguments), cli(*arguments, "--language", "en")

    assert (chinese.code, chinese.out, english.code) == (2, "", 2)
    assert zh in chinese.err
    assert en in english.err


@pytest.mark.parametrize(
    ("content", "place", "zh"),
    [
        (b"a: [1\n", "answers.yml:2", "不是有效的 YAML"),
        ("a: 合同".encode("gb18030"), "answers.yml:1", "不是 UTF-8 编码"),
        (b"a: 1\na: 2\n", "answers.yml:2", "不是有效的 YAML：duplicate key a"),
        (b"a: &x 1\nb: *x\n", "answers.yml:2", "不是有效的 YAML"),
        (b"a: !!python/object/apply:os.system [id]\n", "answers.yml:1", "不是有效的 YAML"),
        (b"a: !!int x\n", "answers.yml:1", "不是有效的 YAML"),
        (b"- a\n", "answers.yml", "应为“名称: 值”的列表"),
        (b"", "answers.yml", "应为“名称: 值”的列表"),
        (b"1: a\n", "answers.yml:1", "不是有效的 YAML：key is not text"),
        (b"[" * 20_000, "answers.yml", "嵌套过深"),
        (b"a: \x00\n", "answers.yml", "不是有效的 YAML"),
        (b" " * (5 * 1024 * 1024 + 1), "answers.yml", "文件超过 5 MB"),
    ],
)
def test_an_answers_file_that_cannot_be_read_is_explained(cli, tmp_path, content, place, zh):
    (tmp_path / "answers.yml").write_bytes(content)
    done = cli("assemble", KIND, "--answers", "answers.yml")

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"{place}: ")
    assert zh in done.err
    assert not (tmp_path / "generated").exists()


def test_all_wrong_answers_are_told_at_once(cli, answers, tmp_path):
    raw = yaml.safe_load(answers.read_text("utf-8"))
    raw["fee_total"], raw["client"]["uscc"], raw["signing_place"] = "12.345", "91350100M000100Y44", ""
    raw["payment_schedule"][0]["share"] = "many"
    raw["nonsense"] = "x"
    answers.write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    done = cli("assemble", KIND, "--answers", answers)

    named = {line.split(": ")[0] for line in done.err.splitlines()}
    assert done.code == 2
    assert {"fee_total", "client.uscc", "signing_place", "payment_schedule.0.share", "nonsense"} <= named
    assert not (tmp_path / "generated").exists()


def test_machines_get_refusals_as_data(cli, answers):
    raw = yaml.safe_load(answers.read_text("utf-8"))
    answers.write_text(yaml.safe_dump({**raw, "fee_total": "x"}, allow_unicode=True), "utf-8")
    done = cli("assemble", KIND, "--answers", answers, "--json")

    (error,) = done.json()["errors"]
    assert (done.code, done.err, error["place"]) == (2, "", "fee_total")
    assert error["message"]["zh"]
    assert error["message"]["en"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CLAUSEBANK_DATABASE_URL", "nonsense", "无法使用数据库"),
        ("CLAUSEBANK_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "无法使用数据库"),
        ("CLAUSEBANK_SECRET_KEY", "short", "CLAUSEBANK_SECRET_KEY: 至少需要 16 个字符"),
        ("CLAUSEBANK_HOME", "/dev/null/home", "无法读写"),
    ],
)
def test_a_setting_that_cannot_work_is_explained(cli, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    done = cli("kinds")

    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_folder_that_cannot_be_written_is_explained(cli, answers):
    done = cli("assemble", KIND, "--answers", answers, "--formats", "txt", "--out", "/dev/null/out")

    assert done.code == 2
    assert "无法读写" in done.err


def test_a_damaged_database_is_explained(cli, monkeypatch, tmp_path):
    (tmp_path / "clausebank.db").write_bytes(b"not a database at all, but long enough" * 100)
    monkeypatch.setenv("CLAUSEBANK_HOME", str(tmp_path))
    done = cli("kinds")

    assert done.code == 2
    assert "无法使用数据库" in done.err


def test_the_program_itself_leaves_with_the_code_and_no_traceback(home):
    command = [sys.executable, "-m", "webapp.cli", "example", "nonsense"]
    environment = {"CLAUSEBANK_HOME": str(home), "PATH": "", "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env=environment)

    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"nonsense" in done.stderr
