"""Drafts that belong together: submitted, approved or returned in one step, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from clausebank.errors import BankError
from clausebank.people import Action
from clausebank.storage import lifecycle
from clausebank.storage.errors import Refusal
from clausebank.storage.versions import open_versions
from webapp.access import demand, needs
from webapp.current import refresh, workspace
from webapp.pages.bank.shared import UNPROCESSABLE, bp, known, page, take
from webapp.reviewing import full_findings


@bp.get("/drafts")
@needs(Action.WRITE)
def drafts() -> str:
    """List the drafts and what waits for review."""
    return _page()


@bp.post("/together")
@needs(Action.WRITE)
def together() -> ResponseReturnValue:
    """Take a step with all chosen drafts; where one is refused, none takes it."""
    chosen, comment = request.form.getlist("chosen"), request.form.get("comment", "")
    steps: dict[str, Callable[[Session, str], Any]] = {
        "submit": lambda database, who: lifecycle.submit(database, chosen, who, full_findings),
        "approve": lambda database, who: lifecycle.approve(database, chosen, who, full_findings),
        "return": lambda database, who: [lifecycle.send_back(database, n, who, comment) for n in chosen],
    }
    name = request.form.get("step", "")
    step = steps.get(name) or abort(400)
    if name != "submit":
        demand(Action.REVIEW)
    try:
        _need_chosen(chosen)
        known(lambda: take(step))
    except (Refusal, BankError) as refusal:
        return _page(refusal, chosen, comment), UNPROCESSABLE
    if name == "approve":
        refresh()
    return redirect(url_for("bank.drafts"))


def _need_chosen(chosen: Sequence[str]) -> None:
    if not chosen:
        raise Refusal("drafts", "请至少选择一项", "choose one at least")


def _page(refusal: Refusal | BankError | None = None, chosen: Sequence[str] = (), comment: str = "") -> str:
    with workspace().database.reading() as database:
        rows = open_versions(database)
    return page("drafts.html", rows=rows, refusal=refusal, chosen=chosen, comment=comment)
