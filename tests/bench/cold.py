"""The command line from a cold start: wall clock and peak memory of whole processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench.contract import KIND

RUNS = 9
_MB = 1024  # ru_maxrss counts kilobytes
_CLI = (sys.executable, "-c", "from webapp.cli import main; main()")


def cold_starts(folder: Path) -> dict[str, dict[str, float]]:
    """Return milliseconds and megabytes of ``clausebank assemble``, the database made before.

    Python keeps its compiled modules, as in any install; the contract is the whole one of the kind.
    To be called first: a process starts with the peak memory of the one that started it.
    """
    home = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    home |= {"CLAUSEBANK_HOME": str(folder / "home"), "CLAUSEBANK_GENERATED": str(folder / "out")}
    answers = folder / "answers.yml"
    example = subprocess.run([*_CLI, "example", KIND], env=home, check=True, capture_output=True)
    answers.write_bytes(example.stdout)
    results = {}
    for formats in ("docx", "docx,pdf"):
        arguments = ["assemble", KIND, "--answers", str(answers), "--formats", formats]
        runs = [_run([*_CLI, *arguments, "--out", str(folder / "out")], home) for _ in range(RUNS + 1)][1:]
        times, works, sizes = zip(*runs, strict=True)
        results[formats] = {
            "median_ms": median(times),
            "best_ms": min(times),
            "processor_ms": median(works),
            "peak_rss_mb": median(sizes),
        }
    return results


def _run(command: Sequence[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Run a process to its end; return its milliseconds, those of the processor, and its peak megabytes."""
    start = perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    work = usage.ru_utime + usage.ru_stime
    return (perf_counter() - start) * 1000, work * 1000, usage.ru_maxrss / _MB
