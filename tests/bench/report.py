"""The measurements as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    yield from (f"| {name} | {value:.2f} |" for name, value in found["word"][0].stages.items())
    yield f"| render / zip floor, deflated alike | {render_share(found, 1):.2f} x |"
    yield f"| render / zip floor, zlib 6 | {render_share(found, 2):.2f} x |"
    yield from _timings("PDF, document to bytes", found["pdf"])
    yield from _timings("Form, a change to the renewed page", found["preview"])
    yield from _timings("Comparing two contracts, documents to bytes", found["compared"])
    yield from (
        "",
        "| cold `clausebank assemble` | pages | ms | best | processor ms | peak MB |",
        "| --- | --- | --- | --- | --- | --- |",
    )
    for name, row in found["cold"].items():
        times = " | ".join(f"{row[name]:.0f}" for name in ("median_ms", "best_ms", "processor_ms"))
        yield f"| {name} | {row['pages']} | {times} | {row['peak_rss_mb']:.0f} |"
    rates = found["throughput"]
    yield ""
    yield (
        f"{rates['contracts']} contracts: {rates['1']:.0f} a second on one process, "
        f"{rates['2']:.0f} on two ({rates['2'] / rates['1']:.2f} x)"
    )
    yield f"peak memory of a process that made them all: {rates['peak_rss_mb']:.0f} MB"
    yield from ("", "| target | wanted | found | |", "| --- | --- | --- | --- |")
    yield from map(_target, targets(found))
    yield from (f"skipped {name}: {reason}" for name, reason in found["skipped"].items())


@dataclass(frozen=True)
class Target:
    """What a figure should be: ``at_least`` or else at most the ``limit``; None when it was not measured."""

    name: str
    limit: float
    figure: float | None
    at_least: bool = True

    @property
    def met(self) -> bool:
        """Tell whether the figure was measured and is good enough."""
        if self.figure is None:
            return False
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit


def targets(found: Mapping[str, Any]) -> list[Target]:
    """Return every target with its figure; times against peers compare medians of the same run."""
    word, pdf, cold = found["word"], found["pdf"], found["cold"]
    rates = found["throughput"]
    return [
        Target("Word, times docxtpl as documented", 10, _times(word, "docxtpl as documented")),
        Target("Word, times docxtpl cached by hand", 4, _times(word, "docxtpl, template")),
        Target("Word, times docxtemplater", 5, _times(word, "docxtemplater")),
        Target("render step / zip floor, deflated alike", 2.5, render_share(found, 1), at_least=False),
        Target("render step / zip floor, zlib 6", 2.5, render_share(found, 2), at_least=False),
        Target("PDF, times LibreOffice warm", 4.5, _times(pdf, "LibreOffice")),
        Target("PDF, times weasyprint", 7, _times(pdf, "weasyprint")),
        Target("cold to Word, s", 0.5, _seconds(cold, "docx"), at_least=False),
        Target("cold to Word and PDF, s", 0.8, _seconds(cold, "docx,pdf"), at_least=False),
        Target("1000 contracts, two processes / one", 1.8, rates["2"] / rates["1"]),
    ]


def render_share(found: Mapping[str, Any], floor: int) -> float:
    """Return how many times a zip floor of the same bytes the render step takes: 1 alike, 2 by zlib."""
    return float(found["word"][0].stages["render"] / found["word"][floor].median)


def _seconds(cold: Mapping[str, Any], formats: str) -> float:
    return float(cold[f"clauses of the bench, {formats}"]["median_ms"]) / 1000


def _times(timings: Sequence[Timing], peer: str) -> float | None:
    return next((row.median / timings[0].median for row in timings if row.name.startswith(peer)), None)


def _target(target: Target) -> str:
    wanted = f"{'≥' if target.at_least else '≤'} {target.limit:g}"
    figure = "not measured" if target.figure is None else f"{target.figure:.2f}"
    return f"| {target.name} | {wanted} | {figure} | {'met' if target.met else 'not met'} |"


def _timings(title: str, timings: Sequence[Timing]) -> Iterator[str]:
    ours = timings[0]
    yield ""
    yield f"| {title} | median ms | best ms | processor ms | bytes | times ours, median | best |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for row in timings:
        cpu = "" if row.cpu is None else f"{row.cpu:.2f}"
        ratios = f"{row.median / ours.median:.1f} x | {row.best / ours.best:.1f} x"
        yield f"| {row.name} | {row.median:.2f} | {row.best:.2f} | {cpu} | {row.bytes} | {ratios} |"
