"""How a text of the bank would look in a contract filled with the examples."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from clausebank.assembly.assemble import assemble
from clausebank.assembly.select import Stances
from clausebank.document import Article, Document, Stance
from clausebank.storage.models import ClauseVersion, TemplateVersion
from clausebank.storage.review import State, own_problems, present_state, state_with
from clausebank.storage.versions import Version
from schemas import example_answers
from webapp.verifying import typed_answers


def preview(session: Session, row: Version) -> Document | None:
    """Return the articles that hold a clause text, or the whole contract of a template.

    None for a text with faults, for the vocabulary, and for a clause that no kind takes.
    """
    if own_problems(row):
        return None
    state = state_with(present_state(session), [row])
    match row:
        case ClauseVersion():
            return _clause(state, row)
        case TemplateVersion():
            known = set(state.bank.clauses)
            if not known.issuperset(state.templates[row.kind].clause_ids()):
                return None
            return _example(state, row.kind, Stance.NEUTRAL)
    return None


def _clause(state: State, row: ClauseVersion) -> Document | None:
    holding = (kind for kind, t in state.templates.items() if row.clause_id in t.clause_ids())
    kind = next(holding, None)
    if kind is None or row.clause_id not in state.bank.clauses:
        return None
    document = _example(state, kind, Stance(row.stance))
    parts = tuple(replace(p, articles=_only(p.articles, row.clause_id)) for p in document.parts)
    attachments = tuple(replace(a, articles=_only(a.articles, row.clause_id)) for a in document.attachments)
    return replace(
        document,
        parts=tuple(part for part in parts if part.articles),
        attachments=tuple(attachment for attachment in attachments if attachment.articles),
    )


def _example(state: State, kind: str, stance: Stance) -> Document:
    template, stances = state.templates[kind], Stances(stance)
    raw = example_answers(template, state.bank, stances)
    known = {name: value for name, value in raw.items() if name in state.bank.vocabulary.blanks}
    return assemble(template, typed_answers(known, state.bank.vocabulary), state.bank, stances)


def _only(articles: tuple[Article, ...], clause_id: str) -> tuple[Article, ...]:
    """Return the articles that hold a clause, with nothing else in them."""
    kept = (replace(a, sections=tuple(s for s in a.sections if s.clause == clause_id)) for a in articles)
    return tuple(article for article in kept if article.sections)
