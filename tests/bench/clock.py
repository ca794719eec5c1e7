"""Measuring engines side by side: document by document, every engine in turn, medians."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any


class Skipped(Exception):  # noqa: N818 (no error: the engine is not there)
    """An engine cannot run on this machine; says why."""


@dataclass(frozen=True)
class Result:
    """What an engine in another process made, and how long that took there."""

    data: bytes
    seconds: float


@dataclass(frozen=True)
class Engine:
    """A way to make a file: ``render`` takes one document's input and returns bytes or a Result."""

    name: str
    render: Callable[[Any], Any]


@dataclass(frozen=True)
class Timing:
    """Times of an engine in milliseconds over all documents, and the size of a file.

    ``cpu`` is the median of the processor time, which a busy machine disturbs less; None for an
    engine in another process.
    """

    name: str
    median: float
    best: float
    cpu: float | None
    documents: int
    bytes: int


def side_by_side(engines: Sequence[Engine], inputs: Sequence[Any], warm: int = 5) -> list[Timing]:
    """Time every engine on every input, in turn, so that a busy moment hits all alike.

    The first ``warm`` inputs are rendered once before and not counted.
    """
    for given in inputs[:warm]:
        for engine in engines:
            engine.render(given)
    taken: dict[str, list[tuple[float, float | None, int]]] = {engine.name: [] for engine in engines}
    for given in inputs:
        for engine in engines:
            taken[engine.name].append(timed(engine, given))
    return [_timing(name, rows) for name, rows in taken.items()]


def _timing(name: str, rows: Sequence[tuple[float, float | None, int]]) -> Timing:
    times, works, sizes = zip(*rows, strict=True)
    own = [work for work in works if work is not None]
    cpu = median(own) * 1000 if own else None
    return Timing(name, median(times) * 1000, min(times) * 1000, cpu, len(rows), int(median(sizes)))


def timed(engine: Engine, given: Any) -> tuple[float, float | None, int]:
    """Return the seconds one document took, those of the processor, and the size of its file."""
    start, work = perf_counter(), process_time()
    made = engine.render(given)
    seconds, work = perf_counter() - start, process_time() - work
    if isinstance(made, Result):
        return made.seconds, None, len(made.data)
    return seconds, work, len(made)


def stage_medians(rows: Iterable[dict[str, float]]) -> dict[str, float]:
    """Return the median of each stage in milliseconds."""
    rows = list(rows)
    return {name: median(row[name] for row in rows) * 1000 for name in rows[0]}
