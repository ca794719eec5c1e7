"""Renewals: choosing contracts that expire, the policy, what each would become, and starting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from clausebank.compare.html import render_inline
from clausebank.document import Stance
from clausebank.people import Action
from clausebank.storage.models import Contract
from clausebank.storage.renewals import Due, Refused, due_contracts, named_contracts
from schemas.renewals import words
from webapp.access import needs
from webapp.answers_file import InputError
from webapp.current import workspace
from webapp.drafting import FORMATS, USUAL
from webapp.i18n import chosen_language
from webapp.i18n import gettext as _
from webapp.pages.batches import handed_over
from webapp.renewals.files import read_fees, read_names
from webapp.renewals.policyform import PolicyForm, empty_form, read_form
from webapp.renewals.proposing import Proposal, propose_all
from webapp.renewals.starting import start_renewals, start_unseen
from webapp.view import level_names

bp = Blueprint("renewals", __name__, url_prefix="/renewals")
WITHIN, MOST_DAYS = 60, 3660
LISTED = 1000
SHOWN = 100
"""How many renewals are worked out while somebody waits; the others page by page, or when they are made."""

MEGABYTES = 10
UNPROCESSABLE = 422


@dataclass(frozen=True)
class View:
    """What the page shows: the contracts to choose from, the policy, and what they would become.

    ``first`` is the place of the first one worked out among those chosen, from 0.
    """

    contracts: Sequence[Contract]
    form: PolicyForm
    chosen: frozenset[UUID]
    refused: Sequence[Refused] = ()
    proposals: Sequence[Proposal] = ()
    error: str = ""
    given: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    first: int = 0

    @property
    def good(self) -> int:
        """How many can be renewed, those included that were not worked out yet."""
        return sum(not proposal.problems for proposal in self.proposals) + self.unseen

    @property
    def unseen(self) -> int:
        """How many of the chosen are not shown."""
        return len(self.chosen) - len(self.proposals) if self.proposals else 0

    @property
    def last(self) -> int:
        """The number of the last one worked out among those chosen, from 1."""
        return self.first + len(self.proposals)


@bp.get("/")
@needs(Action.DEVIATE)
def choose() -> str:
    """Show the contracts that expire, or those named, and the policy to renew them by."""
    place = workspace()
    given = {name: request.args.get(name, "").strip() for name in ("within", "kind", "party", "contracts")}
    names = [*words(given["contracts"]), *request.args.getlist("contract")]
    with place.database.reading() as session:
        if names:
            contracts, refused = named_contracts(session, names[: LISTED + 1])
        else:
            contracts, refused = list(due_contracts(session, _due(given), LISTED + 1)), []
    form = empty_form(place.bank, chosen_language())
    return _page(_view(contracts, form, refused, given))


@bp.post("/")
@needs(Action.DEVIATE)
def choose_by_file() -> ResponseReturnValue:
    """Show the contracts that a file names."""
    place, form = workspace(), empty_form(workspace().bank, chosen_language())
    try:
        data, name = _file("list")
        names = read_names(data, name)
    except InputError as error:
        return _page(View((), form, frozenset(), error=_said(error))), UNPROCESSABLE
    with place.database.reading() as session:
        contracts, refused = named_contracts(session, names[: LISTED + 1])
    return _page(_view(contracts, form, refused, {}))


@bp.post("/propose")
@needs(Action.DEVIATE)
def propose() -> ResponseReturnValue:
    """Show what the contracts chosen would become, or start the batch that makes it."""
    place = workspace()
    listed, marked = request.form.getlist("listed"), request.form.getlist("contract")
    try:
        fees = read_fees(*_file("fees")) if _has_file("fees") else None
    except InputError as error:
        return _again(listed, marked, read_form(request.form, place.bank, chosen_language()), _said(error))
    form = read_form(request.form, place.bank, chosen_language(), fees)
    if {"_add", "_remove"} & request.form.keys():
        return _again(listed, marked, PolicyForm(form.entry, form.language))
    if not marked:
        return _again(listed, marked, form, _("Choose at least one contract."))
    if form.policy is None:
        return _again(listed, marked, form)
    with place.database.reading() as session:
        contracts, refused = named_contracts(session, marked[:LISTED])
        unseen = len(contracts) > SHOWN and "_start" in request.form
        first = min(max(request.form.get("_from", 0, int), 0), max(len(contracts) - 1, 0)) // SHOWN * SHOWN
        shown = () if unseen else contracts[first : first + SHOWN]
        proposals = list(propose_all(place, session, shown, form.policy, _today()))
        every, _gone = named_contracts(session, listed[:LISTED])
    if "_start" in request.form and not refused:
        how = (_formats() or USUAL, form.raw, _("Renewals on the page"))
        started = (
            start_unseen(place, contracts, *how, _today())
            if unseen
            else start_renewals(place, proposals, *how)
        )
        if started.batch_id is not None:
            return handed_over(started.batch_id)
    chosen = frozenset(contract.id for contract in contracts)
    return _page(View(every, form, chosen, refused, proposals, first=first))


def _again(listed: list[str], marked: list[str], form: PolicyForm, error: str = "") -> ResponseReturnValue:
    """Show the page with what was chosen and typed."""
    with workspace().database.reading() as session:
        contracts, refused = named_contracts(session, listed[:LISTED])
    chosen = frozenset(contract.id for contract in contracts if str(contract.id) in marked)
    wrong = bool(error or form.errors)
    return _page(View(contracts, form, chosen, refused, error=error)), UNPROCESSABLE if wrong else 200


def _view(
    contracts: Sequence[Contract], form: PolicyForm, refused: Sequence[Refused], given: dict[str, str]
) -> View:
    shown = contracts[:LISTED]
    chosen = frozenset(contract.id for contract in shown)
    return View(shown, form, chosen, refused, given=given, cut=len(contracts) > LISTED)


def _page(view: View) -> str:
    place = workspace()
    units = (("日", _("calendar days")), ("个月", _("months")), ("年", _("years")))
    return render_template(
        "renewals/index.html",
        view=view,
        form=view.form,
        units=units,
        templates=place.templates,
        levels=level_names(),
        label=lambda name: place.bank.vocabulary.label(name)[chosen_language()],
        sides={
            Stance.CLIENT: _("Favours the client"),
            Stance.NEUTRAL: _("Neutral"),
            Stance.PROVIDER: _("Favours the provider"),
            None: _("Mixed"),
        },
        inline=lambda comparison: render_inline(comparison, language=chosen_language()),
        formats={"docx": "Word", "pdf": "PDF", "html": "HTML", "txt": _("Text"), "json": "JSON"},
        kept=_formats() or USUAL,
        within=view.given.get("within") or request.form.get("within") or WITHIN,
        most=LISTED,
        step=SHOWN,
        megabytes=MEGABYTES,
    )


def _formats() -> list[str]:
    return [name for name in FORMATS if name in request.form.getlist("formats")]


def _due(given: dict[str, str]) -> Due:
    text = given["within"]
    days = int(text) if text.isascii() and text.isdigit() else WITHIN
    today = _today()
    return Due(today, today + timedelta(min(days, MOST_DAYS)), given["kind"], given["party"])


def _today() -> date:
    return datetime.now().astimezone().date()


def _has_file(name: str) -> bool:
    file: FileStorage | None = request.files.get(name)
    return file is not None and bool(file.filename)


def _file(name: str) -> tuple[bytes, str]:
    """Return content and name of a file that was sent; InputError where there is none."""
    file = request.files.get(name)
    if file is None or not file.filename:
        raise InputError("", "请选择文件", "choose a file")
    data = file.read(MEGABYTES * 1024 * 1024 + 1)
    if len(data) > MEGABYTES * 1024 * 1024:
        raise InputError(file.filename, f"文件超过 {MEGABYTES} MB", f"larger than {MEGABYTES} MB")
    return data, file.filename


def _said(error: InputError) -> str:
    said = error.en if chosen_language() == "en" else error.zh
    return f"{error.place}{_(': ')}{said}" if error.place else said
