"""The pages, a blueprint each."""

from __future__ import annotations

from webapp.pages import account, bank, contracts, drafts, kinds, language, paper

BLUEPRINTS = (kinds.bp, drafts.bp, contracts.bp, language.bp, paper.bp, bank.bp, account.bp)
