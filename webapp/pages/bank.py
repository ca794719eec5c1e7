"""The bank: clauses by topic, the texts of one side by side, their history, drafts and their approval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from clausebank.document import Stance
from clausebank.errors import BankError, UnknownName
from clausebank.findings import Finding, Level
from clausebank.people import Action
from clausebank.render.html import render_html
from clausebank.storage import lifecycle
from clausebank.storage.errors import Conflict, Outdated, Refusal
from clausebank.storage.impact import impact_of
from clausebank.storage.models import ClauseVersion, Status
from clausebank.storage.search import Filters, What, search
from clausebank.storage.versions import (
    Version,
    find_version,
    history,
    name_of,
    newest_approved,
    open_versions,
    parse_name,
    series_of,
    text_of,
    write_text,
)
from webapp.access import demand, needs
from webapp.clausepreview import preview
from webapp.current import person, refresh, workspace
from webapp.i18n import chosen_language
from webapp.i18n import gettext as _
from webapp.pages.contracts import shown_time
from webapp.reviewing import SAME, full_findings, text_difference

bp = Blueprint("bank", __name__, url_prefix="/bank")
T = TypeVar("T")
PAGE = 50
LONGEST_TEXT = 200_000
CONFLICT = 409
UNPROCESSABLE = 422


@bp.get("/")
@needs(Action.READ)
def index() -> str:
    """Show the clauses by topic, or what a search finds."""
    bank = workspace().bank
    given = {name: request.args.get(name, "").strip() for name in ("q", "topic", "stance", "status", "kind")}
    hits = None
    if any(given.values()):
        filters = Filters(given["topic"], given["stance"], given["status"], given["kind"])
        start = (max(request.args.get("page", 1, type=int), 1) - 1) * PAGE
        with workspace().database.reading() as database:
            hits = search(database, given["q"], What.CLAUSE, filters, offset=start, limit=PAGE)
    by_topic = {
        topic: [clause for clause in bank.clauses.values() if clause.topic == topic]
        for topic in bank.vocabulary.topics
    }
    return render_template(
        "bank/index.html", given=given, hits=hits, by_topic=by_topic, topics=bank.vocabulary.topics,
        stances=stance_names(), statuses=status_names(), kinds=workspace().templates, moment=shown_time,
    )  # fmt: skip


@bp.get("/clauses/<clause_id>")
@needs(Action.READ)
def clause(clause_id: str) -> str:
    """Show the texts of a clause side by side, and the drafts that wait."""
    found = workspace().bank.clauses.get(clause_id) or abort(404)
    with workspace().database.reading() as database:
        waiting = [row for row in open_versions(database) if name_of(row).startswith(f"{clause_id}@")]
    return render_template(
        "bank/clause.html", clause=found, waiting=waiting, name_of=name_of, stances=stance_names(),
        statuses=status_names(), topic=workspace().bank.vocabulary.topics.get(found.topic), all=list(Stance),
    )  # fmt: skip


@bp.get("/history/<path:name>")
@needs(Action.READ)
def versions(name: str) -> str:
    """List all versions of a text."""
    with workspace().database.reading() as database:
        rows = _known(lambda: history(database, parse_name(name)[0]))
    return render_template(
        "bank/history.html", series=str(series_of(rows[0])), rows=rows, name_of=name_of,
        statuses=status_names(), moment=shown_time,
    )  # fmt: skip


@bp.get("/compare")
@needs(Action.READ)
def compare() -> str:
    """Show how two versions differ, inline or side by side."""
    names = [request.args.get(side, "") for side in ("old", "new")]
    with workspace().database.reading() as database:
        old, new = _known(lambda: [find_version(database, name) for name in names])
    return render_template(
        "bank/compare.html", old=name_of(old), new=name_of(new), same=SAME,
        lines=text_difference(text_of(old), text_of(new)), beside="beside" in request.args,
    )  # fmt: skip


@bp.get("/impact/<path:name>")
@needs(Action.READ)
def impact(name: str) -> str:
    """Show which kinds, clauses and contracts hold a version or use a blank."""
    page = max(request.args.get("page", 1, type=int), 1)
    with workspace().database.reading() as database:
        held = _known(lambda: impact_of(database, name, offset=(page - 1) * PAGE, limit=PAGE))
    return render_template("bank/impact.html", held=held, page=page, older=held.total > page * PAGE)


@bp.get("/drafts")
@needs(Action.WRITE)
def drafts() -> str:
    """List the drafts and what waits for review."""
    with workspace().database.reading() as database:
        rows = open_versions(database)
    return render_template(
        "bank/drafts.html", rows=rows, name_of=name_of, statuses=status_names(), moment=shown_time
    )


@bp.post("/drafts")
@needs(Action.WRITE)
def begin() -> ResponseReturnValue:
    """Begin a draft from a version, for its own series or another stance of the clause."""
    origin, target = request.form.get("origin", ""), request.form.get("target", "")

    def step(database: Session, who: str) -> Version:
        found = _known(lambda: find_version(database, origin))
        series = _known(lambda: parse_name(target)[0]) if target else series_of(found)
        return lifecycle.start_draft(database, series, who, origin=found)

    try:
        row = _take(step)
    except Refusal as refusal:
        return _refused(refusal)
    return redirect(url_for("bank.draft", name=name_of(row)))


@bp.get("/drafts/<path:name>")
@needs(Action.WRITE)
def draft(name: str) -> ResponseReturnValue:
    """Show a draft to edit, or a version under review to decide on."""
    return _draft_page(name)


@bp.post("/check/<path:name>")
@needs(Action.WRITE)
def check(name: str) -> str:
    """Check a text as it is typed, and show it in a contract; nothing is stored."""
    with workspace().database.reading() as database:
        row = _apart(database, name)
        text = request.form.get("text", "")[:LONGEST_TEXT]
        return render_template("bank/_check.html", **_checked(database, row, text))


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
        done = _known(lambda: _take(step))
    except Conflict as conflict:
        return _draft_page(name, refusal=conflict, text=conflict.mine), CONFLICT
    except (Refusal, BankError) as refusal:
        return _draft_page(name, refusal=refusal, text=form.get("text")), UNPROCESSABLE
    if form["step"] == "approve":
        refresh()
        return redirect(url_for("bank.versions", name=str(series_of(done))))
    return redirect(url_for("bank.drafts" if form["step"] == "discard" else "bank.draft", name=name))


# --- what the pages share ------------------------------------------------------------------------


def actor() -> str:
    """Return who acts: whoever is logged in."""
    return person().login


def status_names() -> dict[str, str]:
    """Return the states of a version by name."""
    return {
        Status.DRAFT: _("Draft version"),
        Status.IN_REVIEW: _("In review"),
        Status.APPROVED: _("Approved"),
        Status.RETIRED: _("Retired"),
    }


def stance_names() -> dict[str, str]:
    """Return the stances by name, in the order they are shown."""
    return {
        Stance.CLIENT: _("Favours the client"),
        Stance.NEUTRAL: _("Neutral"),
        Stance.PROVIDER: _("Favours the provider"),
    }


def _known(find: Callable[[], T]) -> T:
    """Return what is found; an unknown name is a page that does not exist."""
    try:
        return find()
    except UnknownName:
        abort(404)


def _take(step: Callable[[Session, str], T]) -> T:
    """Take a step in one transaction, in the name of whoever is logged in."""
    with workspace().database.writing() as database:
        return step(database, actor())


def _save(database: Session, name: str, who: str) -> Version:
    form = request.form
    seen = form.get("seen", type=int)
    return lifecycle.save_draft(
        database, name, who, form.get("revision", 0, type=int), form.get("text", "")[:LONGEST_TEXT],
        form.get("note", ""), seen=seen,
    )  # fmt: skip


def _refused(refusal: Refusal) -> tuple[str, int]:
    message = refusal.en if chosen_language() == "en" else refusal.zh
    page = render_template(
        "error.html", code=UNPROCESSABLE, heading=_("This step was refused"), advice=message
    )
    return page, UNPROCESSABLE


def _draft_page(name: str, refusal: Refusal | BankError | None = None, text: str | None = None) -> str:
    with workspace().database.reading() as database:
        row = _apart(database, name)
        current = newest_approved(database, series_of(row))
        stored = text_of(row)
        checked = _checked(database, row, stored if text is None else text)
    return render_template(
        "bank/draft.html", row=row, name=name_of(row), text=stored if text is None else text, stored=stored,
        current=current, series=str(series_of(row)), statuses=status_names(), moment=shown_time,
        refusal=refusal, conflict=isinstance(refusal, Conflict),
        outdated=isinstance(refusal, Outdated) or (current is not None and current.number != row.base),
        lines=text_difference(text_of(current) if current else "", stored), same=SAME,
        theirs=text_difference(stored, text or ""), note=request.form.get("note", row.note), **checked,
    )  # fmt: skip


def _apart(database: Session, name: str) -> Version:
    """Return a version that can be changed without changing what is stored."""
    row = _known(lambda: find_version(database, name))
    if isinstance(row, ClauseVersion):
        database.refresh(row, ["clause"])
    database.expunge(row)
    return row


def _checked(database: Session, row: Version, text: str) -> dict[str, Any]:
    """Return the findings on a text and what it looks like; the row is not one of the session's."""
    try:
        write_text(row, text)
    except Refusal as refusal:
        found = [Finding("bank", Level.ERROR, refusal.zh, refusal.en, refusal.place)]
        return {"findings": found, "paper": ""}
    document = preview(database, row)
    paper = render_html(document, language=chosen_language()) if document else ""
    return {"findings": full_findings(database, [row]), "paper": paper}
