"""The measurements as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.bench.clock import Timing


def table(found: Mapping[str, Any]) -> str:
    """Return the whole report as Markdown."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    yield ", ".join(f"{value} {name}" for name, value in found["contract"].items())
    yield from _timings("Word, answers to bytes", found["word"])
    yield from ("", "| stage | ms |", "| --- | --- |")
    yield from (f"| {name} | {value:.2f} |" for name, value in found["stages"].items())
    render, floor = found["stages"]["render"], found["word"][1].median
    yield f"| render / zip floor | {render / floor:.2f} x |"
    yield from _timings("PDF, document to bytes", found["pdf"])
    yield from _timings("Form, a change to the renewed page", found["preview"])
    yield from ("", "| cold `clausebank assemble` | ms | best | peak MB |", "| --- | --- | --- | --- |")
    for formats, row in found["cold"].items():
        yield f"| {formats} | {row['median_ms']:.0f} | {row['best_ms']:.0f} | {row['peak_rss_mb']:.0f} |"
    rates = found["throughput"]
    yield ""
    yield (
        f"{rates['contracts']} contracts: {rates['1']:.0f} a second on one process, "
        f"{rates['2']:.0f} on two ({rates['2'] / rates['1']:.2f} x)"
    )
    yield f"peak memory of this process with all peers: {found['peak_rss_mb']:.0f} MB"
    yield from (f"skipped {name}: {reason}" for name, reason in found["skipped"].items())


def _timings(title: str, timings: Sequence[Timing]) -> Iterator[str]:
    ours = timings[0]
    yield ""
    yield f"| {title} | median ms | best ms | processor ms | bytes | times ours, median | best |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for row in timings:
        cpu = "" if row.cpu is None else f"{row.cpu:.2f}"
        ratios = f"{row.median / ours.median:.1f} x | {row.best / ours.best:.1f} x"
        yield f"| {row.name} | {row.median:.2f} | {row.best:.2f} | {cpu} | {row.bytes} | {ratios} |"
