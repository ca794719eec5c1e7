"""Files that are gone, damaged or without owner, on every database."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer

from clausebank.manifest import Filed
from clausebank.storage.contracts import keep_contract
from clausebank.storage.drafting_models import ContractDraft
from clausebank.storage.files import keep_file
from clausebank.storage.keys import attached_key
from clausebank.storage.models import Contract
from clausebank.storage.upkeep import DIGEST_PLACE, NOTE, delete_orphan, losses, orphans
from tests.storage.test_contracts import library, loaded, outcome, store  # noqa: F401 (fixtures)
from webapp.attached import NOTE as FORM_NOTE
from webapp.attached import Kept, sealed

DIGEST = "ab" * 32
DAY = 86400


@pytest.fixture
def contract(loaded, store, outcome):  # noqa: F811
    return keep_contract(loaded, store, outcome)


def age(store, key, days=2):  # noqa: F811
    moment = store.path(key).stat().st_mtime - days * DAY
    os.utime(store.path(key), (moment, moment))


def test_a_whole_store_has_nothing_to_mend(loaded, store, contract):  # noqa: F811
    assert list(losses(loaded, store)) == list(orphans(loaded, store, timedelta(0))) == []


def test_it_names_the_contract_of_a_missing_and_of_a_damaged_file(loaded, store, contract):  # noqa: F811
    word, pdf = sorted(contract.files, key=lambda file: file.format)
    store.path(word.path).unlink()
    store.path(pdf.path).write_bytes(b"PDF")

    found = {loss.format: (loss.what, loss.contract_id, loss.key) for loss in losses(loaded, store)}
    assert found == {
        "docx": ("missing", contract.id, word.path),
        "pdf": ("damaged", contract.id, pdf.path),
    }


def test_without_reading_only_size_and_presence_tell(loaded, store, contract):  # noqa: F811
    word, pdf = sorted(contract.files, key=lambda file: file.format)
    store.path(word.path).write_bytes(b"shorter"[: word.size - 1])
    store.path(pdf.path).write_bytes(b"x" * pdf.size)

    assert [loss.format for loss in losses(loaded, store, read=False)] == ["docx"]


def test_a_file_without_owner_is_found_once_it_is_old_enough(loaded, store, contract):  # noqa: F811
    key = keep_file(store, b"nobody's", "docx")
    assert list(orphans(loaded, store)) == []

    age(store, key)
    assert [file.key for file in orphans(loaded, store)] == [key]


def test_the_rest_of_a_write_that_broke_off_is_an_orphan(loaded, store, contract):  # noqa: F811
    (store.root / ".5f1e.part").write_bytes(b"ha")
    age(store, ".5f1e.part")

    assert [file.key for file in orphans(loaded, store)] == [".5f1e.part"]


def test_an_old_file_of_a_contract_is_no_orphan(loaded, store, contract):  # noqa: F811
    for file in contract.files:
        age(store, file.path)

    assert list(orphans(loaded, store)) == []


def test_an_orphan_is_deleted_unless_it_found_an_owner_or_was_written_anew(loaded, store, outcome):  # noqa: F811
    keys = {
        name: keep_file(store, data, name)
        for name, data in [("docx", b"word"), ("txt", b"1"), ("html", b"2")]
    }
    for key in keys.values():
        age(store, key)
    found = {file.key: file for file in orphans(loaded, store)}
    keep_contract(loaded, store, outcome)
    keep_file(store, b"1", "txt")

    assert set(found) == set(keys.values())
    assert not delete_orphan(loaded, store, found[keys["docx"]])
    assert not delete_orphan(loaded, store, found[keys["txt"]])
    assert delete_orphan(loaded, store, found[keys["html"]])
    assert store.find(keys["html"]) is None


def test_a_file_attached_to_a_contract_belongs_to_it(loaded, store, contract):  # noqa: F811
    for sha256 in (DIGEST, "cd" * 32):
        store.put(attached_key(sha256), b"pdf")
        age(store, attached_key(sha256))
    with loaded.writing() as session:
        kept = session.get(Contract, contract.id)
        kept.manifest = {**kept.manifest, "filed": [{"id": Filed("x", DIGEST).id, "sha256": DIGEST}]}

    assert [file.key for file in orphans(loaded, store)] == [attached_key("cd" * 32)]
    assert [(loss.what, loss.format) for loss in losses(loaded, store)] == [("damaged", "attached")]


def test_a_file_attached_to_a_saved_form_is_kept_for_it(loaded, store, contract):  # noqa: F811
    note = URLSafeSerializer("the key of the pages", salt="attached").dumps(["x", "n.pdf", DIGEST, 1, 3])
    for sha256 in (DIGEST, "cd" * 32):
        store.put(attached_key(sha256), b"pdf")
        age(store, attached_key(sha256))
    with loaded.writing() as session:
        session.add(
            ContractDraft(
                kind="small", number="", parties="", fields={"_filed.x": note, "fee_total": "1"}, open=0,
                revision=1, tab="", saved_by="",
            )
        )  # fmt: skip

    assert [file.key for file in orphans(loaded, store)] == [attached_key("cd" * 32)]


def test_the_note_of_an_attached_file_is_read_as_the_form_writes_it():
    app = Flask(__name__)
    app.secret_key = "key"
    with app.app_context():
        note = sealed("annex", Kept("文件.pdf", DIGEST, 2, 100))
    _proved, content = URLSafeSerializer("").loads_unsafe(note)

    assert (NOTE, content[DIGEST_PLACE]) == (FORM_NOTE, DIGEST)
