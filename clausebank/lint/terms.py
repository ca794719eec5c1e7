"""Term rules TRM-01 and TRM-02: dates that cannot be, and terms that do not fit their dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from clausebank.document import Document
from clausebank.findings import Finding, Level
from clausebank.lint.places import blank_at, found
from clausebank.lint.searches import dates, spans
from clausebank.lint.sheets import hits
from clausebank.wording.dates import whole_months


def impossible_dates(document: Document) -> Iterator[Finding]:
    """TRM-01: a date no calendar has."""
    for place, match in hits(document, dates):
        if _day(match[1], match[2], match[3]) is None:
            zh, en = f"日期无效：{match[0]}。", f"Invalid date: {match[0]}."
            yield found("TRM-01", Level.ERROR, place, zh, en, blank=blank_at(place), snippet=match[0])


def end_before_start(document: Document) -> Iterator[Finding]:
    """TRM-01: services that end before they start."""
    start, end = (document.answers.get(f"service_{name}_date") for name in ("start", "end"))
    if isinstance(start, date) and isinstance(end, date) and end < start:
        zh, en = "服务终止日早于起始日。", "The services end before they start."
        yield found("TRM-01", Level.ERROR, None, zh, en, blank="service_end_date")


def term_against_dates(document: Document) -> Iterator[Finding]:
    """TRM-02: a term in months or years that its dates contradict (Civil Code art. 201, 202)."""
    for place, match in hits(document, spans):
        first, last = _day(match[1], match[2], match[3]), _day(match[4], match[5], match[6])
        months = int(match[7]) * (12 if match[8] == "年" else 1)
        if first and last and whole_months(first, last) != months:
            zh, en = f"期限与起止日期不符：{match[0]}。", f"Term and dates differ: {match[0]}."
            yield found("TRM-02", Level.ERROR, place, zh, en, snippet=match[0])


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


TERM_RULES = (impossible_dates, end_before_start, term_against_dates)
