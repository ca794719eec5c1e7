"""Lint: rules on a document. A rule is a function, the rules are one tuple."""

from __future__ import annotations

from clausebank.document import Document
from clausebank.findings import Finding, Level
from clausebank.lint.amounts import AMOUNT_RULES
from clausebank.lint.data import DATA_RULES
from clausebank.lint.files import FILE_RULES
from clausebank.lint.parties import PARTY_RULES
from clausebank.lint.structure import STRUCTURE_RULES
from clausebank.lint.terms import TERM_RULES

RULES = (*STRUCTURE_RULES, *PARTY_RULES, *AMOUNT_RULES, *TERM_RULES, *DATA_RULES, *FILE_RULES)
_ORDER = (Level.ERROR, Level.WARNING, Level.INFO)


def lint(document: Document) -> list[Finding]:
    """Return the findings of every rule, errors first, else in the order of the rules."""
    findings = [finding for rule in RULES for finding in rule(document)]
    return sorted(findings, key=lambda finding: _ORDER.index(finding.level))
