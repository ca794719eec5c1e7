"""Drafting: the form of a kind, its live preview and its draft, and making the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from clausebank.assembly.select import Stances
from clausebank.bank.model import Bilingual, Blank, BlankType
from clausebank.document import Stance
from clausebank.errors import UnknownName
from clausebank.manifest import Manifest
from clausebank.people import Action
from clausebank.storage.contract_drafts import SavedElsewhere, Typed, finish_draft, save_draft
from clausebank.storage.drafting_models import ContractDraft, ParameterSet, PartyRecord
from clausebank.storage.models import Approval, Contract
from clausebank.storage.people import all_teams
from clausebank.storage.pins import approved_numbers, older_versions
from clausebank.storage.reuse import find_named, keep_party, kept
from clausebank.templates import Template
from webapp import wordings as differences
from webapp.access import needs
from webapp.approving import policy_for
from webapp.attached import attached_before, read_attached, uploads
from webapp.current import person, settings, template_or_404, workspace
from webapp.drafting import FORMATS, draft_contract, store_contract
from webapp.entry import (
    Entry,
    add_row,
    again,
    company_fields,
    fill_in,
    first_entry,
    follow_stance,
    paste_rows,
    read_entry,
    remove_row,
)
from webapp.i18n import LOCALES, chosen_language
from webapp.i18n import gettext as _
from webapp.pages.contracts import find_contract
from webapp.pages.language import remember
from webapp.parties import party_problems
from webapp.saving import MINE, THEIRS, Saving, differing, fields_of, fresh_saving, merged, read_saving
from webapp.view import ORDER, View, level_names
from webapp.workbench import questions, work_out

bp = Blueprint("drafts", __name__, url_prefix="/contracts/new")
LONGEST_TABLE = 200_000
NO_SET = Bilingual("没有这个名称的常用内容。", "There is no set of this name.")
NO_PARTY = Bilingual("通讯录中没有这家公司。", "The address book has no such company.")
NOT_KEPT = Bilingual("未存入：请先改正以下各项。", "Not kept: correct the entries below first.")
KEPT = Bilingual("已存入通讯录。", "Kept in the address book.")


@bp.get("/<kind>")
@needs(Action.DRAFT)
def new(kind: str) -> str:
    """Show the form of a kind, filled with what its clauses suggest or an earlier contract holds."""
    template = template_or_404(kind)
    blanks = questions(template, workspace().bank)
    entry = first_entry(template, workspace().bank, blanks)
    after = request.args.get("after", type=UUID)
    if after is not None:
        entry = _begun_from(entry, find_contract(after), template, blanks)
    return form_page(template, entry, fresh_saving())


def _begun_from(entry: Entry, contract: Contract, template: Template, blanks: tuple[Blank, ...]) -> Entry:
    """Return the form as an earlier contract has it, with the files attached there."""
    filed = Manifest.from_data(contract.manifest).filed
    titles = {slot.id: slot.title.zh for slot in template.attachments}
    held = attached_before(filed, titles, workspace().files, settings().attached())
    return replace(again(entry, contract, blanks), files=held)


@bp.post("/<kind>/preview")
@needs(Action.DRAFT)
def preview(kind: str) -> str:
    """Answer a change in the form: it is saved; the paper, and what changed beside it."""
    template = template_or_404(kind)
    entry = _steered(template)
    renamed = request.form.get("party_labels") != request.form.get("_labels")
    view = _kept(view_of(template, entry, renamed=renamed))
    told = view.saving.theirs and str(view.saving.theirs) == request.form.get("_theirs")
    refiled = view.files_shown != request.form.get("_files") or bool(view.entry.files.refused)
    return render_template("_preview.html", view=view, told=told, refiled=refiled, **_words())


@bp.post("/<kind>")
@needs(Action.DRAFT)
def create(kind: str) -> ResponseReturnValue:
    """Make the contract, or show the form again with every problem; other buttons steer the form."""
    template = template_or_404(kind)
    if "_keep_set" in request.form:
        return _to_new_set(template)
    if "_create" not in request.form:
        return _steer(template)
    view = _kept(view_of(template, replace(_steered(template), submitted=True)))
    if view.work.messages or view.refused or view.saving.differing:
        return _page(view), 422
    (shell,) = [workspace().shells.find(name) for name, _label, chosen in view.shells if chosen]
    filed = uploads(view.kept, workspace().files, settings().attached())
    stances = view.entry.stances
    draft = draft_contract(
        template,
        view.work.raw,
        view.bank,
        stances,
        FORMATS,
        shell=shell,
        filed=filed,
        policy=policy_for(workspace()),
    )
    contract = store_contract(draft, workspace().for_team(_team(view)))
    with workspace().database.writing() as session:
        finish_draft(session, view.saving.id, contract.id)
    if contract.approval == Approval.NEEDED:
        return redirect(url_for("approvals.new", contract_id=contract.id), 303)
    return redirect(url_for("contracts.show", contract_id=contract.id), 303)


@bp.get("/<kind>/wordings")
@needs(Action.DRAFT)
def wordings(kind: str) -> str:
    """Show how the texts of a topic or a clause differ from the neutral ones, before one is chosen."""
    template, bank, language = template_or_404(kind), workspace().bank, chosen_language()
    topic, clause_id = request.args.get("topic", ""), request.args.get("clause", "")
    if topic in bank.vocabulary.topics:
        heading = bank.vocabulary.topics[topic][language]
        found = differences.of_topic(template, bank, topic, language)
    elif clause_id in template.clause_ids():
        clause = bank.clauses[clause_id]
        heading = clause.title[language]
        with workspace().database.reading() as session:
            older = older_versions(session, clause)
        found = [differences.of_clause(template, bank, clause, older, language)]
    else:
        abort(404)
    page = "_wordings.html" if "HX-Request" in request.headers else "wordings.html"
    names = {
        Stance.CLIENT: _("Favours the client"),
        Stance.NEUTRAL: _("Neutral"),
        Stance.PROVIDER: _("Favours the provider"),
    }
    return render_template(page, heading=heading, wordings=found, stance_names=names, stance_order=ORDER)


# --- steering --------------------------------------------------------------------------------------


def _steer(template: Template) -> ResponseReturnValue:
    """Show the form after add, remove, save, merge, preview or a change of language; it is saved."""
    language = request.form.get("_language", "")
    if language in LOCALES:
        g.language = language
    entry = _steered(template)
    saving = read_saving(request.form)
    if "_merge" in request.form and saving is not None:
        entry, saving = _merged(template, entry, saving)
    view = _kept(view_of(template, entry), saving)
    if "_merge" in request.form and view.saving.at is not None and not view.saving.differing:
        # A page that can be loaded again: what was chosen is not sent a second time.
        return redirect(url_for("saved.open_draft", draft_id=view.saving.id), 303)
    response = make_response(_page(view))
    return remember(response, language) if language in LOCALES else response


def _to_new_set(template: Template) -> ResponseReturnValue:
    """Save the form and choose which of its answers are kept as a set."""
    view = _kept(view_of(template, _steered(template)))
    if view.saving.differing or view.saving.at is None:
        return _page(view)
    return redirect(url_for("reuse.new_set", draft_id=view.saving.id), 303)


def _steered(template: Template) -> Entry:
    """Return what was entered after the button pressed has done its work."""
    form = request.form
    blanks = questions(template, workspace().bank)
    entry = _usable(template, entry_from(form, blanks, request.files))
    entry = replace(entry, files=entry.files.without(form.get("_unfile", "")))
    bank = workspace().bank_for(entry.stances)
    entry = follow_stance(entry, template, bank, blanks)
    entry = _reused(entry, blanks)
    lists = {blank.name: blank for blank in blanks if blank.fields}
    if (blank := lists.get(form.get("_add", ""))) is not None:
        entry = add_row(entry, blank)
    name, _dot, index = form.get("_remove", "").partition(".")
    if name in lists and index.isascii() and index.isdigit():
        entry = remove_row(entry, lists[name], int(index))
    if (blank := lists.get(form.get("_paste", ""))) is not None:
        text = form.get(f"_table.{blank.name}", "")[:LONGEST_TABLE]
        entry = paste_rows(entry, blank, text, form.get(f"_at.{blank.name}", ""))
    return entry


def _reused(entry: Entry, blanks: tuple[Blank, ...]) -> Entry:
    """Fill in a party of the address book or a set of answers, or keep a party."""
    form = request.form
    companies = {blank.name for blank in blanks if blank.type is BlankType.COMPANY}
    if "_apply" in form:
        with workspace().database.reading() as session:
            found = find_named(session, ParameterSet, form.get("_set", "").strip())
        wrong = {} if found else {"_set": NO_SET}
        return replace(fill_in(entry, found.fields if found else {}, blanks), wrong=wrong)
    if (role := form.get("_fill", "")) in companies:
        with workspace().database.reading() as session:
            party = find_named(session, PartyRecord, form.get(f"_book.{role}", "").strip())
        kept = {f"{role}.{name}": text for name, text in (party.fields if party else {}).items()}
        filled = fill_in(entry, kept, blanks) if party else replace(entry, followed=frozenset({role}))
        return replace(filled, wrong={} if party else {role: NO_PARTY})
    if (role := form.get("_remember", "")) in companies:
        return _remembered(entry, role)
    return entry


def _remembered(entry: Entry, role: str) -> Entry:
    """Keep a party in the address book, or tell what is wrong with it."""
    fields = company_fields(entry.typed, role)
    problems = party_problems(fields, workspace().bank)
    if problems:
        wrong = {role: NOT_KEPT, **{f"{role}.{name}": said for name, said in problems.items()}}
        return replace(entry, followed=frozenset({role}), wrong=wrong)
    with workspace().database.writing() as session:
        keep_party(session, fields)
    return replace(entry, followed=frozenset({role}), told={role: KEPT})


def _usable(template: Template, entry: Entry) -> Entry:
    """Return an entry without choices for clauses, texts or versions that are not there any more."""
    bank, stances = workspace().bank, entry.stances
    known = set(template.clause_ids())
    by_clause = {
        clause: stance
        for clause, stance in stances.by_clause.items()
        if clause in known and stance in bank.clauses[clause].variants
    }
    versions = {clause: number for clause, number in stances.versions.items() if clause in by_clause}
    kept = Stances(stances.default, stances.by_topic, by_clause, versions, stances.without & known)
    try:
        workspace().bank_for(kept)
    except UnknownName:
        kept = replace(kept, versions={})
    return replace(entry, stances=kept)


# --- saving ----------------------------------------------------------------------------------------


def _kept(view: View, saving: Saving | None = None) -> View:
    """Save the form as it is now; where another page saved it in between, tell what differs."""
    saving = saving or read_saving(request.form)
    if saving is None:
        return view
    typed = typed_of(view, saving)
    try:
        with workspace().database.writing() as session:
            row = save_draft(session, typed)
            saved = replace(saving, revision=row.revision, at=row.updated_at)
    except UnknownName:
        abort(404)
    except SavedElsewhere as elsewhere:
        saved = _conflict(view, saving, typed, elsewhere.theirs)
    return replace(view, saving=saved)


def typed_of(view: View, saving: Saving) -> Typed:
    """Return a form as it is kept, with what the list of drafts shows of it."""
    names = [_printable(view.value(f"{role}.name")) for role in ("client", "provider")]
    return Typed(
        id=saving.id,
        kind=view.template.kind,
        revision=saving.revision,
        tab=saving.tab,
        fields=fields_of(view.entry),
        number=_printable(view.value("contract_number")),
        parties=tuple(name for name in names if name),
        open=len(view.gaps),
        team=_team(view),
    )


def _team(view: View) -> UUID | None:
    """Return the team chosen, None where somebody has no choice."""
    return next((team for team, _name, chosen in view.teams if chosen), None)


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _conflict(view: View, saving: Saving, typed: Typed, theirs: ContractDraft) -> Saving:
    touched = request.form.get("_touched")
    own = list(typed.fields) if touched is None else touched.split()
    found = differing(typed.fields, theirs.fields, view.questions, own)
    return replace(saving, differing=tuple(found), theirs=theirs.revision, by=theirs.saved_by)


def _merged(template: Template, entry: Entry, saving: Saving) -> tuple[Entry, Saving]:
    """Return the form with what was chosen of the other page, over the revision the choice was made on.

    It counts as another page: what this one sent before the choice and comes in after it is not saved.
    """
    with workspace().database.reading() as session:
        row = session.get(ContractDraft, saving.id)
    seen = request.form.get("_theirs", "")
    if row is None or str(row.revision) != seen:
        return entry, saving
    blanks = questions(template, workspace().bank)
    mine = fields_of(entry)
    names = [each.name for each in differing(mine, row.fields, blanks, ())]
    default = THEIRS if request.form["_merge"] == THEIRS else MINE
    chosen = {name: request.form.get(f"_take.{name}", MINE) for name in names}
    if request.form["_merge"] in {MINE, THEIRS}:
        chosen = dict.fromkeys(names, default)
    fields = merged(mine, row.fields, blanks, [name for name, side in chosen.items() if side == THEIRS])
    return _usable(template, entry_from(fields, blanks)), replace(
        saving, revision=row.revision, tab=uuid4().hex
    )


# --- pages -----------------------------------------------------------------------------------------


def form_page(template: Template, entry: Entry, saving: Saving) -> str:
    """Return the page of a form."""
    return _page(replace(view_of(template, _usable(template, entry)), saving=saving))


def _page(view: View) -> str:
    with workspace().database.reading() as session:
        versions = approved_numbers(session, view.template.clause_ids())
        book = tuple((party.name, party.uscc) for party in kept(session, PartyRecord))
        sets = tuple(each.name for each in kept(session, ParameterSet))
    view = replace(view, versions=versions, book=book, sets=sets)
    return render_template("workbench.html", view=view, **_words())


def entry_from(
    fields: Mapping[str, str], blanks: tuple[Blank, ...], sent: Mapping[str, FileStorage] | None = None
) -> Entry:
    """Return what fields hold, those of a form that was sent or of a draft, with the files that came along."""
    files = read_attached(fields, sent or {}, workspace().files, settings().attached())
    return replace(read_entry(fields, blanks), files=files)


def view_of(template: Template, entry: Entry, *, renamed: bool = False) -> View:
    """Return a form worked out, as it is shown."""
    bank = workspace().bank_for(entry.stances)
    work = work_out(entry, template, bank, questions(template, bank))
    limits = settings().attached()
    names, policy = workspace().shells.names(), policy_for(workspace())
    return View(
        work, bank, chosen_language(), renamed, names, limits, policy=policy, team_names=_team_names()
    )


def _team_names() -> tuple[tuple[UUID, str], ...]:
    """Return the teams of whoever is logged in, the one of new contracts first; nothing without a choice."""
    someone = person()
    if len(someone.teams) < 2:  # noqa: PLR2004 (a choice needs two)
        return ()
    with workspace().database.reading() as session:
        found = [(team.id, team.name) for team in all_teams(session) if team.id in someone.teams]
    return tuple(sorted(found, key=lambda team: team[0] != someone.home))


def _words() -> dict[str, Any]:
    """Return the words the form's templates need beside the view."""
    units = (
        ("日", _("calendar days")),
        ("个工作日", _("working days")),
        ("个月", _("months")),
        ("年", _("years")),
        ("小时", _("hours")),
    )
    return {"units": units, "levels": level_names()}
