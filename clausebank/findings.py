"""Findings: problems with content, collected and shown, never raised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is: an error keeps the contract a draft."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem.

    ``place`` is where to look: ``file:line`` for the bank, an anchor for a document.
    ``clause`` and ``blank`` name what to mend, where one is at fault; ``snippet`` quotes the text.
    """

    rule: str
    level: Level
    zh: str
    en: str
    place: str = ""
    clause: str = ""
    blank: str = ""
    snippet: str = ""
    basis: str = ""

    def message(self, language: str = "zh") -> str:
        """Return the message in ``zh`` or ``en``."""
        return self.en if language == "en" else self.zh


def errors(findings: tuple[Finding, ...] | list[Finding]) -> list[Finding]:
    """Return the findings that keep a contract a draft."""
    return [finding for finding in findings if finding.level is Level.ERROR]
