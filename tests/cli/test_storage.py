"""The file store from the command line: a folder and a bucket, checked and tidied."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.storage.conftest import s3_service  # noqa: F401 (a fixture)


@pytest.fixture
def alone(monkeypatch, tmp_path):
    """An empty home, so that the contracts of other tests are not looked for."""
    monkeypatch.setenv("CLAUSEBANK_HOME", str(tmp_path / "alone"))


def make(cli, answers) -> dict:
    return cli("assemble", "crm-outsourcing", "--answers", answers, "--formats", "txt,docx", "--json").json()


def test_a_missing_a_damaged_and_an_orphaned_file_are_found(cli, answers, alone):
    make(cli, answers)
    assert cli("storage", "check").code == 0

    kept = {path.suffix: path for path in Path("generated/contracts/sha256").rglob("*.*")}
    kept[".txt"].unlink()
    kept[".docx"].write_bytes(b"x")
    old = kept[".docx"].with_name("old.pdf")
    old.write_bytes(b"nobody's")
    os.utime(old, (0, 0))
    found = cli("storage", "check", "--json")

    assert found.code == 1
    assert {name: [one["key"] for one in files] for name, files in found.json().items()} == {
        "missing": [kept[".txt"].relative_to(Path("generated/contracts")).as_posix()],
        "damaged": [kept[".docx"].relative_to(Path("generated/contracts")).as_posix()],
        "orphans": [old.relative_to(Path("generated/contracts")).as_posix()],
        "deleted": [],
    }
    assert "损坏" in cli("storage", "check").out


def test_orphans_are_deleted_on_request_only(cli, answers, alone):
    make(cli, answers)
    old = Path("generated/contracts/.5f1e.part")
    old.write_bytes(b"half")
    os.utime(old, (0, 0))

    assert cli("storage", "check").code == 1
    assert old.exists()
    deleted = cli("storage", "check", "--delete-orphans", "--json")
    assert (deleted.code, [file["key"] for file in deleted.json()["deleted"]]) == (0, [".5f1e.part"])
    assert not old.exists()
    assert cli("storage", "check").code == 0


def test_contracts_are_kept_in_a_bucket_by_settings_alone(cli, answers, alone, monkeypatch, s3_service):  # noqa: F811
    bucket, url = s3_service()
    monkeypatch.setenv("CLAUSEBANK_STORAGE", f"s3://{bucket}/legal")
    monkeypatch.setenv("CLAUSEBANK_STORAGE_ENDPOINT", url)
    made = make(cli, answers)

    assert cli("storage", "check").code == 0
    assert not Path("generated/contracts").exists()
    assert cli("verify", made["files"][0]["path"]).code == 0


@pytest.mark.parametrize("value", ["s3://", "s3:/bucket", "http://bucket", "s3://Bucket!/x"])
def test_a_storage_that_is_none_is_refused(cli, monkeypatch, value):
    monkeypatch.setenv("CLAUSEBANK_STORAGE", value)
    done = cli("kinds")

    assert done.code == 2
    assert "CLAUSEBANK_STORAGE: 应为空或者 s3://桶/前缀" in done.err


def test_without_the_extra_its_name_is_told(cli, monkeypatch):
    monkeypatch.setenv("CLAUSEBANK_STORAGE", "s3://bucket")
    monkeypatch.delitem(__import__("sys").modules, "clausebank.storage.bucket", raising=False)
    monkeypatch.setitem(__import__("sys").modules, "boto3", None)
    done = cli("kinds")

    assert done.code == 2
    assert "clausebank[s3]" in done.err
