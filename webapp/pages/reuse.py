"""What is typed once and used again: the address book of parties, and named sets of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from clausebank.bank.model import Bilingual, Blank
from clausebank.people import Action
from clausebank.storage.contract_drafts import find_draft
from clausebank.storage.drafting_models import ContractDraft, ParameterSet, PartyRecord
from clausebank.storage.reuse import find_kept, forget, keep_party, keep_set, kept, take_back
from webapp.access import needs
from webapp.current import template_or_404, workspace
from webapp.entry import read_entry
from webapp.i18n import chosen_language
from webapp.i18n import gettext as _
from webapp.pages.drafts import view_of
from webapp.parties import party_problems
from webapp.saving import entry_of, fields_of, list_names
from webapp.times import shown_time
from webapp.workbench import questions

bp = Blueprint("reuse", __name__)
LONGEST_NAME = 100
CONFLICT, UNPROCESSABLE = 409, 422
TABLES: Mapping[str, type[ParameterSet | PartyRecord]] = {
    "parties": PartyRecord,
    "parameters": ParameterSet,
}


@dataclass(frozen=True)
class Form:
    """The fields of a company as the templates of a form ask for them."""

    company: tuple[Blank, ...]
    typed: Mapping[str, str]
    problems: Mapping[str, Bilingual] = field(default_factory=dict)
    language: str = "zh"
    readings: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return what a field holds."""
        return self.typed.get(name.partition(".")[2], "")

    def example(self, blank: Blank) -> str:
        """Return the example to show below a field."""
        return str(blank.example)

    def error(self, name: str) -> str:
        """Return the message to show at a field."""
        said = self.problems.get(name.partition(".")[2])
        return said[self.language] if said else ""

    def notice(self, _name: str) -> str:
        """Return the warning to show at a field: a company alone has none."""
        return ""


# --- both ------------------------------------------------------------------------------------------


@bp.get("/<any(parties, parameters):what>/")
@needs(Action.DRAFT)
def index(what: str) -> str:
    """List the parties or the sets."""
    with workspace().database.reading() as database:
        rows = kept(database, TABLES[what])
    blanks = workspace().bank.vocabulary.blanks
    labels = {row.id: _labels(row.fields, blanks) for row in rows} if what == "parameters" else {}
    deleted = session.pop(f"deleted-{what}", None)
    return render_template(
        f"reuse/{what}.html", rows=rows, labels=labels, deleted=deleted, moment=shown_time, what=what
    )


@bp.post("/<any(parties, parameters):what>/<uuid:id_>/delete")
@needs(Action.DRAFT)
def delete(what: str, id_: UUID) -> ResponseReturnValue:
    """Delete a party or a set; the list offers to take it back."""
    with workspace().database.writing() as database:
        row: ParameterSet | PartyRecord = database.get(TABLES[what], id_) or abort(404)
        forget(database, row)
    session[f"deleted-{what}"] = [str(id_), row.name]
    return redirect(url_for("reuse.index", what=what), 303)


@bp.post("/<any(parties, parameters):what>/<uuid:id_>/restore")
@needs(Action.DRAFT)
def restore(what: str, id_: UUID) -> ResponseReturnValue:
    """Take back what was deleted."""
    with workspace().database.writing() as database:
        if take_back(database, TABLES[what], id_) is None:
            abort(404)
    return redirect(url_for("reuse.index", what=what), 303)


# --- parties ---------------------------------------------------------------------------------------


@bp.get("/parties/new")
@needs(Action.DRAFT)
def new_party() -> str:
    """Show an empty record."""
    return _party_page({})


@bp.post("/parties/")
@needs(Action.DRAFT)
def add_party() -> ResponseReturnValue:
    """Add a company to the address book, or show what is wrong with it."""
    return _save_party(None)


@bp.get("/parties/<uuid:id_>")
@needs(Action.DRAFT)
def party(id_: UUID) -> str:
    """Show the record of a company."""
    with workspace().database.reading() as database:
        row = find_kept(database, PartyRecord, id_) or abort(404)
    return _party_page(row.fields, row=row)


@bp.post("/parties/<uuid:id_>")
@needs(Action.DRAFT)
def save_party(id_: UUID) -> ResponseReturnValue:
    """Save the record of a company, unless somebody else did in between."""
    return _save_party(id_)


def _save_party(id_: UUID | None) -> ResponseReturnValue:
    company = workspace().bank.vocabulary.company
    fields = {part.name: request.form.get(f"party.{part.name}", "").strip() for part in company}
    problems = party_problems(fields, workspace().bank)
    with workspace().database.writing() as database:
        row = (find_kept(database, PartyRecord, id_) or abort(404)) if id_ else None
        if row is not None and str(row.revision) != request.form.get("revision"):
            return _party_page(fields, row=row, newer=row.fields), CONFLICT
        if problems:
            return _party_page(fields, problems, row), UNPROCESSABLE
        try:
            keep_party(database, fields, row)
        except StaleDataError:
            abort(CONFLICT)
    return redirect(url_for("reuse.index", what="parties"), 303)


