"""What every file store does, in a folder and in a bucket over real HTTP."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from clausebank.storage.bucket import IN_MEMORY, open_bucket
from clausebank.storage.errors import DamagedFile, MissingFile, StoreUnavailable
from clausebank.storage.files import content_key, keep_file, read_file
from clausebank.storage.folder import FolderStore

CONTENT = "合同".encode() * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["folder", "bucket", "bucket with prefix"])
def store(request, tmp_path):
    if request.param == "folder":
        return FolderStore(tmp_path / "contracts")
    bucket, url = request.getfixturevalue("s3_service")()
    return open_bucket(bucket, "legal/contracts" if "prefix" in request.param else "", url)


class TestFileStore:
    def test_it_gives_back_what_was_kept_under_the_key_of_its_content(self, store):
        key = keep_file(store, CONTENT, "docx")

        assert key == content_key(DIGEST, "docx") == f"sha256/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}.docx"
        assert read_file(store, key, DIGEST) == CONTENT

    def test_it_opens_a_large_file_to_be_read_piece_by_piece(self, store):
        large = os.urandom(IN_MEMORY * 3 + 7)
        key = keep_file(store, large, "pdf")
        with store.open(key, hashlib.sha256(large).hexdigest()) as stream:
            pieces = list(iter(lambda: stream.read(100_000), b""))

        assert len(pieces) > 3
        assert b"".join(pieces) == large

    def test_it_keeps_an_empty_file(self, store):
        assert read_file(store, keep_file(store, b"", "txt"), hashlib.sha256(b"").hexdigest()) == b""

    def test_equal_files_are_one(self, store):
        keys = {keep_file(store, CONTENT, "docx") for _ in range(3)}

        assert [file.key for file in store.files()] == list(keys)

    def test_a_file_at_an_older_key_can_be_read(self, store):
        key = "6f0c8a52-8ca8-4c0f-9b55-000000000000/contract.docx"
        store.put(key, CONTENT)

        assert read_file(store, key, DIGEST) == CONTENT

    @pytest.mark.parametrize("damaged", [CONTENT[:-1], CONTENT + b"x", b"", CONTENT[::-1]])
    def test_a_damaged_file_is_never_handed_out(self, store, damaged):
        key = content_key(DIGEST, "docx")
        store.put(key, damaged)
        with pytest.raises(DamagedFile, match=DIGEST):
            store.open(key, DIGEST)

    def test_keeping_a_file_again_mends_a_damaged_one(self, store):
        store.put(content_key(DIGEST, "docx"), b"damaged")

        assert read_file(store, keep_file(store, CONTENT, "docx"), DIGEST) == CONTENT

    def test_a_file_that_is_not_there_is_named(self, store):
        with pytest.raises(MissingFile, match=DIGEST) as caught:
            store.open(content_key(DIGEST, "docx"), DIGEST)

        assert "文件库中没有这个文件" in caught.value.zh

    def test_it_tells_size_and_time_without_reading(self, store):
        key = keep_file(store, CONTENT, "docx")
        found = store.find(key)

        assert (found.key, found.size) == (key, len(CONTENT))
        assert abs(found.at - datetime.now(UTC)) < timedelta(minutes=1)
        assert store.find(content_key(DIGEST, "pdf")) is None

    def test_it_lists_everything_it_keeps(self, store, monkeypatch):
        monkeypatch.setattr("clausebank.storage.bucket.LISTED", 10)
        keys = {keep_file(store, str(n).encode(), "txt") for n in range(35)}
        found = list(store.files())

        assert {file.key for file in found} == keys
        assert all(store.find(file.key) == file for file in found[:5])

    def test_a_deleted_file_is_gone_and_deleting_it_again_is_no_error(self, store):
        key = keep_file(store, CONTENT, "docx")
        store.delete(key)
        store.delete(key)

        assert store.find(key) is None

    @pytest.mark.parametrize("key", ["../out", "a/../../out", "/etc/passwd", "a\\..\\b", ""])
    def test_no_key_leads_out_of_the_store(self, store, key):
        for use in (lambda: store.put(key, b""), lambda: store.open(key, DIGEST), lambda: store.delete(key)):
            with pytest.raises(ValueError, match="not a key"):
                use()

    def test_many_threads_may_keep_the_same_file_at_once(self, store):
        with ThreadPoolExecutor(8) as threads:
            keys = set(threads.map(lambda _: keep_file(store, CONTENT, "docx"), range(32)))

        assert [file.key for file in store.files()] == list(keys)
        assert read_file(store, keys.pop(), DIGEST) == CONTENT

    def test_a_store_that_can_be_used_says_so(self, store):
        store.check()

        assert list(store.files()) == []


def test_a_write_that_fails_leaves_no_file(tmp_path):
    store = FolderStore(tmp_path / "contracts")
    with pytest.raises(TypeError):
        store.put("a/b", None)

    assert list(store.files()) == []


def test_a_folder_that_cannot_be_made_is_explained(tmp_path):
    (tmp_path / "file").write_text("")
    store = FolderStore(tmp_path / "file")
    for use in (store.check, lambda: store.put("a/b", b"")):
        with pytest.raises(StoreUnavailable, match=str(tmp_path)):
            use()


@pytest.mark.parametrize("use", ["check", "put", "open", "files"])
def test_a_service_nobody_answers_for_is_explained(s3_service, use):
    bucket, _ = s3_service()
    store = open_bucket(bucket, "", "http://127.0.0.1:9")
    calls = {
        "check": store.check,
        "put": lambda: store.put("a", b""),
        "open": lambda: store.open("a", DIGEST),
        "files": lambda: list(store.files()),
    }
    with pytest.raises(StoreUnavailable, match=bucket):
        calls[use]()


def test_a_bucket_that_does_not_exist_is_explained(s3_service):
    _, url = s3_service()
    with pytest.raises(StoreUnavailable, match="no-such-bucket"):
        open_bucket("no-such-bucket", "", url).check()
