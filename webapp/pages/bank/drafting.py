"""Drafts: begun from any version, checked and shown while typed, submitted, approved or returned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from clausebank.bank.load import parse_front, write_front
from clausebank.errors import BankError
from clausebank.findings import Finding, Level
from clausebank.people import Action
from clausebank.render.html import render_html
from clausebank.storage import lifecycle
from clausebank.storage.bank import clause_head, make_clause
from clausebank.storage.errors import Conflict, Outdated, Refusal
from clausebank.storage.models import ClauseVersion, ShellVersion
from clausebank.storage.versions import (
    OPEN,
    Version,
    find_version,
    name_of,
    newest_approved,
    parse_name,
    series_of,
    text_of,
    write_text,
)
from webapp.access import demand, needs
from webapp.clausepreview import preview
from webapp.current import refresh, workspace
from webapp.i18n import chosen_language
from webapp.pages.bank.shared import UNPROCESSABLE, bp, known, page, refused, take
from webapp.reviewing import full_findings, text_difference

LONGEST_TEXT = 200_000
CONFLICT = 409


@bp.post("/drafts")
@needs(Action.WRITE)
def begin() -> ResponseReturnValue:
    """Begin a draft from a version, for its own series or another stance of the clause."""
    origin, target = request.form.get("origin", ""), request.form.get("target", "")

    def step(database: Session, who: str) -> Version:
        found = known(lambda: find_version(database, origin))
        series = known(lambda: parse_name(target)[0]) if target else series_of(found)
        return lifecycle.start_draft(database, series, who, origin=found)

    try:
        row = take(step)
    except Refusal as refusal:
        return refused(refusal)
    return redirect(url_for("bank.draft", name=name_of(row)))


@bp.get("/drafts/<path:name>")
@needs(Action.WRITE)
def draft(name: str) -> ResponseReturnValue:
    """Show a draft to edit, or a version under review to decide on."""
    with workspace().database.reading() as database:
        row = known(lambda: find_version(database, name))
    if row.status not in OPEN:
        return redirect(url_for("bank.version", name=name))
    return _draft_page(name)


@bp.post("/check/<path:name>")
@needs(Action.WRITE)
def check(name: str) -> str:
    """Check a text as it is typed, and show it in a contract; nothing is stored."""
    with workspace().database.reading() as database:
        row = _apart(database, name)
        text = request.form.get("text", "")[:LONGEST_TEXT]
        return render_template("bank/_check.html", **_checked(database, row, text, request.form.get("front")))


@bp.post("/drafts/<path:name>")
@needs(Action.WRITE)
def decide(name: str) -> ResponseReturnValue:
    """Take a step with a draft: save, submit, approve, return or discard."""
    form = request.form
    steps: dict[str, Callable[[Session, str], Any]] = {
        "save": lambda database, who: _save(database, name, who),
        "submit": lambda database, who: (
            _save(database, name, who),
            lifecycle.submit(database, [name], who, full_findings),
        ),
        "approve": lambda database, who: lifecycle.approve(database, [name], who, full_findings)[0],
        "return": lambda database, who: lifecycle.send_back(database, name, who, form.get("comment", "")),
        "discard": lambda database, who: lifecycle.discard(database, name, who),
    }
    step = steps.get(form.get("step", "")) or abort(400)
    if form["step"] in {"approve", "return"}:
        demand(Action.REVIEW)
    try:
        done = known(lambda: take(step))
    except Conflict as conflict:
        return _draft_page(name, refusal=conflict, text=conflict.mine), CONFLICT
    except (Refusal, BankError) as refusal:
        return _draft_page(name, refusal=refusal, text=form.get("text")), UNPROCESSABLE
    if form["step"] == "approve":
        refresh()
        return redirect(url_for("bank.versions", name=str(series_of(done))))
    return redirect(url_for("bank.drafts" if form["step"] == "discard" else "bank.draft", name=name))


def _save(database: Session, name: str, who: str) -> Version:
    form = request.form
    row, front, seen = find_version(database, name), form.get("front"), form.get("seen", type=int)
    head = None if front is None else _head(row, front)
    text = text_of(row) if isinstance(row, ShellVersion) else form.get("text", "")[:LONGEST_TEXT]
    return lifecycle.save_draft(
        database,
        name,
        who,
        form.get("revision", 0, type=int),
        text,
        form.get("note", ""),
        seen=seen,
        head=head,
    )


def _head(row: Version, front: str) -> dict[str, Any] | None:
    """Return the head an author wrote for a clause, None where it is the one in force; BankError with its faults."""
    if not isinstance(row, ClauseVersion):
        return None
    clause, findings = parse_front(front[:LONGEST_TEXT], name_of(row))
    if clause is not None and clause.id != row.clause_id:
        zh, en = f"id 应为 {row.clause_id}", f"id must be {row.clause_id}"
        findings = [Finding("bank", Level.ERROR, zh, en, name_of(row))]
    if clause is None or findings:
        raise BankError(findings)
    head = clause_head(clause)
    return head if row.head is not None or head != row.clause.head else None


def _front(row: Version) -> str:
    """Return the head of a clause as its file shows it; empty for other texts."""
    if not isinstance(row, ClauseVersion):
        return ""
    return write_front(make_clause(row.clause_id, row.head or row.clause.head, {}))


def _draft_page(name: str, refusal: Refusal | BankError | None = None, text: str | None = None) -> str:
    with workspace().database.reading() as database:
        row = _apart(database, name)
        current = newest_approved(database, series_of(row))
        stored, front = text_of(row), request.form.get("front", _front(row))
        lines = [] if isinstance(row, ShellVersion) else text_difference(*_sides(row, current))
        checked = _checked(database, row, stored if text is None else text, request.form.get("front"))
    return page(
        "draft.html", row=row, name=name_of(row), text=stored if text is None else text, stored=stored,
        current=current, series=str(series_of(row)), refusal=refusal, conflict=isinstance(refusal, Conflict),
        outdated=isinstance(refusal, Outdated) or (current is not None and current.number != row.base),
        lines=lines,
        theirs=text_difference(stored, text or ""), note=request.form.get("note", row.note),
        comment=request.form.get("comment", ""), front=front, shell=isinstance(row, ShellVersion), **checked,
    )  # fmt: skip


def _sides(row: Version, current: Version | None) -> tuple[str, str]:
    """Return the text in force and that of a draft, with the heads of their clause where these differ."""
    old, new = text_of(current) if current else "", text_of(row)
    if isinstance(row, ClauseVersion) and row.head is not None and row.head != row.clause.head:
        before = write_front(make_clause(row.clause_id, row.clause.head, {}))
        return f"{before}---\n{old}", f"{_front(row)}---\n{new}"
    return old, new


def _apart(database: Session, name: str) -> Version:
    """Return a version that can be changed without changing what is stored."""
    row = known(lambda: find_version(database, name))
    if isinstance(row, ClauseVersion):
        database.refresh(row, ["clause"])
    database.expunge(row)
    return row


def _checked(database: Session, row: Version, text: str, front: str | None) -> dict[str, Any]:
    """Return the findings on a text and what it looks like; the row is not one of the session's."""
    if isinstance(row, ShellVersion):
        return {"findings": [], "paper": ""}
    try:
        write_text(row, text)
        if front is not None and isinstance(row, ClauseVersion):
            row.head = _head(row, front) or row.head
    except BankError as error:
        return {"findings": error.findings, "paper": ""}
    except Refusal as refusal:
        found = [Finding("bank", Level.ERROR, refusal.zh, refusal.en, refusal.place)]
        return {"findings": found, "paper": ""}
    document = preview(database, row)
    paper = render_html(document, language=chosen_language()) if document else ""
    return {"findings": full_findings(database, [row]), "paper": paper}
