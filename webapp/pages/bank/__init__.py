"""The bank: clauses by topic, their texts side by side, drafts and their approval, what holds what."""

from __future__ import annotations

from webapp.pages.bank import browsing, drafting, holding, retiring, shells, starting, together, tracing
from webapp.pages.bank.shared import bp

__all__ = ["bp", "browsing", "drafting", "holding", "retiring", "shells", "starting", "together", "tracing"]
