"""Word shells by name: the shipped ones, and those the organisation restyled.

The latter are versions in the database with their files in the file store. Whatever is used is written
to a folder under its digest, which is where the renderers read it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from clausebank.errors import BilingualError, UnknownName
from clausebank.storage.database import Database
from clausebank.storage.errors import MissingFile
from clausebank.storage.files import FileStore, read_file, write_file
from clausebank.storage.keys import shell_key
from clausebank.storage.shells import names_in_force, take_over
from clausebank.storage.versions import newest_approved, shell_series
from clausebank.templates import FOLDER

SHELLS = FOLDER / "_shells"
STANDARD = "standard"
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
POINTER, TAKEN = ".name", ".taken"


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
    """The shells of an installation; ``folder`` holds the files of those that were used here."""

    folder: Path
    database: Database
    files: FileStore

    def names(self) -> tuple[str, ...]:
        """Return the names of all shells in force, the shipped ones first."""
        with self.database.reading() as session:
            return (*shipped_names(), *names_in_force(session))

    def find(self, name: str) -> Shell:
        """Return the shell of a name that is in force; UnknownName when there is none."""
        if name in shipped_names():
            return shipped_shell(name)
        if NAME.fullmatch(name):
            with self.database.reading() as session:
                row = newest_approved(session, shell_series(name))
            if row is not None:
                return Shell(name, self.file(row.sha256), row.sha256)
        raise UnknownName("shell", name)

    def made_with(self, name: str, sha256: str) -> Shell:
        """Return the shell a contract was made with, or else the one of that name in force."""
        if name in shipped_names() and shipped_shell(name).sha256 == sha256:
            return shipped_shell(name)
        try:
            return Shell(name, self.file(Path(sha256).name), sha256)
        except MissingFile:
            return self.find(name)

    def file(self, sha256: str) -> Path:
        """Return the file of a shell of ours, fetched when it is not here yet; MissingFile for no shell."""
        path = self.folder / f"{sha256}.docx"
        if not path.is_file():
            write_file(path, read_file(self.files, shell_key(sha256), sha256))
        return path

    def take_over(self) -> None:
        """Make versions of the shells that earlier releases kept as files with a pointer to each."""
        pointers = {path.stem: path for path in sorted(self.folder.glob(f"*{POINTER}"))}
        if not pointers:
            return
        with self.database.writing() as session:
            take_over(session, self.files, dict(self._pointed(pointers)))
        for pointer in pointers.values():
            pointer.rename(pointer.with_suffix(TAKEN))

    def _pointed(self, pointers: dict[str, Path]) -> Iterator[tuple[str, bytes]]:
        for name, pointer in pointers.items():
            path = self.folder / f"{Path(pointer.read_text('ascii').strip()).name}.docx"
            if NAME.fullmatch(name) and path.is_file():
                yield name, path.read_bytes()


def check_name(name: str) -> None:
    """Refuse a name that no shell of the organisation can have."""
    if not NAME.fullmatch(name):
        zh = "名称由小写字母、数字和连字符组成，以字母开头，最多 40 个字符"
        raise RefusedShell(zh, "a name is lower-case letters, digits and hyphens, at most 40, a letter first")
    if name in shipped_names():
        raise RefusedShell(f"“{name}”是随附模板文件的名称", f"{name} is the name of a shipped shell")


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
