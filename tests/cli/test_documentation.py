from __future__ import annotations

import json
import re
from collections.abc import Iterator

import click
import pytest
import yaml

from tests.projectfile import ROOT
from tests.workspaces import add_own_text, changed_word, fresh_workspace
from webapp.cli import cli as command_line
from webapp.settings import Settings

TEXT = (ROOT / "docs" / "command-line.md").read_text("utf-8")
ADMINISTRATION = (ROOT / "docs" / "administration.md").read_text("utf-8")
SHELL = ROOT / "templates" / "_shells" / "standard.docx"
EVERYWHERE = {"--help", "-h", "--json", "--language"}


def sections() -> dict[str, str]:
    """The sections of the document by command: ``clauses list`` → its text."""
    parts = re.split(r"^## clausebank (.+)$", TEXT, flags=re.MULTILINE)[1:]
    headings = (re.sub(r" [\[A-Z].*", "", heading) for heading in parts[::2])
    return dict(zip(headings, parts[1::2], strict=True))


def commands(group: click.Group = command_line, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


COMMANDS = dict(commands())


def test_every_command_is_documented_and_every_documented_one_exists():
    assert set(sections()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_in_both_languages(name):
    words = COMMANDS[name].help

    assert re.search("[一-鿿]", words)
    assert re.search("[a-z]{3}", words)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented(name):
    options = {
        text for parameter in COMMANDS[name].params for text in parameter.opts if text.startswith("--")
    }

    assert options - EVERYWHERE <= set(re.findall(r"--[a-z-]+", sections()[name]))


@pytest.fixture
def outputs(cli, answers, tmp_path, monkeypatch):
    """What each command prints with ``--json``, for a contract with an error that was then changed."""
    monkeypatch.setenv("CLAUSEBANK_HOME", str(tmp_path / "home"))
    with fresh_workspace(tmp_path) as place:
        add_own_text(place, "general.effect", "双方应当遵守{@fees.nowhere}的约定。")
    made = cli(
        "assemble", "crm-outsourcing", "--answers", answers, "--stance-for", "dispute=client", "--json"
    )
    path = made.json()["files"][0]["path"]
    other = cli("assemble", "crm-outsourcing", "--answers", answers, "--stance", "client", "--json")
    file = tmp_path / path
    file.write_bytes(changed_word(file.read_bytes(), "word/document.xml", "上海市浦东新区", "北京市海淀区"))
    shown = cli("clauses", "show", "general.effect", "--stance", "neutral", "--json").json()
    text = shown["variants"][0]["text"].replace("{@fees.nowhere}", "{@general.effect}")
    (tmp_path / "text.md").write_text(text, "utf-8")
    called = {
        "kinds": ["kinds"],
        "example": ["example", "crm-outsourcing"],
        "lint": ["lint", path],
        "verify": ["verify", path],
        "compare": ["compare", made.json()["contract"], other.json()["contract"]],
        "balance": ["balance", path],
        "clauses list": ["clauses", "list", "--topic", "liability"],
        "clauses show": ["clauses", "show", "liability.cap"],
        "clauses draft": ["clauses", "draft", "general.effect@neutral", "--note", "例", "--by", "王律师"],
        "clauses edit": [
            "clauses",
            "edit",
            "general.effect@neutral:3",
            "--text",
            "text.md",
            "--by",
            "王律师",
        ],
        "clauses drafts": ["clauses", "drafts"],
        "clauses check": ["clauses", "check", "general.effect@neutral:3"],
        "clauses submit": ["clauses", "submit", "general.effect@neutral:3", "--by", "王律师"],
        "clauses return": [
            "clauses",
            "return",
            "general.effect@neutral:3",
            "--comment",
            "例",
            "--by",
            "李审核",
        ],
        "clauses discard": ["clauses", "discard", "general.effect@neutral:3", "--by", "王律师"],
        "clauses approve": ["clauses", "approve", "general.effect@neutral:4", "--by", "李审核"],
        "clauses history": ["clauses", "history", "general.effect@neutral"],
        "clauses diff": ["clauses", "diff", "general.effect@neutral:1", "general.effect@neutral:2"],
        "clauses retire": ["clauses", "retire", "liability.cap@client", "--note", "例", "--by", "王律师"],
        "search": ["search", "服务"],
        "contracts list": ["contracts", "list"],
        "contracts export": ["contracts", "export", "register.xlsx"],
        "impact": ["impact", "general.effect@neutral:2", "--dry-run", "general.effect@neutral:4"],
        "audit list": ["audit", "list"],
        "audit verify": ["audit", "verify"],
        "shell list": ["shell", "list"],
        "shell check": ["shell", "check", SHELL],
        "shell add": ["shell", "add", SHELL, "house", "--note", "例", "--by", "王律师"],
        "shell submit": ["shell", "submit", "house:1", "--by", "王律师"],
        "shell return": ["shell", "return", "house:1", "--comment", "例", "--by", "李审核"],
        "shell approve": ["shell", "approve", "house:1", "--by", "李审核"],
        "shell history": ["shell", "history"],
        "shell retire": ["shell", "retire", "house", "--note", "例", "--by", "李审核"],
        "bank check": ["bank", "check"],
        "bank export": ["bank", "export", "texts"],
        "bank load": ["bank", "load"],
        "team add": ["team", "add", "采购部"],
        "user add": ["user", "add", "wang", "--role", "lawyer", "--name", "王律师", "--team", "采购部"],
        "user list": ["user", "list"],
        "user set": ["user", "set", "wang", "--name", "王伟"],
        "user reset-password": ["user", "reset-password", "wang"],
        "team list": ["team", "list"],
        "db upgrade": ["db", "upgrade"],
        "db copy": ["db", "copy", f"sqlite:///{tmp_path}/copy.db"],
        "storage check": ["storage", "check"],
        **batch_calls(cli, tmp_path, monkeypatch),
    }
    found = {"assemble": made.json()}
    for name, call in called.items():
        if name == "clauses approve":
            prepare_approval(cli)
        if name == "shell approve":
            cli("shell", "submit", "house:1", "--by", "王律师")
        found[name] = cli(*call, "--json").json()
    return found


def prepare_approval(cli) -> None:
    cli("clauses", "draft", "general.effect@neutral", "--text", "text.md", "--note", "例", "--by", "王律师")
    cli("clauses", "submit", "general.effect@neutral:4", "--by", "王律师")


def batch_calls(cli, folder, monkeypatch) -> dict[str, list]:
    """Calls on batches: one is made of a bad and a good row."""
    monkeypatch.setenv("CLAUSEBANK_BATCH_ENGINE", "inline")
    answers = cli("example", "crm-outsourcing", "--json").json()
    lines = (json.dumps({**answers, **more}) for more in ({"fee_total": "很多"}, {"contract_number": "N-2"}))
    (folder / "rows.jsonl").write_text("\n".join(lines), "utf-8")
    (folder / "policy.yml").write_text('fee: percent_up\nfee_percent: "5"\n', "utf-8")
    call = ["batch", "crm-outsourcing", "rows.jsonl", "--formats", "txt", "--skip-bad"]
    batch_id = cli(*call, "--out", "first", "--json").json()["batch"]
    steered = {f"batches {name}": ["batches", name, batch_id] for name in ("cancel", "resume", "pause")}
    return {
        "batch-form": ["batch-form", "crm-outsourcing", "form.xlsx"],
        "batch": [*call, "--out", "rows"],
        "renew": [
            *("renew", "--policy", "policy.yml", "--due-within", "60d", "--today", "2027-11-30"),
            *("--formats", "txt", "--out", "renewed"),
        ],
        "batches list": ["batches", "list"],
        **steered,
        "batches export": ["batches", "export", batch_id, "--zip", "all.zip"],
    }


def test_the_json_of_every_command_has_the_documented_shape(outputs):
    assert set(outputs) == set(COMMANDS) - {"serve", "worker"}
    for name, found in outputs.items():
        documented = json.loads(re.search(r"```json\n(.*?)```", sections()[name], re.DOTALL)[1])
        assert_same_shape(found, documented, name)


def assert_same_shape(found, documented, where) -> None:
    """Compare keys and types; of a list the first entries, of answers and suggestions only the type."""
    assert type(found) is type(documented), where
    if (
        isinstance(documented, dict)
        and documented
        and not where.endswith((".by_topic", "example", "db copy.rows"))
    ):
        assert set(found) == set(documented), where
        for key, value in documented.items():
            assert_same_shape(found[key], value, f"{where}.{key}")
    if isinstance(documented, list) and documented:
        assert found, where
        assert_same_shape(found[0], documented[0], f"{where}[0]")


def test_every_setting_is_in_the_table_with_its_default():
    rows = re.findall(r"^\| `(CLAUSEBANK_\w+)` \| (\S+) \|", ADMINISTRATION, re.MULTILINE)
    read = set(re.findall(r'"(CLAUSEBANK_\w+)"', (ROOT / "webapp" / "settings.py").read_text("utf-8")))
    defaults = Settings.from_environment({})
    documented = {name.removeprefix("CLAUSEBANK_").lower(): text.strip("`") for name, text in rows}

    assert {name for name, _ in rows} == read
    assert documented == {
        name: str(getattr(defaults, name)) or "空" for name in Settings.__dataclass_fields__
    }


def test_settings_are_read_in_one_place_only():
    for package in ("clausebank", "schemas", "webapp"):
        for path in (ROOT / package).rglob("*.py"):
            if path.name not in {"settings.py", "job.py"}:
                assert not re.search(r"environ(\.get\(|\[)", path.read_text("utf-8")), path


def test_the_example_of_answers_is_yaml_and_json_alike(cli):
    text = cli("example", "crm-outsourcing").out

    assert yaml.safe_load(text) == cli("example", "crm-outsourcing", "--json").json()
