"""How moments are shown and days are read, in the machine's time zone."""

from __future__ import annotations

from datetime import datetime


def shown_time(moment: datetime) -> str:
    """Return a moment as it is shown: local time, to the minute."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def start_of_day(text: str) -> datetime | None:
    """Return the first moment of a day written ``2026-03-01``; None for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone()
    except ValueError:
        return None
