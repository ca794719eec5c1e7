"""The register: contracts searched, filtered, sorted and handed out page by page.

Pages are cut by key, not by offset: page 1000 is as quick as page 1. A query first finds the ids of a
page in an index that holds all it compares, and only then fetches those few rows, which are wide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import eq, ge, le, lt
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, load_only

from clausebank.register import Sorting, Wanted
from clausebank.storage.grams import LONGEST_WORD, words
from clausebank.storage.models import Contract
from clausebank.storage.search import with_word
from clausebank.storage.visible import select_contracts

AT_ONCE = 500
MOST_WORDS = 20
WIDE_BRACKETS = (("（", "("), ("）", ")"))


@dataclass(frozen=True, slots=True)
class Page:
    """A page of contracts, and whether there are more on either side."""

    contracts: tuple[Contract, ...]
    more_before: bool
    more_after: bool


def count_contracts(session: Session, wanted: Wanted) -> int | None:
    """Return how many contracts are as wanted; None where a common word would make counting slow."""
    rules = [*_rules(wanted), *_word_rules(session, wanted)]
    if any(isinstance(rule, Exists) for rule in rules):
        return None
    return session.scalar(select_contracts(func.count()).where(*rules)) or 0


def page_of(
    session: Session,
    wanted: Wanted,
    sorting: Sorting,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> Page:
    """Return a page; ``after`` and ``before`` are the contracts it comes right after or ends right before.

    Of each contract only the columns of the register are loaded.
    """
    backwards = after is None and before is not None
    cut = session.get(Contract, after or before, options=[load_only(*SHOWN)]) if after or before else None
    query = _matching(session, wanted, Contract.id)
    ids = _ids(session, query, sorting.turned() if backwards else sorting, cut, limit + 1)
    found, more = ids[:limit], len(ids) > limit
    if backwards:
        return Page(_rows(session, found[::-1]), more, more_after=True)
    return Page(_rows(session, found), cut is not None, more_after=more)


def every_contract(session: Session, wanted: Wanted, sorting: Sorting) -> Iterator[Contract]:
    """Yield all contracts as wanted, no more than a few hundred in memory."""
    after: UUID | None = None
    while True:
        page = page_of(session, wanted, sorting, after=after, limit=AT_ONCE)
        yield from page.contracts
        if not page.more_after:
            return
        after = page.contracts[-1].id
        session.expunge_all()


def neighbours(session: Session, contract: Contract) -> tuple[Contract | None, tuple[Contract, ...]]:
    """Return the contract one renews, and those that renew it, the oldest first."""
    query = select_contracts().options(load_only(*SHOWN))
    before = session.scalar(query.where(Contract.id == contract.predecessor_id))
    after = query.where(Contract.predecessor_id == contract.id)
    return before, tuple(session.scalars(after.order_by(Contract.created_at, Contract.id)))


SHOWN = (
    Contract.id, Contract.kind, Contract.title, Contract.number, Contract.state, Contract.approval,
    Contract.created_at, Contract.client_name, Contract.provider_name, Contract.starts_on, Contract.ends_on, Contract.amount,
    Contract.predecessor_id,
)  # fmt: skip

LIMITS: tuple[tuple[str, Any, Callable[[Any, Any], Any]], ...] = (
    ("kind", Contract.kind, eq),
    ("state", Contract.state, eq),
    ("made_since", Contract.created_at, ge),
    ("made_before", Contract.created_at, lt),
    ("starts_from", Contract.starts_on, ge),
    ("starts_until", Contract.starts_on, le),
    ("ends_from", Contract.ends_on, ge),
    ("ends_until", Contract.ends_on, le),
    ("least", Contract.amount, ge),
    ("most", Contract.amount, le),
)


# --- which contracts -----------------------------------------------------------------------------


def _matching(session: Session, wanted: Wanted, *columns: Any) -> Select[Any]:
    """Select columns of the contracts that are as wanted."""
    return select_contracts(*columns).where(*_rules(wanted), *_word_rules(session, wanted))


def _rules(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    for name, column, compare in LIMITS:
        value = getattr(wanted, name)
        if value not in ("", None):
            yield compare(column, value)


def _word_rules(session: Session, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that the words stand in a contract's own facts, found in the search index."""
    for i, word in enumerate(words(wanted.words)[:MOST_WORDS]):
        yield with_word(session, word[:LONGEST_WORD], f"w{i}")
    for i, word in enumerate(words(wanted.party)[:MOST_WORDS]):
        yield with_word(session, word[:LONGEST_WORD], f"p{i}")
        yield or_(_folded(Contract.client_name, word), _folded(Contract.provider_name, word))


def _folded(name: Any, word: str) -> ColumnElement[bool]:
    """Return the condition that a name holds a word, whatever the case and the width of brackets."""
    for wide, narrow in WIDE_BRACKETS:
        name = func.replace(name, wide, narrow)
    return func.lower(name).contains(word, autoescape=True)


# --- which page ----------------------------------------------------------------------------------


def _ids(
    session: Session, query: Select[Any], sorting: Sorting, cut: Contract | None, limit: int
) -> list[UUID]:
    """Return the ids that follow a contract; those with a value and those without are sorted apart."""
    lots = (sorting.empty_first, not sorting.empty_first) if sorting.order.can_be_empty else (False,)
    here = cut is not None and getattr(cut, sorting.order) is None
    ids: list[UUID] = []
    for empty in lots[1:] if cut is not None and here is not lots[0] else lots:
        page = _ordered(query, sorting, cut if here is empty else None, empty=empty)
        ids += session.scalars(page.limit(limit - len(ids)))
        if len(ids) == limit:
            break
    return ids


def _ordered(query: Select[Any], sorting: Sorting, cut: Contract | None, *, empty: bool) -> Select[Any]:
    column: Any = getattr(Contract, sorting.order)
    keys: Sequence[Any] = (Contract.id,) if empty else (column, Contract.id)
    if sorting.order.can_be_empty:
        query = query.where(column.is_(None) if empty else column.is_not(None))
    if cut is not None:
        here, there = tuple_(*keys), tuple(getattr(cut, key.key) for key in keys)
        query = query.where(here < there if sorting.descending else here > there)
    return query.order_by(*(key.desc() if sorting.descending else key.asc() for key in keys))


def _rows(session: Session, ids: Sequence[UUID]) -> tuple[Contract, ...]:
    query = select(Contract).where(Contract.id.in_(ids)).options(load_only(*SHOWN))
    found = {contract.id: contract for contract in session.scalars(query)}
    return tuple(found[id_] for id_ in ids)
