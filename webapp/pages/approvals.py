"""Procurement's requests to go below the floor, their approval, and the policy that sets it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clausebank.compare.comparison import compare
from clausebank.compare.html import render_inline
from clausebank.document import Document, Stance
from clausebank.errors import UnknownName
from clausebank.people import Action
from clausebank.policy import Breach
from clausebank.render.html import render_html
from clausebank.storage import approvals
from clausebank.storage.approval_models import ApprovalRequest, RequestState
from clausebank.storage.errors import Refusal
from clausebank.storage.models import Approval, Contract
from webapp.access import demand, needs
from webapp.approving import approve, as_allowed, examine, send_back
from webapp.current import person, workspace
from webapp.i18n import chosen_language
from webapp.i18n import gettext as _
from webapp.pages.contracts import find_contract
from webapp.times import shown_time
from webapp.view import stance_name

bp = Blueprint("approvals", __name__, url_prefix="/approvals")
UNPROCESSABLE = 422


@bp.get("/")
@needs(Action.DRAFT)
def index() -> str:
    """List the requests, those to decide first."""
    with workspace().database.reading() as database:
        rows = approvals.requests(database)
    rows.sort(key=lambda row: row.state != RequestState.OPEN)
    return render_template("approvals/index.html", rows=rows, states=state_names(), moment=shown_time)


@bp.get("/ask/<uuid:contract_id>")
@needs(Action.DRAFT)
def new(contract_id: UUID) -> str:
    """Show where a contract goes below the floor, and ask for the reason."""
    return _ask_page(_askable(contract_id))


@bp.post("/ask/<uuid:contract_id>")
@needs(Action.DRAFT)
def ask(contract_id: UUID) -> ResponseReturnValue:
    """Ask a reviewer to agree."""
    contract = _askable(contract_id)
    seen = examine(workspace(), contract)
    try:
        with workspace().database.writing() as database:
            row = database.get(Contract, contract_id) or abort(404)
            reason = request.form.get("reason", "")
            asked = approvals.ask(database, row, reason, seen.breaches, seen.policy, person().login)
    except Refusal as refusal:
        return _ask_page(contract, _said(refusal)), UNPROCESSABLE
    return redirect(url_for("approvals.show", request_id=asked.id), 303)


@bp.get("/<uuid:request_id>")
@needs(Action.DRAFT)
def show(request_id: UUID) -> str:
    """Show a request: the reason, the differences and the balance."""
    return _page(_find(request_id))


@bp.post("/<uuid:request_id>")
@needs(Action.REVIEW)
def decide(request_id: UUID) -> ResponseReturnValue:
    """Approve a request, or return it with a comment."""
    demand(Action.REVIEW)
    steps = {"approve": approve, "return": send_back}
    step = steps.get(request.form.get("step", "")) or abort(400)
    try:
        step(workspace(), request_id, person().login, request.form.get("comment", ""))
    except UnknownName:
        abort(404)
    except Refusal as refusal:
        return _page(_find(request_id), _said(refusal)), UNPROCESSABLE
    return redirect(url_for("approvals.show", request_id=request_id), 303)


# --- what the pages share ------------------------------------------------------------------------


def state_names() -> dict[str, str]:
    """Return the states of a request by name."""
    return {
        RequestState.OPEN: _("Waits for approval"),
        RequestState.APPROVED: _("Approved"),
        RequestState.RETURNED: _("Returned"),
    }


def stance_names(document: Document) -> dict[str, str]:
    """Return the stances in the words of a contract."""
    return {stance.value: stance_name(stance, document) for stance in Stance}


def _askable(contract_id: UUID) -> Contract:
    contract = find_contract(contract_id)
    return contract if contract.approval in {Approval.NEEDED, Approval.RETURNED} else abort(404)


def _find(request_id: UUID) -> ApprovalRequest:
    with workspace().database.reading() as database:
        return approvals.find_request(database, request_id) or abort(404)


def _ask_page(contract: Contract, problem: str = "") -> str:
    seen = examine(workspace(), contract)
    return render_template(
        "approvals/ask.html",
        contract=contract,
        breaches=seen.breaches,
        balance=seen.lines,
        stance_names=stance_names(seen.document),
        problem=problem,
    )


def _page(row: ApprovalRequest, problem: str = "") -> str:
    seen = examine(workspace(), row.contract)
    found = tuple(Breach.from_data(data) for data in row.breaches)
    allowed = as_allowed(workspace(), row.contract, found)
    return render_template(
        "approvals/request.html",
        row=row,
        contract=row.contract,
        breaches=found,
        difference="" if allowed is None else _difference(allowed, seen.document),
        balance=seen.lines,
        stance_names=stance_names(seen.document),
        states=state_names(),
        moment=shown_time,
        problem=problem,
        paper=render_html(seen.document, draft=row.contract.state != "final", language=chosen_language()),
    )


def _difference(allowed: Document, chosen: Document) -> str:
    """Return what the contract says where it would say something else with the wording allowed."""
    titles = (_("Wording allowed"), _("Wording chosen"))
    return render_inline(compare(allowed, chosen, titles), language=chosen_language())


def _said(refusal: Refusal) -> str:
    return refusal.en if chosen_language() == "en" else refusal.zh
