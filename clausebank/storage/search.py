"""Search over clause versions and contracts: the same hits on SQLite and on PostgreSQL.

A contract is found by its own facts and by the texts of the clause versions it holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    column,
    delete,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from clausebank.bank.language import BlankMark, RoleMark, all_marks
from clausebank.bank.reader import parse
from clausebank.document import Definition, Text, Use
from clausebank.storage.compositions import holding_versions
from clausebank.storage.database import on_postgresql
from clausebank.storage.grams import (
    LONGEST_WORD,
    STRETCH,
    beginnings,
    normal,
    phrase,
    prefix,
    rows,
    stretches,
    words,
)
from clausebank.storage.models import (
    ClauseRow,
    ClauseVersion,
    Contract,
    SearchEntry,
    Status,
    TemplateVersion,
)
from clausebank.storage.visible import select_contracts
from clausebank.templates import parse_template

ROWS = 1000  # rows of the index an entry can have
GRAMS = table("search_gram", column("id"), column("grams"))
OF_ENTRY: ColumnElement[int] = literal_column(f"search_gram.id / {ROWS}", BigInteger)
"""The entry a row of the index belongs to, written as the index of the database has it."""

RARE = 10_000
"""A word that no more entries hold is rare."""
NEWEST, OFTEN = 200, 25
"""Of a word in OFTEN of the NEWEST rows of the index, PostgreSQL takes them for a sample of all."""
MOST = 1000
"""So many contracts are counted, and no more."""
AROUND = 24
ROLE_NAMES = {"client": "委托方", "provider": "服务方", "third_party": "第三方"}


class What(StrEnum):
    """What is searched."""

    CLAUSE = "clause"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must be; what is left empty does not matter."""

    topic: str = ""
    stance: str = ""
    status: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause version or a contract, with the stretch of text around the word."""

    what: What
    name: str
    title: Mapping[str, str]
    status: str
    at: datetime
    snippet: str


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits, and how many there are in all; ``more`` tells that there are more than were counted."""

    total: int
    hits: tuple[Hit, ...]
    more: bool = False


def search(
    session: Session,
    query: str,
    what: What = What.CLAUSE,
    filters: Filters | None = None,
    *,
    offset: int = 0,
    limit: int = 50,
) -> Hits:
    """Find what holds every word of a query; without words, what the filters let through."""
    asked, wanted = words(query)[:20], filters or Filters()
    find = _clauses if what is What.CLAUSE else _contracts
    return find(session, [word[:LONGEST_WORD] for word in asked], wanted, offset, limit)


# --- making the index ----------------------------------------------------------------------------


def index_versions(session: Session) -> None:
    """Index every clause version that is not indexed yet."""
    missing = ~exists().where(SearchEntry.clause_version_id == ClauseVersion.id)
    query = select(ClauseVersion, ClauseRow.head).join(ClauseVersion.clause).where(missing)
    for version, head in session.execute(query.order_by(ClauseVersion.id)).all():
        title = (version.head or head).get("title", {})
        lines = (version.clause_id, *title.values(), *visible_lines(version.text))
        _add(session, SearchEntry(clause_version_id=version.id, text="\n".join(lines)))


def index_contracts(session: Session) -> None:
    """Index every contract that is not indexed yet."""
    missing = ~exists().where(SearchEntry.contract_id == Contract.id)
    found = session.scalars(select(Contract).where(missing).execution_options(yield_per=ROWS))
    for contract in found:
        index_contract(session, contract)


def index_contract(session: Session, contract: Contract) -> None:
    """Index a new contract: its number, its title and every text of its answers."""
    lines = (contract.number, contract.title, *_strings(contract.answers))
    _add(session, SearchEntry(contract_id=contract.id, text="\n".join(line for line in lines if line)))


def drop_entry(session: Session, version_id: int) -> None:
    """Take a clause version out of the index."""
    session.execute(delete(SearchEntry).where(SearchEntry.clause_version_id == version_id))


