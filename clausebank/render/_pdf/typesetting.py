"""The typesetting engine: named data in, PDF bytes out, one compiler a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from threading import Lock
from typing import Any

import typst

_STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
_DATE = datetime(2000, 1, 1, tzinfo=UTC)
_TIME_LIMIT = 300
_PARTS = resources.files("clausebank.render._pdf")


def typeset(files: Mapping[str, bytes]) -> bytes:
    """Return the PDF of ``contract.typ`` laid out with these files beside it."""
    if _ENGINE.lost:
        return _elsewhere(files)
    with _ENGINE.lock:
        _ENGINE.used = True
        compiler, template = _prepared()
        project: Any = {"main.typ": template, **files}
        pdf = compiler.compile(project, format="pdf", pdf_standards=_STANDARDS, timestamp=_DATE)
    assert isinstance(pdf, bytes)
    return pdf


class _Engine:
    """Guards the engine of this process.

    The engine's threads do not survive a fork: a child of a process that has used it would wait for
    them forever. Such a child is ``lost`` to the engine and sends its documents to a new process.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.used = self.lost = False

    def after_fork(self) -> None:
        """Start anew in the child; the parent's lock may be held by a thread that is gone."""
        self.lock, self.lost = Lock(), self.used


_ENGINE = _Engine()
os.register_at_fork(after_in_child=_ENGINE.after_fork)


@cache
def _prepared() -> tuple[typst.Compiler, bytes]:
    """Return the compiler with the shipped fonts alone, and the layout."""
    folders = [str(resources.files("pylopdf_fonts_zh_cn")), str(_PARTS / "fonts")]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(b"", font_paths=fonts), (_PARTS / "contract.typ").read_bytes()


# --- in a process of its own -----------------------------------------------------------------------


def _elsewhere(files: Mapping[str, bytes]) -> bytes:
    sizes = json.dumps({name: len(content) for name, content in files.items()})
    command = [sys.executable, "-m", __name__]
    message = b"\n".join((sizes.encode(), b"".join(files.values())))
    return subprocess.run(command, input=message, capture_output=True, check=True, timeout=_TIME_LIMIT).stdout  # noqa: S603 (our own module)


def _serve_one() -> None:
    """Typeset the files that come in, and write the PDF out."""
    sizes = json.loads(sys.stdin.buffer.readline())
    sys.stdout.buffer.write(typeset({name: sys.stdin.buffer.read(size) for name, size in sizes.items()}))


if __name__ == "__main__":
    _serve_one()
