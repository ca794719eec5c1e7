"""Edited files as proposals: what they would change, and the drafts made of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from sqlalchemy.orm import Session

from clausebank.bank.model import Clause
from clausebank.bank.vocabulary_files import vocabulary_json
from clausebank.document import Stance
from clausebank.storage.bank import clause_head
from clausebank.storage.library import Library
from clausebank.storage.lifecycle import start_draft
from clausebank.storage.models import ClauseRow, ClauseVersion
from clausebank.storage.versions import (
    OPEN,
    VOCABULARY,
    Series,
    Version,
    clause_series,
    newest_approved,
    select_versions,
    sha256,
    template_series,
    text_of,
    vocabulary_text,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text that differs from the one in force; ``head`` is set where the clause's head differs."""

    series: Series
    current: Version | None
    text: str
    head: Mapping[str, Any] | None = None
    old_head: Mapping[str, Any] | None = None

    def before(self) -> str:
        """Return the text in force with its head, as far as the head differs."""
        return head_text(self.old_head) + (text_of(self.current) if self.current else "")

    def after(self) -> str:
        """Return the proposed text with its head, as far as the head differs."""
        return head_text(self.head) + self.text


def find_proposals(session: Session, library: Library) -> list[Proposal]:
    """Return where a library differs from what is in force; what it lacks is not proposed for retirement."""
    proposals = [p for clause in library.bank.clauses.values() for p in _of_clause(session, clause)]
    current = newest_approved(session, VOCABULARY)
    if current is None or current.sha256 != sha256(vocabulary_json(library.vocabulary)):
        proposals.append(Proposal(VOCABULARY, current, vocabulary_text(library.vocabulary)))
    for template in library.templates.values():
        series = template_series(template.kind)
        current = newest_approved(session, series)
        if current is None or current.sha256 != template.sha256:
            proposals.append(Proposal(series, current, template.source))
    return proposals


def draft_proposals(session: Session, proposals: Sequence[Proposal], author: str, note: str) -> list[Version]:
    """Make a draft of each proposal, but for those that wait as drafts already."""
    return [
        start_draft(session, p.series, author, text=p.text, origin=p.current, head=p.head, note=note)
        for p in proposals
        if not _waits(session, p)
    ]


def head_text(head: Mapping[str, Any] | None) -> str:
    """Return a clause's head as its file shows it, empty for none."""
    if not head:
        return ""
    return yaml.safe_dump(dict(head), allow_unicode=True, sort_keys=False, width=4096) + "---\n"


def _of_clause(session: Session, clause: Clause) -> Iterator[Proposal]:
    """Yield the changed texts of a clause; a changed head goes with them, or with the neutral text."""
    row, head = session.get(ClauseRow, clause.id), clause_head(clause)
    old_head = row.head if row else None
    heads = {"head": head, "old_head": old_head} if old_head != head else {}
    changed = []
    for variant in clause.variants.values():
        series = clause_series(clause.id, variant.stance.value)
        current = newest_approved(session, series)
        if current is None or current.sha256 != variant.sha256:
            changed.append(Proposal(series, current, variant.text, **heads))
    if heads and not changed:
        series = clause_series(clause.id, Stance.NEUTRAL.value)
        text = clause.variants[Stance.NEUTRAL].text
        changed.append(Proposal(series, newest_approved(session, series), text, **heads))
    yield from changed


def _waits(session: Session, proposal: Proposal) -> bool:
    """Tell whether the same text is a draft or under review already."""
    table, series = proposal.series.table, proposal.series
    query = select_versions(series).where(table.status.in_([status.value for status in OPEN]))
    return any(
        text_of(row) == proposal.text and _head_of(row) == proposal.head for row in session.scalars(query)
    )


def _head_of(row: Version) -> Mapping[str, Any] | None:
    return row.head if isinstance(row, ClauseVersion) else None
