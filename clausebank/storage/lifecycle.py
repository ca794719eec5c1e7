"""The life of a version: draft, review, approval or return, retirement; each step on the audit trail."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from clausebank.document import Stance
from clausebank.errors import BankError
from clausebank.findings import Finding, errors
from clausebank.storage.audit import record
from clausebank.storage.bank import load_stored_templates
from clausebank.storage.columns import now
from clausebank.storage.errors import Conflict, Outdated, Refusal
from clausebank.storage.impact import citing, kinds_taking
from clausebank.storage.models import ClauseRow, ClauseVersion, Status
from clausebank.storage.review import draft_findings, own_problems, present_state
from clausebank.storage.search import drop_entry, index_versions
from clausebank.storage.versions import (
    Series,
    Version,
    clause_series,
    find_version,
    history,
    make_version,
    name_of,
    newest_approved,
    parse_name,
    select_versions,
    series_of,
    shell_series,
    template_series,
    text_of,
    write_text,
)

Check = Callable[[Session, Sequence[Version]], list[Finding]]
LONGEST_NAME = 100
WHOLE = ("template/", "shell/")


def start_draft(
    session: Session,
    series: Series,
    actor: str,
    *,
    text: str | None = None,
    origin: Version | None = None,
    head: Mapping[str, Any] | None = None,
    note: str = "",
) -> Version:
    """Begin a draft from an older version or from a text of one's own."""
    who = known_actor(actor)
    first = text if text is not None else text_of(origin) if origin else ""
    _need_clause(session, series, head)
    row = make_version(
        session,
        series,
        first,
        author=who,
        editors=[who],
        note=note.strip(),
        origin=name_of(origin) if origin else "",
    )
    if isinstance(row, ClauseVersion) and head is not None:
        row.head = dict(head)
    session.flush()
    index_versions(session)
    record(session, "draft", name_of(row), {"origin": row.origin, "sha256": row.sha256}, who)
    return row


def save_draft(
    session: Session,
    name: str,
    actor: str,
    revision: int,
    text: str,
    note: str | None = None,
    *,
    seen: int | None = None,
    head: Mapping[str, Any] | None = None,
) -> Version:
    """Save a draft; Conflict when somebody saved it since ``revision``.

    ``seen`` is the approved version the author has compared with and takes as the new base.
    """
    row, who = _open_row(session, name, Status.DRAFT), known_actor(actor)
    if row.revision != revision:
        raise Conflict(name, text, text_of(row), row.editors[-1] if row.editors else row.author)
    write_text(row, text)
    if note is not None:
        row.note = note.strip()
    if head is not None and isinstance(row, ClauseVersion):
        row.head = dict(head)
    if seen is not None:
        row.base = seen
    row.revision += 1
    row.editors = [*(editor for editor in row.editors if editor != who), who]
    _index_again(session, row)
    record(session, "save", name, {"revision": row.revision, "sha256": row.sha256}, who)
    return row


def submit(
    session: Session, names: Sequence[str], actor: str, check: Check = draft_findings
) -> list[Version]:
    """Hand drafts to a reviewer; BankError when they would break the bank."""
    who = known_actor(actor)
    rows = [_open_row(session, name, Status.DRAFT) for name in names]
    _need_ready(session, rows, check)
    for row in rows:
        row.status, row.submitted_at, row.comment = Status.IN_REVIEW.value, now(), ""
        record(session, "submit", name_of(row), {"sha256": row.sha256}, who)
    return rows


def approve(
    session: Session, names: Sequence[str], reviewer: str, check: Check = draft_findings
) -> list[Version]:
    """Put reviewed versions into force together; never by one who wrote on them."""
    who = known_actor(reviewer)
    rows = [_open_row(session, name, Status.IN_REVIEW) for name in names]
    for row in rows:
        _need_other(row, who)
    _need_ready(session, rows, check)
    for row in rows:
        _take_last_number(session, row)
        if isinstance(row, ClauseVersion) and row.head is not None:
            row.clause.head = dict(row.head)
        row.reviewer, row.decided_at = who, now()
        row.status = Status.APPROVED.value
        session.flush()
        record(session, "approve", name_of(row), {"sha256": row.sha256, "note": row.note}, who)
    return rows


def send_back(session: Session, name: str, reviewer: str, comment: str) -> Version:
    """Return a version to its author, saying what to mend."""
    row, who = _open_row(session, name, Status.IN_REVIEW), known_actor(reviewer)
    _need_other(row, who)
    if not comment.strip():
        raise Refusal(name, "请写明退回的理由", "say why it is returned")
    row.status, row.reviewer, row.comment = Status.DRAFT.value, who, comment.strip()
    row.revision += 1
    record(session, "return", name, {"comment": row.comment}, who)
    return row


def discard(session: Session, name: str, actor: str) -> Version:
    """Give up a draft; it stays in the history, retired."""
    row = _open_row(session, name, Status.DRAFT, Status.IN_REVIEW)
    row.status = Status.RETIRED.value
    record(session, "discard", name, actor=known_actor(actor))
    return row


def retire(session: Session, target: str, actor: str, note: str, replacement: str = "") -> list[Version]:
    """Take a clause, one of its one-sided texts (``id@stance``), a template or a Word shell out of force.

    ``replacement`` names the clause, kind or shell to take instead. Refused while something in force uses it.
    """
    who = known_actor(actor)
    if not note.strip():
        raise Refusal(target, "请写明停用的理由", "say why it is retired")
    rows = _retirable(session, target)
    _need_replacement(session, target, replacement)
    _need_unused(session, target)
    for row in rows:
        row.status, row.replacement = Status.RETIRED.value, replacement
        record(session, "retire", name_of(row), {"note": note.strip(), "replacement": replacement}, who)
    session.flush()
    return rows


