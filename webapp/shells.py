"""Word shells by name: the shipped ones, and those an administrator added to the home folder.

An added shell lies under its digest; a small file under its name says which digest is current, so a
contract made with an earlier one can still be made again.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from clausebank.errors import BilingualError, UnknownName
from clausebank.storage.files import write_file
from clausebank.templates import FOLDER

SHELLS = FOLDER / "_shells"
STANDARD = "standard"
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


class RefusedShell(BilingualError):  # noqa: N818 (reads better without Error)
    """A shell is not taken: its name or its content cannot be used."""


@dataclass(frozen=True, slots=True)
class Shell:
    """A Word shell: its name, its file and the digest of that."""

    name: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Shells:
    """The shells of an installation; ``folder`` holds the added ones."""

    folder: Path

    def names(self) -> tuple[str, ...]:
        """Return the names of all shells, the shipped ones first."""
        return (*shipped_names(), *sorted(path.stem for path in self.folder.glob("*.name")))

    def find(self, name: str) -> Shell:
        """Return the current shell of a name; UnknownName when there is none."""
        if name in shipped_names():
            return shipped_shell(name)
        pointer = self.folder / f"{name}.name"
        if not NAME.fullmatch(name) or not pointer.is_file():
            raise UnknownName("shell", name)
        digest = pointer.read_text("ascii").strip()
        return Shell(name, self._file(digest), digest)

    def made_with(self, name: str, sha256: str) -> Shell:
        """Return the shell a contract was made with, or else the current one of that name."""
        if self._file(sha256).is_file():
            return Shell(name, self._file(sha256), sha256)
        return self.find(name)

    def add(self, name: str, data: bytes) -> Shell:
        """Keep a checked shell under a name; RefusedShell for a name that cannot be used."""
        if not NAME.fullmatch(name):
            zh = "名称由小写字母、数字和连字符组成，以字母开头，最多 40 个字符"
            raise RefusedShell(
                zh, "a name is lower-case letters, digits and hyphens, at most 40, a letter first"
            )
        if name in shipped_names():
            raise RefusedShell(f"“{name}”是随附模板文件的名称", f"{name} is the name of a shipped shell")
        digest = hashlib.sha256(data).hexdigest()
        write_file(self._file(digest), data)
        write_file(self.folder / f"{name}.name", digest.encode())
        return Shell(name, self._file(digest), digest)

    def _file(self, sha256: str) -> Path:
        return self.folder / f"{Path(sha256).name}.docx"


def shipped_names() -> tuple[str, ...]:
    """Return the names of the shipped shells, the standard one first."""
    found = sorted(path.stem for path in SHELLS.glob("*.docx"))
    return tuple(sorted(found, key=lambda name: name != STANDARD))


def shipped_shell(name: str) -> Shell:
    """Return a shipped shell; FileNotFoundError when there is none of that name."""
    path = SHELLS / f"{name}.docx"
    state = path.stat()
    return _read_shell(name, path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=16)
def _read_shell(name: str, path: Path, _changed: int, _size: int) -> Shell:
    """Read a shell once for as long as its file stays the same."""
    return Shell(name, path, hashlib.sha256(path.read_bytes()).hexdigest())
