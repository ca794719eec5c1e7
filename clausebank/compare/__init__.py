"""Comparing contracts and clause texts: token differences, marked HTML, JSON, Word redlines."""

from __future__ import annotations

from clausebank.compare.comparison import Comparison, compare

__all__ = ["Comparison", "compare"]
