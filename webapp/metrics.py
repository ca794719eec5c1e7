"""Figures for Prometheus: requests of this process, and what the database says about batches."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, perf_counter
from typing import cast

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clausebank.storage.database import Database
from clausebank.storage.ledger_models import BatchItem, ItemState
from clausebank.storage.models import Contract

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
COUNTED = 60.0
"""For how many seconds a count of what only grows is good: counting it reads all of an index."""

OPEN = tuple(state for state in ItemState if state is not ItemState.DONE)
STEPS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Figures:
    """What one application counts; several processes share a folder named by the environment."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "clausebank_requests",
            "Requests answered",
            ["method", "endpoint", "status"],
            registry=self.registry,
        )
        self.durations = Histogram(
            "clausebank_request_seconds",
            "Time to answer",
            ["endpoint"],
            buckets=STEPS,
            registry=self.registry,
        )
        self.storage_errors = Counter(
            "clausebank_storage_errors", "Files that could not be had or kept", registry=self.registry
        )
        self.grown: _Grown | None = None

    def text(self, database: Database) -> bytes:
        """Return all figures in the form Prometheus reads."""
        ours = self.registry
        if SHARED_FOLDER in os.environ:
            ours = CollectorRegistry()
            MultiProcessCollector(ours)  # type: ignore[no-untyped-call]
        stored = CollectorRegistry()
        with database.reading() as session:
            if self.grown is None or monotonic() - self.grown.at > COUNTED:
                self.grown = _count_grown(session)
            stored.register(_Stored(self.grown, _count_open(session)))
        return generate_latest(ours) + generate_latest(stored)


@dataclass(frozen=True, slots=True)
class _Grown:
    """How many contracts there are and rows that were made, when they were counted."""

    contracts: int
    done: int
    at: float


def _count_grown(session: Session) -> _Grown:
    contracts = session.scalar(select(func.count()).select_from(Contract)) or 0
    made = select(func.count()).where(BatchItem.state == ItemState.DONE.value)
    return _Grown(contracts, session.scalar(made) or 0, monotonic())


def _count_open(session: Session) -> dict[str, int]:
    """Return how many rows of batches are in each state but done."""
    counted = select(BatchItem.state, func.count()).where(BatchItem.state.in_([s.value for s in OPEN]))
    return {row[0]: row[1] for row in session.execute(counted.group_by(BatchItem.state))}


class _Stored(Collector):
    """What was counted in the database."""

    def __init__(self, grown: _Grown, states: dict[str, int]) -> None:
        self.grown = grown
        self.states = states | {ItemState.DONE.value: grown.done}

    def collect(self) -> Iterator[Metric]:
        """Yield the contracts there are, and the rows of batches by their state."""
        yield GaugeMetricFamily("clausebank_contracts", "Contracts stored", value=self.grown.contracts)
        items = GaugeMetricFamily("clausebank_batch_items", "Rows of batches", labels=["state"])
        for state in ItemState:
            items.add_metric([state.value], self.states.get(state.value, 0))
        yield items


def init_metrics(app: Flask) -> None:
    """Count every request by its endpoint, never by its address."""
    figures = Figures()
    app.extensions["figures"] = figures

    def begin() -> None:
        g.counted_from = perf_counter()

    def end(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        figures.requests.labels(request.method, endpoint, str(response.status_code)).inc()
        figures.durations.labels(endpoint).observe(perf_counter() - g.counted_from)
        return response

    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(end)


def figures_of(app: Flask) -> Figures:
    """Return what an application counts."""
    return cast("Figures", app.extensions["figures"])
