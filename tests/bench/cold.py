"""The command line from a cold start: wall clock and peak memory of whole processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

import pikepdf

from tests.bench.contract import KIND, Case, cut_answers, left_out

RUNS = 9
_MB = 1024  # ru_maxrss counts kilobytes
_CLI = (sys.executable, "-c", "from webapp.cli import main; main()")


def cold_starts(case: Case, folder: Path) -> dict[str, dict[str, float]]:
    """Return milliseconds and megabytes of ``clausebank assemble``, the database made before.

    Once with the clauses of the bench alone, the others left out on the command line, and once with the
    whole contract of the kind. Python keeps its compiled modules, as in any install.
    To be called first: a process starts with the peak memory of the one that started it.
    """
    home = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    home |= {"CLAUSEBANK_HOME": str(folder / "home"), "CLAUSEBANK_GENERATED": str(folder / "out")}
    whole, cut = folder / "whole.yml", folder / "cut.json"
    whole.write_bytes(
        subprocess.run([*_CLI, "example", KIND], env=home, check=True, capture_output=True).stdout
    )
    cut.write_text(json.dumps(cut_answers(case), ensure_ascii=False), encoding="utf-8")
    less = [word for clause in left_out(case) for word in ("--without", clause)]
    found = {}
    for name, answers, more in (("clauses of the bench", cut, less), ("whole contract", whole, [])):
        for formats in ("docx", "docx,pdf"):
            out = folder / f"{answers.stem}-{formats}"
            arguments = ["assemble", KIND, "--answers", str(answers), "--formats", formats, "--out", str(out)]
            runs = [_run([*_CLI, *arguments, *more], home) for _ in range(RUNS + 1)][1:]
            found[f"{name}, {formats}"] = _figures(runs)
        with pikepdf.open(next(out.glob("*.pdf"))) as pdf:
            pages = len(pdf.pages)
        found = {key: {"pages": pages, **row} if key.startswith(name) else row for key, row in found.items()}
    return found


def _figures(runs: Sequence[tuple[float, float, float]]) -> dict[str, float]:
    times, works, sizes = zip(*runs, strict=True)
    return {
        "median_ms": median(times),
        "best_ms": min(times),
        "processor_ms": median(works),
        "peak_rss_mb": median(sizes),
    }


def _run(command: Sequence[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Run a process to its end; return its milliseconds, those of the processor, and its peak megabytes."""
    start = perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    work = usage.ru_utime + usage.ru_stime
    return (perf_counter() - start) * 1000, work * 1000, usage.ru_maxrss / _MB
