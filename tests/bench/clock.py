"""Measuring engines side by side: document by document, every engine in turn, medians."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any


class Skipped(Exception):  # noqa: N818 (no error: the engine is not there)
    """An engine cannot run on this machine; says why."""


@dataclass(frozen=True)
class Result:
    """What an engine made, and how long that took where it was measured elsewhere."""

    data: bytes
    seconds: float | None = None


@dataclass(frozen=True)
class Engine:
    """A way to make a file: ``render`` takes one document's input and returns bytes or a Result."""

    name: str
    render: Callable[[Any], Any]


@dataclass(frozen=True)
class Timing:
    """Wall-clock times of an engine in milliseconds over all documents, and the size of a file."""

    name: str
    median: float
    best: float
    documents: int
    bytes: int


def side_by_side(engines: Sequence[Engine], inputs: Sequence[Any], warm: int = 5) -> list[Timing]:
    """Time every engine on every input, in turn, so that a busy moment hits all alike.

    The first ``warm`` inputs are rendered once before and not counted.
    """
    for given in inputs[:warm]:
        for engine in engines:
            engine.render(given)
    taken: dict[str, list[tuple[float, int]]] = {engine.name: [] for engine in engines}
    for given in inputs:
        for engine in engines:
            taken[engine.name].append(timed(engine, given))
    return [
        Timing(name, median(times) * 1000, min(times) * 1000, len(times), int(median(sizes)))
        for name, (times, sizes) in ((name, tuple(zip(*rows, strict=True))) for name, rows in taken.items())
    ]


def timed(engine: Engine, given: Any) -> tuple[float, int]:
    """Return the seconds one document took and the size of its file."""
    start = perf_counter()
    made = engine.render(given)
    seconds = perf_counter() - start
    if isinstance(made, Result):
        return (seconds if made.seconds is None else made.seconds), len(made.data)
    return seconds, len(made)


def stage_medians(rows: Iterable[dict[str, float]]) -> dict[str, float]:
    """Return the median of each stage in milliseconds."""
    rows = list(rows)
    return {name: median(row[name] for row in rows) * 1000 for name in rows[0]}
