"""Many contracts on one and on two processes."""

from __future__ import annotations

from functools import cache
from multiprocessing import get_context
from time import perf_counter

from tests.bench.clock import peak_megabytes
from tests.bench.contract import Case, bench_case
from tests.bench.ours import Clock, to_word
from webapp.settling import settle

CONTRACTS = 1000
_CHUNK = 25


def throughput() -> dict[str, float]:
    """Return contracts a second on one and on two processes, and the peak memory of the single one."""
    (one, peak), (two, _) = (_made_by(processes) for processes in (1, 2))
    return {"contracts": CONTRACTS, "1": one, "2": two, "peak_rss_mb": peak}


def _made_by(processes: int) -> tuple[float, float]:
    """Return the rate over all contracts, workers started and warm before the clock, and a worker's peak."""
    with get_context("spawn").Pool(processes, _start) as pool:
        pool.map(_make, range(8 * processes), chunksize=4)
        start = perf_counter()
        sizes = pool.map(_make, range(CONTRACTS), chunksize=_CHUNK)
        taken = perf_counter() - start
        assert len(sizes) == CONTRACTS
        return CONTRACTS / taken, pool.apply(peak_megabytes)


def _start() -> None:
    """Start as the workers of a batch do."""
    _case()
    settle()


@cache
def _case() -> Case:
    return bench_case()


def _make(number: int) -> int:
    """Make one Word file in this process; return its size."""
    return len(to_word(_case(), _case().raw(number), Clock(), {}))
