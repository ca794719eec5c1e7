"""What the pages of the bank share: who acts, names of states and stances, how a step is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort, render_template, request
from sqlalchemy.orm import Session

from clausebank.document import Stance
from clausebank.errors import UnknownName
from clausebank.storage.errors import Refusal
from clausebank.storage.models import Status
from clausebank.storage.versions import name_of
from webapp.current import person, workspace
from webapp.i18n import chosen_language
from webapp.i18n import gettext as _
from webapp.times import shown_time

bp = Blueprint("bank", __name__, url_prefix="/bank")
T = TypeVar("T")
PAGE = 50
UNPROCESSABLE = 422


def actor() -> str:
    """Return who acts: whoever is logged in."""
    return person().login


def take(step: Callable[[Session, str], T]) -> T:
    """Take a step in one transaction, in the name of whoever is logged in."""
    with workspace().database.writing() as database:
        return step(database, actor())


def known(find: Callable[[], T]) -> T:
    """Return what is found; an unknown name is a page that does not exist."""
    try:
        return find()
    except UnknownName:
        abort(404)


def page_asked() -> int:
    """Return the number of the page asked for, 1 for the first."""
    return max(request.args.get("page", 1, type=int), 1)


def page(template: str, **given: object) -> str:
    """Return a page of the bank with the names all of them use."""
    return render_template(
        f"bank/{template}", name_of=name_of, statuses=status_names(), stances=stance_names(),
        moment=shown_time, **given,
    )  # fmt: skip


def refused(refusal: Refusal) -> tuple[str, int]:
    """Return the page that says why a step was refused."""
    shown = render_template(
        "error.html", code=UNPROCESSABLE, heading=_("This step was refused"), advice=message(refusal)
    )
    return shown, UNPROCESSABLE


def message(refusal: Refusal) -> str:
    """Return why a step was refused, in the visitor's language."""
    return refusal.en if chosen_language() == "en" else refusal.zh


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