def visible_lines(clause_text: str) -> Iterator[str]:
    """Yield what a reader of a clause text sees, a line a paragraph; blanks part the lines."""
    tree, problems = parse(clause_text)
    if problems:
        yield from clause_text.splitlines()
        return
    number, line = 0, ""
    for at, mark in all_marks(tree):
        if at != number and line:
            yield line
            line = ""
        number = at
        match mark:
            case Text() | Definition() | Use():
                line += mark.text
            case RoleMark():
                line += ROLE_NAMES.get(mark.role, "")
            case BlankMark():
                yield f"{line}\n{mark.name}"
                line = ""
            case _:
                line += "\n"
    yield line


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for below in value.values():
                yield from _strings(below)
        case list():
            for below in value:
                yield from _strings(below)


def _add(session: Session, entry: SearchEntry) -> None:
    session.add(entry)
    session.flush()
    found = list(gram_rows(entry.id, entry.text, session.get_bind().dialect.name))
    if found:
        session.execute(text(INSERT[session.get_bind().dialect.name]), found)


INSERT = {
    "sqlite": "INSERT INTO search_gram (rowid, grams) VALUES (:id, :grams)",
    "postgresql": "INSERT INTO search_gram (id, grams) VALUES (:id, array_to_tsvector(CAST(:grams AS text[])))",
}


