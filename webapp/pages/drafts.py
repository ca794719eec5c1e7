"""Drafting: the form of a kind, its live preview, and making the contract."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clausebank.bank.model import Blank
from clausebank.people import Action
from clausebank.templates import Template
from webapp.access import needs
from webapp.attached import read_attached, uploads
from webapp.current import settings, template_or_404, workspace
from webapp.drafting import FORMATS, draft_contract, store_contract
from webapp.entry import Entry, add_row, again, first_entry, follow_stance, read_entry, remove_row
from webapp.i18n import LOCALES, chosen_language
from webapp.i18n import gettext as _
from webapp.pages.contracts import find_contract
from webapp.pages.language import remember
from webapp.view import View, level_names
from webapp.workbench import questions, work_out

bp = Blueprint("drafts", __name__, url_prefix="/contracts/new")


@bp.get("/<kind>")
@needs(Action.DRAFT)
def new(kind: str) -> str:
    """Show the form of a kind, filled with what its clauses suggest or an earlier contract holds."""
    template = template_or_404(kind)
    blanks = questions(template, workspace().bank)
    entry = first_entry(template, workspace().bank, blanks)
    after = request.args.get("after", type=UUID)
    if after is not None:
        entry = again(entry, find_contract(after), blanks)
    return _form(_view(template, blanks, entry))


@bp.post("/<kind>/preview")
@needs(Action.DRAFT)
def preview(kind: str) -> str:
    """Answer a change in the form: the paper, and what changed beside it."""
    template = template_or_404(kind)
    blanks = questions(template, workspace().bank)
    entry = _steered(template, blanks)
    renamed = request.form.get("party_labels") != request.form.get("_labels")
    view = _view(template, blanks, entry, renamed=renamed)
    refiled = view.files_shown != request.form.get("_files") or bool(view.entry.files.refused)
    return render_template("_preview.html", view=view, refiled=refiled, **_words())


@bp.post("/<kind>")
@needs(Action.DRAFT)
def create(kind: str) -> ResponseReturnValue:
    """Make the contract, or show the form again with every problem; other buttons steer the form."""
    template = template_or_404(kind)
    if "_create" not in request.form:
        return _steer(template)
    blanks = questions(template, workspace().bank)
    view = _view(template, blanks, replace(_steered(template, blanks), submitted=True))
    if view.work.messages or view.refused:
        return _form(view), 422
    (shell,) = [workspace().shells.find(name) for name, _label, chosen in view.shells if chosen]
    stances = view.entry.stances
    filed = uploads(view.kept, workspace().files, settings().attached())
    draft = draft_contract(
        template, view.work.raw, workspace().bank, stances, FORMATS, shell=shell, filed=filed
    )
    contract = store_contract(draft, workspace())
    return redirect(url_for("contracts.show", contract_id=contract.id), 303)


def _steer(template: Template) -> ResponseReturnValue:
    """Show the form after add, remove, preview or a change of language."""
    language = request.form.get("_language", "")
    if language in LOCALES:
        g.language = language
    blanks = questions(template, workspace().bank)
    response = make_response(_form(_view(template, blanks, _steered(template, blanks))))
    return remember(response, language) if language in LOCALES else response


def _steered(template: Template, blanks: tuple[Blank, ...]) -> Entry:
    """Return what was entered after the button pressed has done its work."""
    bank = workspace().bank
    files = read_attached(request.form, request.files, workspace().files, settings().attached())
    files = files.without(request.form.get("_unfile", ""))
    read = replace(read_entry(request.form, blanks), files=files)
    entry = follow_stance(read, template, bank, blanks)
    lists = {blank.name: blank for blank in blanks if blank.fields}
    if (blank := lists.get(request.form.get("_add", ""))) is not None:
        entry = add_row(entry, blank)
    name, _dot, index = request.form.get("_remove", "").partition(".")
    if name in lists and index.isascii() and index.isdigit():
        entry = remove_row(entry, lists[name], int(index))
    return entry


def _form(view: View) -> str:
    return render_template("workbench.html", view=view, **_words())


def _view(template: Template, blanks: tuple[Blank, ...], entry: Entry, *, renamed: bool = False) -> View:
    bank = workspace().bank
    work = work_out(entry, template, bank, blanks)
    limits = settings().attached()
    return View(work, bank, chosen_language(), renamed, workspace().shells.names(), limits)


def _words() -> dict[str, object]:
    """Return the words the form's templates need beside the view."""
    units = (
        ("日", _("calendar days")),
        ("个工作日", _("working days")),
        ("个月", _("months")),
        ("年", _("years")),
        ("小时", _("hours")),
    )
    return {"units": units, "levels": level_names()}
