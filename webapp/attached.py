"""Files the parties attach, as the form holds them: checked and kept when they come in.

The form carries a sealed note of each, so that no field can name a file that did not come in through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from clausebank.bank.model import Bilingual
from clausebank.manifest import Filed
from clausebank.storage.errors import MissingFile
from clausebank.storage.files import UNSAFE, FileStore, read_file
from clausebank.storage.keys import attached_key
from clausebank.uploads import Limits, RefusedFile, Upload, read_upload

T = TypeVar("T")
FIELD, NOTE = "_file.", "_filed."
LONGEST_NAME = 120
LOST = Bilingual("文件已不在，请重新选择", "the file is no longer here: choose it again")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that came in: the name it had, its digest, number of pages and size in bytes."""

    name: str
    sha256: str
    pages: int
    size: int


@dataclass(frozen=True, slots=True)
class Attached:
    """The files of a form by attachment, and why others were not taken."""

    kept: Mapping[str, Kept]
    refused: Mapping[str, Bilingual]

    def without(self, attachment: str) -> Attached:
        """Return the files without that of one attachment."""
        return Attached({a: kept for a, kept in self.kept.items() if a != attachment}, self.refused)


NOTHING = Attached({}, {})


def read_attached(
    form: Mapping[str, str], sent: Mapping[str, FileStorage], files: FileStore, limits: Limits
) -> Attached:
    """Return what the form held before and what came in now; a file refused leaves the former in place."""
    kept: dict[str, Kept] = {}
    refused: dict[str, Bilingual] = {}
    for attachment, note in _below(NOTE, form):
        held = unsealed(attachment, note)
        if held is not None and files.find(attached_key(held.sha256)):
            kept[attachment] = held
        else:
            refused[attachment] = LOST
    for attachment, file in _below(FIELD, sent):
        try:
            if file.filename:
                kept[attachment] = _keep(file, files, limits)
                refused.pop(attachment, None)
        except RefusedFile as error:
            refused[attachment] = Bilingual(error.zh, error.en)
    return Attached(kept, refused)


def attached_before(
    filed: Iterable[Filed], titles: Mapping[str, str], files: FileStore, limits: Limits
) -> Attached:
    """Return the files of an earlier contract; each bears the title of its attachment."""
    kept: dict[str, Kept] = {}
    refused: dict[str, Bilingual] = {}
    for file in filed:
        if file.id not in titles:
            continue
        try:
            data = read_file(files, attached_key(file.sha256), file.sha256)
            pages = len(read_upload(data, limits).sizes)
            kept[file.id] = Kept(f"{titles[file.id]}.pdf", file.sha256, pages, len(data))
        except RefusedFile as error:
            refused[file.id] = Bilingual(error.zh, error.en)
        except (MissingFile, ValueError):
            refused[file.id] = LOST
    return Attached(kept, refused)


def uploads(kept: Mapping[str, Kept], files: FileStore, limits: Limits) -> dict[str, Upload]:
    """Return the files themselves, by attachment."""
    return {a: read_upload(_read(file, files), limits) for a, file in kept.items()}


def _read(kept: Kept, files: FileStore) -> bytes:
    return read_file(files, attached_key(kept.sha256), kept.sha256)


def sealed(attachment: str, kept: Kept) -> str:
    """Return the note of a file that the form carries."""
    return _seal().dumps([attachment, kept.name, kept.sha256, kept.pages, kept.size])


def unsealed(attachment: str, note: str) -> Kept | None:
    """Return the file a note tells of; None for a note that is not ours."""
    try:
        of, name, sha256, pages, size = _seal().loads(note)
    except BadData:
        return None
    return Kept(name, sha256, pages, size) if of == attachment else None


def _seal() -> URLSafeSerializer:
    assert current_app.secret_key is not None
    return URLSafeSerializer(current_app.secret_key, salt="attached")


def _keep(file: FileStorage, files: FileStore, limits: Limits) -> Kept:
    """Check a file that came in and keep it under its digest; RefusedFile when it cannot be used."""
    data = file.stream.read(limits.megabytes * 1024 * 1024 + 1)
    upload = read_upload(data, limits)
    files.put(attached_key(upload.sha256), data)
    name = UNSAFE.sub(" ", file.filename or "").strip()[-LONGEST_NAME:]
    return Kept(name, upload.sha256, len(upload.sizes), len(data))


def _below(prefix: str, fields: Mapping[str, T]) -> Iterator[tuple[str, T]]:
    for name, value in fields.items():
        if name.startswith(prefix):
            yield name.removeprefix(prefix), value
