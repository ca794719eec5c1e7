"""The pages, a blueprint each."""

from __future__ import annotations

from webapp.pages import (
    account,
    approvals,
    bank,
    batches,
    comparing,
    contracts,
    drafts,
    health,
    kinds,
    language,
    paper,
    people,
    policy,
    renewals,
    reuse,
    saved,
)

BLUEPRINTS = (
    kinds.bp,
    drafts.bp,
    saved.bp,
    reuse.bp,
    contracts.bp,
    batches.bp,
    renewals.bp,
    language.bp,
    paper.bp,
    bank.bp,
    account.bp,
    health.bp,
    comparing.bp,
    people.bp,
    approvals.bp,
    policy.bp,
)