def known_actor(name: str) -> str:
    """Return the name of a person as it is kept; Refusal when there is none."""
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
        raise Refusal("actor", "请写明姓名（最多100个字符）", "say who acts (100 characters at most)")
    return clean


# --- what a step needs ---------------------------------------------------------------------------


def _open_row(session: Session, name: str, *statuses: Status) -> Version:
    row = find_version(session, name, locked=True)
    if row.status not in statuses:
        wanted = "、".join(STATUS_NAMES[status] for status in statuses)
        zh = f"状态是“{STATUS_NAMES[Status(row.status)]}”，这一步需要“{wanted}”"
        raise Refusal(name, zh, f"it is {row.status}; this step needs {' or '.join(statuses)}")
    return row


STATUS_NAMES = {
    Status.DRAFT: "草稿",
    Status.IN_REVIEW: "审核中",
    Status.APPROVED: "已批准",
    Status.RETIRED: "已停用",
}


def _need_clause(session: Session, series: Series, head: Mapping[str, Any] | None) -> None:
    """Make the row of a new clause, which needs a head."""
    if not series.clause or session.get(ClauseRow, series.clause) is not None:
        return
    if head is None:
        zh, en = "没有这个条款；新条款需要标题等文件头", "no such clause; a new one needs a head"
        raise Refusal(str(series), zh, en)
    session.add(ClauseRow(id=series.clause, topic=series.clause.split(".", 1)[0], head=dict(head)))
    session.flush()


def _need_ready(session: Session, rows: Sequence[Version], check: Check) -> None:
    """Refuse versions without a note, based on an older text, changing nothing, or with errors."""
    for row in rows:
        name, current = name_of(row), newest_approved(session, series_of(row))
        if not row.note.strip():
            raise Refusal(name, "请填写修改说明", "a change note is needed")
        if current is not None and current.number != row.base:
            raise Outdated(name, row.base, current.number)
        if current is not None and current.sha256 == row.sha256 and not _changes_head(row):
            raise Refusal(name, "与现行版本相同", "it is the same as the version in force")
    wrong = errors([*(p for row in rows for p in own_problems(row)), *check(session, rows)])
    if wrong:
        raise BankError(list(dict.fromkeys(wrong)))


def _changes_head(row: Version) -> bool:
    return isinstance(row, ClauseVersion) and row.head is not None and row.head != row.clause.head


def _need_other(row: Version, who: str) -> None:
    if who in {row.author, *row.editors}:
        zh = "不能审核自己写的版本，请另一个人审核"
        raise Refusal(name_of(row), zh, "nobody reviews what they wrote: another person must")


def _take_last_number(session: Session, row: Version) -> None:
    """Give a version the highest number of its series when an approved one has a higher."""
    series = series_of(row)
    current = newest_approved(session, series)
    if current is not None and current.number > row.number:
        row.number = max(held.number for held in session.scalars(select_versions(series))) + 1


def _index_again(session: Session, row: Version) -> None:
    session.flush()
    if isinstance(row, ClauseVersion):
        drop_entry(session, row.id)
        index_versions(session)


# --- retirement ----------------------------------------------------------------------------------


def _retirable(session: Session, target: str) -> list[Version]:
    """Return the approved versions a target names."""
    if target.startswith(WHOLE):
        found = history(session, parse_name(target)[0])
    else:
        clause_id, _, stance = target.partition("@")
        every = stance in {"", "neutral"}
        found = [
            row
            for one in Stance
            if every or one == stance
            for row in session.scalars(select_versions(clause_series(clause_id, one.value)))
        ]
    rows = [row for row in found if row.status == Status.APPROVED]
    if not rows:
        raise Refusal(target, "没有现行的版本", "nothing of that name is in force")
    return rows


def _need_replacement(session: Session, target: str, replacement: str) -> None:
    """Refuse a replacement that is not in force, or is what it replaces."""
    if not replacement:
        return
    series = _series_like(target, replacement)
    if replacement == target or newest_approved(session, series) is None:
        zh = f"替代的“{replacement}”不是现行的"
        raise Refusal(target, zh, f"its replacement '{replacement}' is not in force")


def _series_like(target: str, name: str) -> Series:
    """Return the series of a name given without its prefix, of the sort the target is."""
    if target.startswith("template/"):
        return template_series(name.removeprefix("template/"))
    if target.startswith("shell/"):
        return shell_series(name.removeprefix("shell/"))
    return clause_series(name, "neutral")


def _need_unused(session: Session, target: str) -> None:
    """Refuse to retire a clause that templates or other clauses still use."""
    clause_id, _, stance = target.partition("@")
    if target.startswith("template/") or stance not in {"", "neutral"}:
        return
    if target.startswith("shell/"):
        templates = load_stored_templates(session).values()
        _need_no_kind(target, (t.kind for t in templates if f"shell/{t.shell}" == target))
        return
    state = present_state(session)
    _need_no_kind(target, kinds_taking(state.templates, clause_id))
    others = citing(state.bank, clause_id)
    if others:
        raise Refusal(
            target, f"条款还在引用：{'、'.join(others)}", f"still cited by clauses: {', '.join(others)}"
        )


def _need_no_kind(target: str, kinds: Iterable[str]) -> None:
    if used := list(kinds):
        raise Refusal(
            target, f"合同类型还在使用：{'、'.join(used)}", f"still used by kinds: {', '.join(used)}"
        )
