"""Drafts of contracts: the list, opening one again, deleting with a way back, starting from a contract."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from clausebank.errors import UnknownName
from clausebank.people import Action
from clausebank.storage.contract_drafts import (
    delete_draft,
    find_draft,
    open_drafts,
    restore_draft,
    save_draft,
)
from webapp.access import needs
from webapp.current import template_or_404, workspace
from webapp.entry import again, first_entry
from webapp.pages.contracts import find_contract
from webapp.pages.drafts import entry_from, form_page, typed_of, view_of
from webapp.saving import fresh_saving
from webapp.times import shown_time
from webapp.workbench import questions

bp = Blueprint("saved", __name__, url_prefix="/drafts")
PAGE = 50


@bp.get("/")
@needs(Action.DRAFT)
def index() -> str:
    """List the drafts, the last changed first."""
    page = max(request.args.get("page", 1, type=int), 1)
    with workspace().database.reading() as database:
        rows = open_drafts(database, offset=(page - 1) * PAGE, limit=PAGE + 1)
    deleted = session.pop("deleted-draft", None)
    return render_template(
        "drafts.html", rows=rows[:PAGE], page=page, more=len(rows) > PAGE, kinds=workspace().templates,
        moment=shown_time, deleted=deleted,
    )  # fmt: skip


@bp.post("/")
@needs(Action.DRAFT)
def begin() -> ResponseReturnValue:
    """Begin a draft with what a contract holds, but for its number and date of signing."""
    contract = find_contract(request.form.get("after", type=UUID) or abort(400))
    template = template_or_404(contract.kind)
    blanks = questions(template, workspace().bank)
    entry = again(first_entry(template, workspace().bank, blanks), contract, blanks)
    saving = fresh_saving()
    with workspace().database.writing() as database:
        save_draft(database, typed_of(view_of(template, entry), saving))
    return redirect(url_for("saved.open_draft", draft_id=saving.id), 303)


@bp.get("/<uuid:draft_id>", endpoint="open_draft")
@needs(Action.DRAFT)
def show(draft_id: UUID) -> ResponseReturnValue:
    """Open a draft; one that was made into a contract leads to that."""
    with workspace().database.reading() as database:
        row = find_draft(database, draft_id) or abort(404)
    if row.contract_id:
        return redirect(url_for("contracts.show", contract_id=row.contract_id))
    template = template_or_404(row.kind)
    entry = entry_from(row.fields, questions(template, workspace().bank))
    entry = replace(entry, team=entry.team or str(row.team_id or ""))
    return form_page(
        template, replace(entry, was=entry.stances), fresh_saving(row.id, row.revision, row.updated_at)
    )


@bp.post("/<uuid:draft_id>/delete")
@needs(Action.DRAFT)
def delete(draft_id: UUID) -> ResponseReturnValue:
    """Delete a draft; the list offers to take it back."""
    try:
        with workspace().database.writing() as database:
            row = delete_draft(database, draft_id)
    except UnknownName:
        abort(404)
    session["deleted-draft"] = [str(draft_id), row.number]
    return redirect(url_for("saved.index"), 303)


@bp.post("/<uuid:draft_id>/restore")
@needs(Action.DRAFT)
def restore(draft_id: UUID) -> ResponseReturnValue:
    """Take a deleted draft back."""
    try:
        with workspace().database.writing() as database:
            restore_draft(database, draft_id)
    except UnknownName:
        abort(404)
    return redirect(url_for("saved.index"), 303)
