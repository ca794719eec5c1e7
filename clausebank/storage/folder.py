"""A file store in a folder of the machine, or of a file server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from clausebank.storage.errors import DamagedFile, MissingFile, StoreUnavailable
from clausebank.storage.files import Stored, write_file


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Keeps every file at its key below a folder."""

    root: Path

    def put(self, key: str, data: bytes) -> None:
        """Write a file and rename it into place."""
        with self._reachable():
            write_file(self.path(key), data)

    def open(self, key: str, sha256: str) -> BinaryIO:
        """Open a file after its content was read once and found whole."""
        with self._reachable():
            try:
                stream = self.path(key).open("rb")
            except FileNotFoundError as error:
                raise MissingFile(key) from error
            if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
                stream.close()
                raise DamagedFile(key)
        stream.seek(0)
        return stream

    def find(self, key: str) -> Stored | None:
        """Return size and time of a file."""
        path = self.path(key)
        with self._reachable():
            try:
                found = path.stat()
            except FileNotFoundError:
                return None
        return Stored(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def files(self) -> Iterator[Stored]:
        """Yield all files, also the parts of writes that broke off."""
        for path in self.root.rglob("*"):
            if path.is_file() and (found := self.find(path.relative_to(self.root).as_posix())):
                yield found

    def delete(self, key: str) -> None:
        """Remove a file; its folder stays, somebody may just be writing into it."""
        with self._reachable():
            self.path(key).unlink(missing_ok=True)

    def check(self) -> None:
        """Write and remove a small file."""
        self.put(".check", b"")
        self.delete(".check")

    def path(self, key: str) -> Path:
        """Return where a key lies; refuses keys that lead out of the folder."""
        parts = PurePosixPath(key).parts
        if not parts or key.startswith("/") or ".." in parts or "\\" in key:
            raise ValueError(f"not a key: {key}")
        return self.root.joinpath(*parts)

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreUnavailable(str(self.root), error.strerror or str(error)) from error
