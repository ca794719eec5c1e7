"""Measuring engines side by side: each in a process of its own, a few documents in turn, medians."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from time import perf_counter, process_time
from typing import Any, TypeVar

from webapp.settling import settle

T = TypeVar("T")
TURN = 10
"""How many documents an engine makes before the next one has its turn."""

_FORK = get_context("fork")


class Skipped(Exception):  # noqa: N818 (no error: the engine is not there)
    """An engine cannot run on this machine; says why."""


@dataclass(frozen=True)
class Result:
    """What an engine made, with seconds measured elsewhere: ``seconds`` in all, or those of each stage."""

    data: bytes
    seconds: float | None = None
    stages: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Engine:
    """A way to make a file: ``render`` takes one document's input and returns bytes or a Result."""

    name: str
    render: Callable[[Any], Any]


@dataclass(frozen=True)
class Row:
    """The seconds one document took, those of the processor and of each stage, and the size of its file."""

    seconds: float
    work: float | None
    size: int
    stages: Mapping[str, float]


@dataclass(frozen=True)
class Timing:
    """Times of an engine in milliseconds over all documents, and the size of a file.

    ``cpu`` is the median of the processor time, which a busy machine disturbs less; None for an
    engine in another process. ``stages`` are medians too.
    """

    name: str
    median: float
    best: float
    cpu: float | None
    documents: int
    bytes: int
    stages: Mapping[str, float]


def side_by_side(engines: Sequence[Engine], inputs: Sequence[Any], warm: int = 5) -> list[Timing]:
    """Time every engine on every input, in turns, so that a busy moment hits all alike.

    The first ``warm`` inputs are rendered once before and not counted. Each engine has a process of its
    own: none clears away the garbage of another, or waits while another's heap is searched for it.
    """
    with ExitStack() as stack:
        working = {engine.name: stack.enter_context(_process(engine)) for engine in engines}
        for work in working.values():
            work(inputs[:warm])
        rows: dict[str, list[Row]] = {name: [] for name in working}
        for start in range(0, len(inputs), TURN):
            for name, work in working.items():
                rows[name] += work(inputs[start : start + TURN])
    return [_timing(name, taken) for name, taken in rows.items()]


def alone(engine: Engine, inputs: Sequence[Any], warm: int = 5) -> Timing:
    """Time one engine in this process."""
    for given in inputs[:warm]:
        engine.render(given)
    return _timing(engine.name, [timed(engine, given) for given in inputs])


def apart(work: Callable[[], T]) -> T:
    """Return what some work returns in a process of its own; nothing it opens stays in this one."""
    here, there = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=lambda: there.send(work()))
    process.start()
    there.close()
    result: T = here.recv()
    process.join()
    return result


@contextmanager
def _process(engine: Engine) -> Iterator[Callable[[Sequence[Any]], list[Row]]]:
    """Fork a process for an engine; yields what makes it render some inputs."""
    here, there = _FORK.Pipe()
    process = _FORK.Process(target=_serve, args=(engine, there), daemon=True)
    process.start()
    there.close()

    def work(inputs: Sequence[Any]) -> list[Row]:
        here.send(inputs)
        rows: list[Row] = here.recv()
        return rows

    yield work
    here.send(None)
    process.join()


def _serve(engine: Engine, there: Connection) -> None:
    """Render what is sent until None comes."""
    settle()
    while (inputs := there.recv()) is not None:
        there.send([timed(engine, given) for given in inputs])


def _timing(name: str, rows: Sequence[Row]) -> Timing:
    times = [row.seconds for row in rows]
    own = [row.work for row in rows if row.work is not None]
    stages = {each: median(row.stages[each] for row in rows) * 1000 for each in rows[0].stages}
    return Timing(
        name,
        median(times) * 1000,
        min(times) * 1000,
        median(own) * 1000 if own else None,
        len(rows),
        int(median(row.size for row in rows)),
        stages,
    )


def timed(engine: Engine, given: Any) -> Row:
    """Render one document and return what it took."""
    start, work = perf_counter(), process_time()
    made = engine.render(given)
    seconds, work = perf_counter() - start, process_time() - work
    if not isinstance(made, Result):
        return Row(seconds, work, len(made), {})
    if made.seconds is None:
        return Row(seconds, work, len(made.data), made.stages)
    return Row(made.seconds, None, len(made.data), {})


def peak_megabytes() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
