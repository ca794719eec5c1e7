"""The bank in the database: loading texts into it, and reading the bank back out of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, selectinload

from clausebank.bank.load import make_variant
from clausebank.bank.model import Bank, Bilingual, Clause, Variant
from clausebank.bank.vocabulary_files import FILES, make_vocabulary, vocabulary_json
from clausebank.document import Stance
from clausebank.memo import Lazy
from clausebank.storage.audit import record
from clausebank.storage.columns import now
from clausebank.storage.library import Library
from clausebank.storage.models import (
    SHIPPED,
    ClauseRow,
    ClauseVersion,
    Status,
    TemplateVersion,
    VocabularyVersion,
)
from clausebank.storage.search import index_versions
from clausebank.storage.versions import (
    VOCABULARY,
    Series,
    Version,
    clause_series,
    make_version,
    name_of,
    newest_approved,
    template_series,
    vocabulary_text,
)
from clausebank.templates import Template, parse_template

LIVE = {Status.APPROVED}
OFFER = "随附文本的新版本 · New shipped wording"


# --- into the database ---------------------------------------------------------------------------


def load_shipped(session: Session, library: Library) -> int:
    """Bring the bank to the shipped texts; where the organisation has its own, offer them as drafts.

    Returns how many versions came into force; nothing changes when nothing is new.
    """
    own_templates = [row for row in _newest_templates(session).values() if row.author != SHIPPED]
    rows = _clause_rows(session)
    untouched = {clause_id for clause_id, row in rows.items() if not _is_edited(row)}
    count = 0
    for clause in library.bank.clauses.values():
        if clause.id not in rows or clause.id in untouched:
            count += _store_clause(session, rows.get(clause.id), clause)
    for clause_id in untouched - library.bank.clauses.keys():
        if not any(clause_id in row.source for row in own_templates):
            _retire(rows[clause_id].versions)
    count += _store_vocabulary(session, library.vocabulary)
    count += _store_templates(session, library.templates.values())
    session.flush()
    offered = [
        *_offer_clauses(
            session, (c for c in library.bank.clauses.values() if c.id in rows.keys() - untouched)
        ),
        *_offer_templates(session, library.templates.values()),
    ]
    _finish(session, count, offered)
    return count


def _finish(session: Session, count: int, offered: list[Version]) -> None:
    """Make what was loaded searchable, and note the load on the audit trail."""
    session.flush()
    index_versions(session)
    if count or offered:
        drafts = [name_of(row) for row in offered]
        record(session, "load shipped", "bank", {"versions": count, "drafts": drafts}, SHIPPED)


def _offer_clauses(session: Session, clauses: Iterable[Clause]) -> Iterator[Version]:
    """Draft the shipped texts of edited clauses that were never offered before."""
    for clause in clauses:
        for variant in clause.variants.values():
            series = clause_series(clause.id, variant.stance.value)
            if _is_new(session, series, variant.sha256):
                draft = _offer(session, series, variant.text)
                if isinstance(draft, ClauseVersion):
                    draft.head = clause_head(clause)
                yield draft


def _offer_templates(session: Session, templates: Iterable[Template]) -> Iterator[Version]:
    for template in templates:
        series = template_series(template.kind)
        if _is_new(session, series, template.sha256):
            yield _offer(session, series, template.source)


def _is_new(session: Session, series: Series, sha256: str) -> bool:
    """Tell whether a shipped text differs from the one in force and was never in the series."""
    table = series.table
    held = select(table.id).where(series.rows(), table.sha256 == sha256, table.author == SHIPPED)
    current = newest_approved(session, series)
    return (current is None or current.sha256 != sha256) and session.scalar(held.limit(1)) is None


def _offer(session: Session, series: Series, text: str) -> Version:
    return make_version(session, series, text, author=SHIPPED, editors=[SHIPPED], note=OFFER)


def _clause_rows(session: Session) -> dict[str, ClauseRow]:
    query = select(ClauseRow).options(selectinload(ClauseRow.versions))
    return {row.id: row for row in session.scalars(query)}


def _is_edited(row: ClauseRow) -> bool:
    """Tell whether the organisation made or changed a clause."""
    own = any(v.author != SHIPPED and v.decided_at for v in row.versions)
    return own or row.shipped_head != _digest(row.head)


def _store_clause(session: Session, row: ClauseRow | None, clause: Clause) -> int:
    """Store the shipped head and texts of a clause that are new; return how many texts were."""
    head = clause_head(clause)
    if row is None:
        row = ClauseRow(id=clause.id, topic=clause.topic, head=head, shipped_head="")
        session.add(row)
    if row.head != head:
        row.head, row.topic = head, clause.topic
    row.shipped_head = _digest(head)
    _retire(v for v in row.versions if v.stance not in clause.variants)
    fresh = [variant for variant in clause.variants.values() if not _holds(row, variant)]
    row.versions += [_version(row, variant) for variant in fresh]
    return len(fresh)


def _holds(row: ClauseRow, variant: Variant) -> bool:
    """Tell whether a variant's newest approved version already has this text."""
    live = [v for v in row.versions if v.stance == variant.stance and v.status in LIVE]
    return bool(live) and max(live, key=lambda v: v.number).sha256 == variant.sha256


