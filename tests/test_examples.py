"""The deployment examples: they parse, name commands that exist, and a backup is restored."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
import yaml

from tests.postgres import client_programs, running_server
from tests.projectfile import ROOT
from webapp.cli import cli
from webapp.settings import Settings

EXAMPLES = ROOT / "docs" / "examples"
UNITS = sorted((EXAMPLES / "systemd").glob("*.service"))


def names_a_command(line: str) -> bool:
    """Tell whether a command line runs one of ours, or gunicorn with our entry."""
    words = shlex.split(line)
    program = Path(words[0]).name
    if program == "gunicorn":
        return words[-1] == "webapp.wsgi:served()" and "--no-control-socket" in words
    command = cli
    for word in words[1:]:
        command = command.commands[word]
    return program == "clausebank"


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_exists(path):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(path.read_text("utf-8"))
    started = re.findall(r"^ExecStart=(.*)$", path.read_text("utf-8"), re.MULTILINE)

    assert started
    assert all(names_a_command(line) for line in started)
    assert unit["Service"]["EnvironmentFile"] == "/etc/clausebank.env"


def test_the_compose_file_starts_commands_that_exist():
    compose = yaml.safe_load((EXAMPLES / "compose.yml").read_text("utf-8"))
    ours = {name: service for name, service in compose["services"].items() if "build" in service}

    assert set(ours) == {"pages", "worker"}
    assert all(names_a_command(service["command"]) for service in ours.values())
    for service in ours.values():
        build = (EXAMPLES / service["build"]["context"]).resolve()
        assert build == ROOT
        assert (build / service["build"]["dockerfile"]).is_file()
        given = {k: str(v) for k, v in service["environment"].items() if k.startswith("CLAUSEBANK_")}
        assert Settings.from_environment(given).batch_engine == "celery"


def test_the_settings_of_the_examples_are_settings():
    lines = (EXAMPLES / "clausebank.env").read_text("utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    known = {f"CLAUSEBANK_{name.upper()}" for name in Settings.__dataclass_fields__}

    assert set(given) <= known
    assert Settings.from_environment(given).proxies == 1


def test_the_table_of_settings_is_complete():
    table = (ROOT / "docs" / "administration.md").read_text("utf-8").split("## 2.")[0]
    told = dict(re.findall(r"^\| `CLAUSEBANK_(\w+)` \| `?([^|`]*)`? \|", table, re.MULTILINE))

    assert {name.lower() for name in told} == set(Settings.__dataclass_fields__)
    usual = Settings.from_environment({})
    for name, default in told.items():
        given = {} if default == "空" else {f"CLAUSEBANK_{name}": default}
        assert Settings.from_environment(given) == usual, name


@pytest.mark.skipif(which("systemd-analyze") is None, reason="needs systemd-analyze (systemd)")
@pytest.mark.parametrize(
    "path", [*UNITS, *(EXAMPLES / "systemd").glob("*.timer")], ids=lambda path: path.name
)
def test_systemd_reads_a_unit_without_complaint(path):
    said = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True, check=False)
    missing = "is not executable: No such file or directory"

    assert [line for line in said.stderr.splitlines() if path.name in line and missing not in line] == []


@pytest.mark.skipif(which("nginx") is None, reason="needs nginx")
def test_nginx_reads_its_configuration(tmp_path):
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=x",
         "-keyout", key, "-out", certificate], check=True, capture_output=True,
    )  # fmt: skip
    ours = (EXAMPLES / "nginx" / "clausebank.conf").read_text("utf-8")
    ours = ours.replace("/etc/ssl/clausebank", str(tmp_path))
    whole = f"pid {tmp_path}/pid; events {{}} http {{ access_log off; {ours} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    command = ["nginx", "-t", "-e", tmp_path / "log", "-c", tmp_path / "nginx.conf"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stderr
    assert "warn" not in said.stderr


def test_the_image_is_built_of_what_there_is():
    steps = (EXAMPLES / "Dockerfile").read_text("utf-8")

    assert (ROOT / "requirements.lock").is_file()
    assert re.search(r"^FROM python:3\.11-slim$", steps, re.MULTILINE)
    assert [name for name in re.findall(r"-r (\S+)", steps) if not (ROOT / name).is_file()] == []


def test_the_shell_scripts_are_shell():
    for path in EXAMPLES.glob("*.sh"):
        assert subprocess.run(["sh", "-n", path], check=False).returncode == 0
        assert os.access(path, os.X_OK)


@pytest.fixture(scope="module")
def new_database():
    """A PostgreSQL server; yields a function that makes an empty database."""
    with running_server() as make:
        yield make


@pytest.fixture
def run(tmp_path):
    """A function that runs a command in an installation of its own."""

    def call(
        *command: object, place: str, check: bool = True, database: str = ""
    ) -> subprocess.CompletedProcess:
        environment = {
            "PATH": f"{client_programs()}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "CLAUSEBANK_HOME": str(tmp_path / place / "home"),
            "CLAUSEBANK_GENERATED": str(tmp_path / place / "generated"),
            "CLAUSEBANK_DATABASE_URL": database,
            "CLAUSEBANK": str(tmp_path / "clausebank"),
        }
        return subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env=environment,
            check=check,
            capture_output=True,
            text=True,
        )

    program = tmp_path / "clausebank"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m webapp.cli "$@"\n')
    program.chmod(0o755)
    return call


def test_a_backup_is_restored_and_proved(run, tmp_path):
    program = tmp_path / "clausebank"
    example = run(program, "example", "crm-outsourcing", place="old").stdout
    (tmp_path / "answers.yml").write_text(example, "utf-8")
    run(
        program, "assemble", "crm-outsourcing", "--answers", tmp_path / "answers.yml", "--formats", "txt",
        "--out", tmp_path / "out", place="old",
    )  # fmt: skip
    run(EXAMPLES / "backup.sh", tmp_path / "backup", place="old")
    shutil.rmtree(tmp_path / "old")
    restored = run(EXAMPLES / "restore.sh", tmp_path / "backup", place="new")
    again = run(EXAMPLES / "restore.sh", tmp_path / "backup", place="new", check=False)

    assert "缺少或损坏 0 个" in restored.stdout
    assert run(program, "lint", "CRM-2026-0001", place="new").returncode == 0
    assert again.returncode == 2
    assert "installation already" in again.stderr


def test_a_backup_of_postgresql_is_restored_and_proved(run, tmp_path, new_database):
    program, old, new = tmp_path / "clausebank", new_database(), new_database()
    example = run(program, "example", "crm-outsourcing", place="old", database=old).stdout
    (tmp_path / "answers.yml").write_text(example, "utf-8")
    run(
        program, "assemble", "crm-outsourcing", "--answers", tmp_path / "answers.yml", "--formats", "txt",
        "--out", tmp_path / "out", place="old", database=old,
    )  # fmt: skip
    run(EXAMPLES / "backup.sh", tmp_path / "backup", place="old", database=old)
    shutil.rmtree(tmp_path / "old")
    restored = run(EXAMPLES / "restore.sh", tmp_path / "backup", place="new", database=new)

    assert "缺少或损坏 0 个" in restored.stdout
    assert run(program, "lint", "CRM-2026-0001", place="new", database=new).returncode == 0


def test_a_damaged_backup_is_noticed(run, tmp_path):
    program = tmp_path / "clausebank"
    (tmp_path / "answers.yml").write_text(run(program, "example", "crm-outsourcing", place="old").stdout)
    run(
        program, "assemble", "crm-outsourcing", "--answers", tmp_path / "answers.yml", "--formats", "txt",
        "--out", tmp_path / "out", place="old",
    )  # fmt: skip
    run(EXAMPLES / "backup.sh", tmp_path / "backup", place="old")
    next((tmp_path / "backup" / "contracts").rglob("*.txt")).write_text("x")
    restored = run(EXAMPLES / "restore.sh", tmp_path / "backup", place="new", check=False)

    assert restored.returncode == 1
    assert "损坏" in restored.stdout
