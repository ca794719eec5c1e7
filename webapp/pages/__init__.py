"""The pages, a blueprint each."""

from __future__ import annotations

from webapp.pages import account, bank, contracts, drafts, health, kinds, language, paper, reuse, saved

BLUEPRINTS = (
    kinds.bp,
    drafts.bp,
    saved.bp,
    reuse.bp,
    contracts.bp,
    language.bp,
    paper.bp,
    bank.bp,
    account.bp,
    health.bp,
)