def gram_rows(entry: int, held: str, database: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of the index for the text of an entry, as the statement in INSERT takes them."""
    cut = stretches if database == "postgresql" else rows
    for number, grams in zip(range(ROWS), cut(held), strict=False):
        yield {"id": entry * ROWS + number, "grams": grams}


# --- asking the index ----------------------------------------------------------------------------


_APART = 0
"""An offset keeps PostgreSQL from finding all that hold a word first, which takes minutes."""


def holding(session: Session, word: str, name: str) -> ColumnElement[bool]:
    """Return the condition that an entry holds a word, asked of one entry after another on PostgreSQL."""
    look_up, asked = _look_up(session, word, name)
    if on_postgresql(session):
        held = text(f"search_gram.grams @@ CAST(:{name} AS tsquery)").bindparams(bindparam(name, asked))
        own = select(GRAMS.c.id).where(SearchEntry.id.cast(BigInteger) == OF_ENTRY, held)
        return and_(own.offset(_APART).exists(), *_side_by_side(session, word))
    found = text(look_up).bindparams(bindparam(name, asked)).columns(SearchEntry.id)
    return SearchEntry.id.in_(found)


def _look_up(session: Session, word: str, name: str) -> tuple[str, str]:
    """Return the statement that gives the entries with a word, and what its parameter says."""
    if on_postgresql(session):
        pieces = (piece.replace("\\", "\\\\").replace("'", "''") for piece in beginnings(word))
        asked = " & ".join(f"'{piece}':*" for piece in pieces)
        return f"SELECT id / {ROWS} FROM search_gram WHERE grams @@ CAST(:{name} AS tsquery)", asked  # noqa: S608
    asked = f'"{" ".join(phrase(word))}"' if len(word) > 1 else f"{prefix(word)}*"
    return f"SELECT rowid / {ROWS} FROM search_gram WHERE search_gram MATCH :{name}", asked  # noqa: S608


def _side_by_side(session: Session, word: str) -> list[ColumnElement[bool]]:
    """Return the condition that the pieces PostgreSQL looks up a long word by make up the word."""
    if not on_postgresql(session) or len(word) <= STRETCH:
        return []
    return [func.strpos(_folded_text(), word) > 0]


def _folded_text() -> Any:
    """Return the text of an entry as words are compared (``normal``), computed by PostgreSQL."""
    folded = func.lower(func.normalize(SearchEntry.text, literal_column("NFKC")))
    return func.replace(func.replace(folded, "ß", "ss"), "ς", "σ")


def with_word(session: Session, word: str, name: str) -> ColumnElement[bool]:
    """Return the condition that a contract holds a word in its own facts.

    The contracts with a rare word are named at once; for a common one the walk through the register
    asks of each contract whether it is among those that hold it, and soon has a page together.
    """
    entry = SearchEntry
    rare = _holding_rarely(session, word, name)
    if rare is not None:
        named = select(entry.contract_id).where(_among(session, rare), *_side_by_side(session, word))
        return _named(session, named.where(entry.contract_id.is_not(None)))
    own = select(entry.id).where(entry.contract_id == Contract.id, holding(session, word, name))
    return (own.offset(_APART) if on_postgresql(session) else own).exists()


def _holding_rarely(session: Session, word: str, name: str) -> set[int] | None:
    """Return the entries that hold a word; None for a common one."""
    look_up, asked = _look_up(session, word, name)
    if not on_postgresql(session):
        found = session.scalars(text(f"{look_up} LIMIT {RARE + 1}"), {name: asked}).all()
        return set(found) if len(found) <= RARE else None
    sampled, last = session.execute(text(_NEWEST_WITH), {"word": asked}).one()
    if sampled >= OFTEN and sampled * last > RARE * NEWEST * ROWS:
        return None
    # Reading row after row looks cheap to the planner, but the grams of each row are stored apart.
    session.execute(text("SET LOCAL enable_seqscan = off"))
    found = session.scalars(text(f"{look_up} LIMIT {RARE + 1}"), {name: asked}).all()
    session.execute(text("SET LOCAL enable_seqscan = DEFAULT"))
    return set(found) if len(found) <= RARE else None


_NEWEST_WITH = (
    "SELECT count(*) FILTER (WHERE grams @@ CAST(:word AS tsquery)), max(id) "  # noqa: S608 (ours)
    f"FROM (SELECT id, grams FROM search_gram ORDER BY id DESC LIMIT {NEWEST}) AS newest"
)


def _among(session: Session, entries: set[int]) -> ColumnElement[bool]:
    """Return the condition that an entry is one of these, which are a single value of the statement."""
    if on_postgresql(session):
        return SearchEntry.id == any_(cast(sorted(entries), ARRAY(Integer)))
    return SearchEntry.id.in_(
        select(func.json_each(json.dumps(sorted(entries))).table_valued("value").c.value)
    )


def _named(session: Session, query: Select[*tuple[UUID | None]]) -> ColumnElement[bool]:
    """Return the condition that a contract is one of these, which PostgreSQL is told: it plans badly for a query."""
    if not on_postgresql(session):
        return Contract.id.in_(query)
    ids = session.scalars(query).all()
    return Contract.id == any_(cast(ids, ARRAY(Uuid))) if ids else false()


def _clauses(session: Session, asked: list[str], wanted: Filters, offset: int, limit: int) -> Hits:
    version = ClauseVersion
    rules = [holding(session, word, f"w{i}") for i, word in enumerate(asked)]
    query = (
        select(version, ClauseRow.head, SearchEntry.text)
        .join(version.clause)
        .join(SearchEntry, SearchEntry.clause_version_id == version.id)
        .where(
            SearchEntry.clause_version_id.is_not(None),
            *rules,
            *_version_rules(wanted),
            *_kind_rules(session, wanted.kind),
        )
    )
    if wanted.since:
        query = query.where(version.created_at >= wanted.since)
    if wanted.until:
        query = query.where(version.created_at < wanted.until)
    total = _count(session, query)
    page = query.order_by(version.clause_id, version.stance, version.number.desc())
    found = session.execute(page.offset(offset).limit(limit))
    return Hits(total, tuple(_clause_hit(v, head, text_, asked) for v, head, text_ in found))


def _contracts(session: Session, asked: list[str], wanted: Filters, offset: int, limit: int) -> Hits:
    """Find contracts that hold each word in their own facts or in a clause they hold.

    The ids of a page come out of indexes; only those rows, which are wide, are read.
    """
    found = select_contracts(Contract.id).where(*_contract_rules(session, asked, wanted))
    newest = (Contract.created_at.desc(), Contract.id)
    ids = session.scalars(found.order_by(*newest).offset(offset).limit(limit)).all()
    rows = (
        select(Contract, SearchEntry.text)
        .join(SearchEntry, SearchEntry.contract_id == Contract.id)
        .where(Contract.id.in_(ids))
        .order_by(*newest)
    )
    hits = tuple(_contract_hit(contract, text_, asked) for contract, text_ in session.execute(rows))
    total = _count(session, found.limit(MOST + 1))
    return Hits(min(total, MOST), hits, total > MOST)


def _contract_rules(session: Session, asked: list[str], wanted: Filters) -> Iterator[ColumnElement[bool]]:
    for i, word in enumerate(asked):
        yield _contract_with(session, word, i)
    version_rules = _version_rules(wanted)
    if version_rules:
        yield holding_versions(
            session, select(ClauseVersion.id).join(ClauseVersion.clause).where(*version_rules)
        )
    if wanted.kind:
        yield Contract.kind == wanted.kind
    if wanted.since:
        yield Contract.created_at >= wanted.since
    if wanted.until:
        yield Contract.created_at < wanted.until


def _contract_with(session: Session, word: str, number: int) -> ColumnElement[bool]:
    """Return the condition that a contract holds a word in its own facts or in a clause."""
    version = SearchEntry.clause_version_id
    in_clauses = select(version).where(version.is_not(None), holding(session, word, f"c{number}"))
    own = with_word(session, word, f"w{number}")
    if not on_postgresql(session):
        # Looks into the clauses only where a contract does not hold the word itself.
        return or_(own, holding_versions(session, in_clauses))
    versions = [id_ for id_ in session.scalars(in_clauses) if id_ is not None]
    return or_(own, holding_versions(session, versions)) if versions else own


def _version_rules(wanted: Filters) -> list[ColumnElement[bool]]:
    rules = []
    if wanted.topic:
        rules.append(ClauseRow.topic == wanted.topic)
    if wanted.stance:
        rules.append(ClauseVersion.stance == wanted.stance)
    if wanted.status == "current":
        rules.append(_in_force())
    elif wanted.status:
        rules.append(ClauseVersion.status == wanted.status)
    return rules


def _in_force() -> ColumnElement[bool]:
    """Return the condition that a version is the newest approved one."""
    version, other = ClauseVersion, ClauseVersion.__table__.alias("newer")
    newer = and_(
        other.c.clause_id == version.clause_id,
        other.c.stance == version.stance,
        other.c.status == Status.APPROVED.value,
        other.c.number > version.number,
    )
    return and_(version.status == Status.APPROVED.value, ~exists().where(newer))


def _kind_rules(session: Session, kind: str) -> list[ColumnElement[bool]]:
    """Return the condition that a clause is in the template of a kind."""
    if not kind:
        return []
    approved = (TemplateVersion.kind == kind, TemplateVersion.status == Status.APPROVED.value)
    newest = select(TemplateVersion.source).where(*approved).order_by(TemplateVersion.number.desc())
    template = parse_template(session.scalar(newest.limit(1)) or "", kind)[0]
    return [ClauseVersion.clause_id.in_(template.clause_ids() if template else ())]


def _count(session: Session, query: Select[*tuple[object, ...]]) -> int:
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def _clause_hit(
    version: ClauseVersion, head: Mapping[str, Mapping[str, str]], found: str, asked: list[str]
) -> Hit:
    name = f"{version.clause_id}@{version.stance}:{version.number}"
    title = (version.head or head).get("title", {})
    return Hit(What.CLAUSE, name, title, version.status, version.created_at, snippet(found, asked))


def _contract_hit(contract: Contract, found: str, asked: list[str]) -> Hit:
    title = {"zh": f"{contract.number} {contract.title}".strip()}
    title["en"] = title["zh"]
    return Hit(
        What.CONTRACT, str(contract.id), title, contract.state, contract.created_at, snippet(found, asked)
    )


def snippet(found: str, asked: list[str]) -> str:
    """Return the text around the first word that stands in it; empty when none does."""
    flat = " ".join(found.split("\n"))
    place = normal(flat)
    for word in asked:
        at = place.find(word)
        if at >= 0:
            start, end = max(at - AROUND, 0), at + len(word) + AROUND
            return f"{'…' if start else ''}{flat[start:end]}{'…' if end < len(flat) else ''}"
    return ""
