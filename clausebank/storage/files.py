"""Files: written whole or not at all, and the store that keeps those of contracts."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from uuid import uuid4

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+')
NAME_BYTES = 180


def write_file(path: Path, data: bytes) -> Path:
    """Write a file under a temporary name, flush it to the disk and rename it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
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
    return path


def download_name(number: str, title: str, extension: str) -> str:
    """Return ``<number> <title>.docx`` with what no file system takes left out."""
    stem = " ".join(UNSAFE.sub(" ", f"{number} {title}").split()).strip(". ")
    short = stem.encode()[:NAME_BYTES].decode(errors="ignore").strip(". ")
    return f"{short or 'contract'}.{extension}"


@dataclass(frozen=True, slots=True)
class FileStore:
    """Keeps files by key in a folder; keys look like ``<contract id>/contract.docx``."""

    root: Path

    def put(self, key: str, data: bytes) -> None:
        """Keep a file under a key, replacing what was there as a whole."""
        write_file(self.path(key), data)

    def get(self, key: str) -> bytes:
        """Return a file; FileNotFoundError when it is not there."""
        return self.path(key).read_bytes()

    def holds(self, key: str) -> bool:
        """Tell whether a file is kept under a key."""
        return self.path(key).is_file()

    def delete(self, key: str) -> None:
        """Remove a file, and its folder when it was the last."""
        path = self.path(key)
        path.unlink(missing_ok=True)
        if path.parent != self.root and path.parent.exists() and not any(path.parent.iterdir()):
            path.parent.rmdir()

    def path(self, key: str) -> Path:
        """Return where a key lies; refuses keys that lead out of the folder."""
        parts = PurePosixPath(key).parts
        if not parts or key.startswith("/") or ".." in parts or "\\" in key:
            raise ValueError(f"not a key: {key}")
        return self.root.joinpath(*parts)
