"""Files: written whole or not at all, and what a store of them can do.

A file is kept under a key made of its content, so a key never changes what it stands for and equal
files are one. Older files lie at ``<contract id>/contract.docx``; whoever reads gives key and digest.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+')
NAME_BYTES = 180


def write_file(path: Path, data: bytes) -> Path:
    """Write a file under a temporary name, flush it to the disk and rename it into place."""
    _make_folder(path.parent)
    temporary = path.with_name(f".{uuid4().hex}.part")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)
    return path


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each on the disk before anything is put into it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, where a system can do so."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def download_name(number: str, title: str, extension: str) -> str:
    """Return ``<number> <title>.docx`` with what no file system takes left out."""
    stem = " ".join(UNSAFE.sub(" ", f"{number} {title}").split()).strip(". ")
    short = stem.encode()[:NAME_BYTES].decode(errors="ignore").strip(". ")
    return f"{short or 'contract'}.{extension}"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in a store: its key, its size in bytes and when it was written."""

    key: str
    size: int
    at: datetime


class FileStore(Protocol):
    """Keeps files by key; every method raises StoreUnavailable when the store cannot be reached."""

    def put(self, key: str, data: bytes) -> None:
        """Keep a file under a key as a whole, new even where the same was kept before."""

    def open(self, key: str, sha256: str) -> BinaryIO:
        """Open a file whose content is proved; MissingFile, or DamagedFile when the digest differs."""

    def find(self, key: str) -> Stored | None:
        """Return what is kept under a key, None for nothing; its content is not looked at."""

    def files(self) -> Iterator[Stored]:
        """Yield every file of the store, in no order that matters."""

    def delete(self, key: str) -> None:
        """Remove a file; one that is not there is no error."""

    def check(self) -> None:
        """Return when the store can be used."""


def content_key(sha256: str, extension: str) -> str:
    """Return the key of a content, spread over folders of a size every file system takes."""
    return f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}.{extension}"


def keep_file(store: FileStore, data: bytes, extension: str) -> str:
    """Keep a file under the key of its content and return that."""
    key = content_key(hashlib.sha256(data).hexdigest(), extension)
    store.put(key, data)
    return key


def read_file(store: FileStore, key: str, sha256: str) -> bytes:
    """Return a file whole, its content proved."""
    with store.open(key, sha256) as stream:
        return stream.read()
