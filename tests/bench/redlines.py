"""Comparing two contracts: our comparison and redline, and a peer that compares the finished Word files."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from clausebank import Stances, assemble, render_docx
from clausebank.compare import compare
from clausebank.compare.html import render_inline
from clausebank.compare.redline import redline
from clausebank.document import Document, Stance
from schemas import answers_schema
from tests.bench.clock import Engine, Skipped, Timing, side_by_side
from tests.bench.contract import Case
from webapp.workspace import shell_path

PAIRS = 12
AUTHOR, DATE = "ClauseBank", datetime(2026, 3, 1, tzinfo=UTC)
Pair = tuple[Document, Document]


def compared(case: Case, skipped: dict[str, str]) -> list[Timing]:
    """Time comparing the neutral contract with the client's, other answers in each pair."""
    shell = shell_path(case.template.shell)
    pairs = [(_made(case, Stance.NEUTRAL, n), _made(case, Stance.CLIENT, n + 1)) for n in range(PAIRS)]
    files = [tuple(render_docx(document, shell) for document in pair) for pair in pairs]
    engines = [
        Engine("ClauseBank redline, proved", lambda n: _redline(pairs[n], shell)),
        Engine("ClauseBank comparison as HTML", lambda n: _page(pairs[n])),
    ]
    try:
        peer = _python_redlines()
        engines.append(Engine(peer.name, lambda n: peer.render(files[n])))
    except Skipped as reason:
        skipped["python-redlines"] = str(reason)
    return side_by_side(engines, range(PAIRS), warm=2)


def _made(case: Case, stance: Stance, number: int) -> Document:
    stances = Stances(stance)
    answers = answers_schema(case.template, case.bank, stances).load(case.raw(number))
    return assemble(case.template, answers, case.bank, stances)


def _redline(pair: Pair, shell: Any) -> bytes:
    return redline(*pair, shell, author=AUTHOR, date=DATE)


def _page(pair: Pair) -> bytes:
    return render_inline(compare(*pair)).encode()


def _python_redlines() -> Engine:
    """Return python-redlines with its maintained engine, a program started for each pair."""
    try:
        from python_redlines.engines import DocxodusEngine

        engine = DocxodusEngine()
    except (ImportError, OSError) as error:
        raise Skipped(str(error)) from error

    def render(files: Sequence[bytes]) -> bytes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made, _out, wrong = engine.run_redline(AUTHOR, *files)
        if made[:2] != b"PK":
            raise SystemExit(f"python-redlines: {wrong}")
        return bytes(made)

    return Engine("python-redlines (Docxodus)", render)
