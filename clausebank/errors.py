"""Exceptions: wrong calls and refused input. Problems with content are findings."""

from __future__ import annotations

from collections.abc import Sequence

from clausebank.findings import Finding


class ClauseBankError(Exception):
    """Base of all errors raised on purpose."""


class BilingualError(ClauseBankError):
    """A refusal that says why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


class BankError(ClauseBankError):
    """The bank or a template has errors and cannot be used; carries every finding."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(f"{f.place}: {f.zh}" for f in self.findings))


class UnknownName(ClauseBankError, KeyError):  # noqa: N818 (reads better without Error)
    """Something was asked for by a name the bank does not hold."""

    def __init__(self, what: str, name: str) -> None:
        self.what, self.name = what, name
        super().__init__(f"{what}: {name}")

    def __str__(self) -> str:
        """Return ``what: name`` rather than KeyError's repr."""
        return f"{self.what}: {self.name}"