def _version(row: ClauseRow, variant: Variant) -> ClauseVersion:
    taken = [v.number for v in row.versions if v.stance == variant.stance]
    return ClauseVersion(
        stance=variant.stance.value,
        number=max(taken, default=0) + 1,
        text=variant.text,
        sha256=variant.sha256,
        status=Status.APPROVED.value,
        author=SHIPPED,
        editors=[SHIPPED],
        decided_at=now(),
    )


def _retire(versions: Iterable[ClauseVersion]) -> None:
    for version in versions:
        if version.status in LIVE:
            version.status = Status.RETIRED.value


def _store_vocabulary(session: Session, content: Mapping[str, Any]) -> int:
    """Store a shipped vocabulary that is new, merged below an organisation's own."""
    newest, author = _newest_vocabulary(session), SHIPPED
    if newest and newest.author != SHIPPED:
        content, author = _merged(newest.content, content), newest.author
    sha256 = _sha256(vocabulary_json(content))
    if newest and newest.sha256 == sha256:
        return 0
    row = make_version(session, VOCABULARY, vocabulary_text(content), author=author, editors=[author])
    _put_into_force(row)
    return 1


def _put_into_force(row: Version) -> None:
    row.status, row.decided_at = Status.APPROVED.value, now()


def _merged(own: Mapping[str, Any], shipped: Mapping[str, Any]) -> dict[str, Any]:
    """Return both vocabularies, own entries before shipped ones of the same name."""
    own_blanks = {name for group in own["blanks"].values() for name in group}
    groups = {**shipped["groups"], **own["groups"]}
    blanks = {
        group: {
            **{n: b for n, b in shipped["blanks"].get(group, {}).items() if n not in own_blanks},
            **own["blanks"].get(group, {}),
        }
        for group in groups
    }
    rest = {name: {**shipped.get(name, {}), **own.get(name, {})} for name in FILES}
    return {"blanks": blanks, **rest}


def _store_templates(session: Session, templates: Iterable[Template]) -> int:
    """Store shipped templates that are new, but for kinds of which the organisation has its own."""
    newest = _newest_templates(session)
    count = 0
    for template in templates:
        row = newest.get(template.kind)
        if row and (row.sha256 == template.sha256 or row.author != SHIPPED):
            continue
        series = template_series(template.kind)
        _put_into_force(make_version(session, series, template.source, author=SHIPPED, editors=[SHIPPED]))
        count += 1
    return count


# --- out of the database -------------------------------------------------------------------------


def bank_stamp(session: Session) -> tuple[object, ...]:
    """Return what changes whenever a text comes into force or goes out of it; cheap to ask for."""
    counts: list[Any] = [select(func.sum(ClauseRow.revision)).scalar_subquery()]
    for version in (ClauseVersion, TemplateVersion, VocabularyVersion):
        approved = version.status == Status.APPROVED.value
        counts += [
            select(count).where(approved).scalar_subquery()
            for count in (func.count(), func.max(version.decided_at))
        ]
    return tuple(session.execute(select(*counts)).one())


def load_stored_bank(session: Session) -> Bank:
    """Return the bank of the newest approved versions; each text is parsed when it is first used."""
    vocabulary = _newest_vocabulary(session)
    if vocabulary is None:
        raise LookupError("no vocabulary was ever loaded")
    variants: dict[str, dict[Stance, Callable[[], Variant]]] = {}
    digests: dict[str, list[str]] = {}
    for clause_id, stance, number, text, sha256 in session.execute(_newest_approved()):
        taken = Stance(stance)
        variants.setdefault(clause_id, {})[taken] = partial(make_variant, taken, text, number)
        digests.setdefault(clause_id, []).append(f"{clause_id} {taken} {sha256}\n")
    heads = session.execute(select(ClauseRow.id, ClauseRow.head).order_by(ClauseRow.id))
    clauses = {
        clause_id: make_clause(clause_id, head, Lazy(variants[clause_id]))
        for clause_id, head in heads
        if Stance.NEUTRAL in variants.get(clause_id, {})
    }
    version = _bank_version(clauses, digests, vocabulary.sha256)
    return Bank(clauses, make_vocabulary(vocabulary.content), version)


