"""Many contracts on one and on two processes."""

from __future__ import annotations

from functools import cache
from multiprocessing import get_context
from time import perf_counter

from tests.bench.contract import Case, bench_case
from tests.bench.ours import Clock, to_word

CONTRACTS = 1000
_CHUNK = 25


@cache
def _case() -> Case:
    return bench_case()


def _make(number: int) -> int:
    """Make one Word file in this process; return its size."""
    return len(to_word(_case(), _case().raw(number), Clock(), {}))


def documents_a_second(processes: int) -> float:
    """Return the rate over all contracts, workers started and warm before the clock."""
    with get_context("spawn").Pool(processes) as pool:
        pool.map(_make, range(8 * processes), chunksize=4)
        start = perf_counter()
        sizes = pool.map(_make, range(CONTRACTS), chunksize=_CHUNK)
        taken = perf_counter() - start
    assert len(sizes) == CONTRACTS
    return CONTRACTS / taken