def _party_page(
    fields: Mapping[str, str],
    problems: Mapping[str, Bilingual] | None = None,
    row: PartyRecord | None = None,
    newer: Mapping[str, str] | None = None,
) -> str:
    view = Form(workspace().bank.vocabulary.company, fields, problems or {}, chosen_language())
    return render_template("reuse/party.html", view=view, row=row, newer=newer or {}, moment=shown_time)


# --- sets of answers -------------------------------------------------------------------------------


@bp.get("/parameters/new/<uuid:draft_id>")
@needs(Action.DRAFT)
def new_set(draft_id: UUID) -> str:
    """Show what a draft holds, to choose what is kept as a set."""
    return _set_page(_draft(draft_id))


@bp.post("/parameters/new/<uuid:draft_id>")
@needs(Action.DRAFT)
def add_set(draft_id: UUID) -> ResponseReturnValue:
    """Keep the chosen answers of a draft under a name; back to the draft."""
    row = _draft(draft_id)
    name = " ".join(request.form.get("name", "").split())[:LONGEST_NAME]
    chosen = set(request.form.getlist("entry"))
    lists = list_names(workspace().bank.vocabulary.blanks.values())
    fields = {
        f: text
        for f, text in row.fields.items()
        if entry_of(f, lists).split(".")[0] in chosen and f[0] != "_"
    }
    if not name or not fields:
        return _set_page(row, name, refused=True), UNPROCESSABLE
    with workspace().database.writing() as database:
        keep_set(database, name, fields)
    return redirect(url_for("saved.open_draft", draft_id=draft_id), 303)


@bp.get("/parameters/<uuid:id_>")
@needs(Action.DRAFT)
def parameter_set(id_: UUID) -> str:
    """Show a set: its name, and what it holds."""
    with workspace().database.reading() as database:
        row = find_kept(database, ParameterSet, id_) or abort(404)
    return _edit_page(row)


@bp.post("/parameters/<uuid:id_>")
@needs(Action.DRAFT)
def save_set(id_: UUID) -> ResponseReturnValue:
    """Rename a set, and take out what is not chosen any more."""
    name = " ".join(request.form.get("name", "").split())[:LONGEST_NAME]
    chosen = set(request.form.getlist("entry"))
    with workspace().database.writing() as database:
        row = find_kept(database, ParameterSet, id_) or abort(404)
        fields = {f: text for f, text in row.fields.items() if f.split(".")[0] in chosen}
        if not name or not fields:
            return _edit_page(row, refused=True), UNPROCESSABLE
        row.name, row.fields = name, fields
    return redirect(url_for("reuse.index", what="parameters"), 303)


def _draft(draft_id: UUID) -> ContractDraft:
    with workspace().database.reading() as database:
        row: ContractDraft = find_draft(database, draft_id) or abort(404)
    return row


def _set_page(row: ContractDraft, name: str = "", *, refused: bool = False) -> str:
    template = template_or_404(row.kind)
    entry = read_entry(row.fields, questions(template, workspace().bank))
    view = view_of(template, entry)
    groups = [
        (step, filled)
        for step in view.steps
        if (
            filled := [
                b for b in step.blanks if b.name not in view.hidden and _is_filled(fields_of(entry), b.name)
            ]
        )
    ]
    with workspace().database.reading() as database:
        names = [each.name for each in kept(database, ParameterSet)]
    chosen = set(request.form.getlist("entry"))
    return render_template(
        "reuse/new_set.html", row=row, groups=groups, view=view, name=name, names=names, refused=refused,
        chosen=chosen, shown=lambda blank: _shown(row.fields, blank),
    )  # fmt: skip


def _edit_page(row: ParameterSet, *, refused: bool = False) -> str:
    blanks = workspace().bank.vocabulary.blanks
    names = dict.fromkeys(field.split(".")[0] for field in row.fields)
    entries = [blanks[name] for name in names if name in blanks]
    return render_template(
        "reuse/set.html",
        row=row,
        entries=entries,
        refused=refused,
        shown=lambda blank: _shown(row.fields, blank),
    )


def _is_filled(fields: Mapping[str, str], name: str) -> bool:
    return any(text and field.split(".")[0] == name for field, text in fields.items())


def _shown(fields: Mapping[str, str], blank: Blank) -> str:
    """Return what the fields of a question hold, in one line."""
    labels = {choice.key: choice.label[chosen_language()] for choice in blank.choices}
    texts = [
        labels.get(text, text) for field, text in fields.items() if text and field.split(".")[0] == blank.name
    ]
    return " · ".join(texts)


def _labels(fields: Mapping[str, str], blanks: Mapping[str, Blank]) -> str:
    names = dict.fromkeys(field.split(".")[0] for field in fields)
    known: list[Any] = [blanks[name].label[chosen_language()] for name in names if name in blanks]
    return _(", ").join(known)