def load_stored_library(session: Session) -> Library:
    """Return the bank, the templates and the vocabulary as plain data, for writing files."""
    vocabulary = _newest_vocabulary(session)
    content = vocabulary.content if vocabulary else {}
    return Library(load_stored_bank(session), load_stored_templates(session), content)


def load_stored_templates(session: Session) -> Mapping[str, Template]:
    """Return the newest template of each kind, read when it is used."""
    rows = _newest_templates(session)
    return Lazy({k: partial(_read_template, k, rows[k].number, rows[k].source) for k in sorted(rows)})


def stored_template(row: TemplateVersion) -> Template:
    """Return a stored template as the assembler takes it."""
    return _read_template(row.kind, row.number, row.source)


def _read_template(kind: str, number: int, source: str) -> Template:
    template, findings = parse_template(source, kind)
    if template is None:
        raise LookupError(f"template {kind} {number}: {findings}")
    return template


def clause_head(clause: Clause) -> dict[str, Any]:
    """Return what a clause says beside its texts, as plain data of JSON's types."""
    head: dict[str, Any] = {
        "title": {"zh": clause.title.zh, "en": clause.title.en},
        "basis": [[law, article] for law, article in clause.basis],
        "suggestions": {
            name: {stance.value: value for stance, value in suggested.items()}
            for name, suggested in clause.suggestions.items()
        },
        "notes": {"zh": clause.notes.zh, "en": clause.notes.en} if clause.notes else None,
    }
    if clause.mandatory:
        head["mandatory"] = True
    plain: dict[str, Any] = json.loads(json.dumps(head, default=str))
    return plain


def make_clause(clause_id: str, head: Mapping[str, Any], variants: Mapping[Stance, Variant]) -> Clause:
    """Return a clause from its head and variants."""
    return Clause(
        id=clause_id,
        topic=clause_id.split(".", 1)[0],
        title=Bilingual(**head["title"]),
        basis=tuple((law, article) for law, article in head["basis"]),
        suggestions={
            name: {Stance(stance): value for stance, value in suggested.items()}
            for name, suggested in head["suggestions"].items()
        },
        notes=Bilingual(**head["notes"]) if head["notes"] else None,
        variants=variants,
        mandatory=head.get("mandatory", False),
    )


def _newest_approved() -> Select[str, str, int, str, str]:
    """Select clause, stance, number, text and digest of the newest approved version of every variant."""
    version = ClauseVersion
    newest = (
        select(version.clause_id, version.stance, func.max(version.number).label("number"))
        .where(version.status == Status.APPROVED.value)
        .group_by(version.clause_id, version.stance)
        .subquery()
    )
    same = and_(
        version.clause_id == newest.c.clause_id,
        version.stance == newest.c.stance,
        version.number == newest.c.number,
    )
    columns = select(version.clause_id, version.stance, version.number, version.text, version.sha256)
    return columns.join(newest, same).order_by(version.clause_id, version.stance)


def _newest_vocabulary(session: Session) -> VocabularyVersion | None:
    row = newest_approved(session, VOCABULARY)
    return row if isinstance(row, VocabularyVersion) else None


def _newest_templates(session: Session) -> dict[str, TemplateVersion]:
    approved = select(TemplateVersion).where(TemplateVersion.status == Status.APPROVED.value)
    rows = session.scalars(approved.order_by(TemplateVersion.number))
    return {row.kind: row for row in rows}


def _bank_version(clauses: Mapping[str, Clause], texts: Mapping[str, Iterable[str]], vocabulary: str) -> str:
    """Return the digest of a bank; ``texts`` name the variants of each clause, sorted, with their digests."""
    digest = hashlib.sha256(vocabulary.encode())
    for clause in clauses.values():
        digest.update(json.dumps(clause_head(clause), sort_keys=True).encode())
        digest.update("".join(sorted(texts[clause.id])).encode())
    return digest.hexdigest()


def _digest(head: Mapping[str, Any]) -> str:
    return _sha256(json.dumps(head, ensure_ascii=False, sort_keys=True))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
