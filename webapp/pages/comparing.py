"""Comparing by name: two contracts, a contract on the newest texts, two clause texts, two templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from flask import Blueprint, Response, abort, jsonify, render_template, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from clausebank.compare import Comparison, compare
from clausebank.compare.data import comparison_data
from clausebank.compare.html import render_inline, render_side_by_side
from clausebank.compare.redline import redline
from clausebank.errors import ClauseBankError
from clausebank.people import Action
from clausebank.storage.files import download_name
from clausebank.storage.versions import find_version, name_of, text_of
from webapp.access import needs
from webapp.comparing import Source, find_source
from webapp.current import workspace
from webapp.i18n import chosen_language
from webapp.i18n import gettext as _
from webapp.pages.bank.shared import actor
from webapp.pages.contracts import TYPES
from webapp.reviewing import Line, text_difference

bp = Blueprint("comparing", __name__, url_prefix="/compare")
SIDES = ("old", "new")
NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Plain:
    """A template or the vocabulary, which have no document and are compared as text."""

    name: str
    text: str


@bp.get("/")
@needs(Action.READ)
def show() -> ResponseReturnValue:
    """Show how two texts differ, inline or side by side; without names, ask for them."""
    names = {side: request.args.get(side, "").strip() for side in SIDES}
    beside = request.args.get("view") == "beside"
    found, problems = _find(names) if any(names.values()) else ({}, {})
    compared = len(found) == len(SIDES)
    html, lines = _result(found["old"], found["new"], beside=beside) if compared else ("", [])
    shown = render_template(
        "compare.html",
        names=names,
        problems=problems,
        beside=beside,
        compared=compared,
        html=html,
        lines=lines,
    )
    return shown, NOT_FOUND if problems else 200


@bp.get("/redline.docx")
@needs(Action.READ)
def word() -> Response:
    """Send a Word file with both texts in it as tracked changes."""
    old, new = _documents()
    data = redline(
        old.document, new.document, new.shell, author=actor(), date=datetime.now(UTC), emphasis=new.emphasis
    )
    name = download_name(_("Redline"), new.document.title, "docx")
    response = send_file(BytesIO(data), mimetype=TYPES["docx"], as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/changes.json")
@needs(Action.READ)
def data() -> Response:
    """Send what differs for a machine."""
    old, new = _documents()
    return jsonify(old=old.name, new=new.name, **comparison_data(_compared(old, new)))


def _documents() -> tuple[Source, Source]:
    """Return both texts; a page that does not exist where one is unknown or has no document."""
    found, _problems = _find({side: request.args.get(side, "").strip() for side in SIDES})
    old, new = (found.get(side) for side in SIDES)
    if not (isinstance(old, Source) and isinstance(new, Source)):
        abort(NOT_FOUND)
    return old, new


def _find(names: dict[str, str]) -> tuple[dict[str, Source | Plain], dict[str, str]]:
    """Return the texts found and what is wrong with the other names, by side."""
    found: dict[str, Source | Plain] = {}
    problems: dict[str, str] = {}
    with workspace().database.reading() as database:
        for side, name in names.items():
            try:
                found[side] = _source(name, database)
            except ClauseBankError:
                problems[side] = _("There is no contract and no text of this name.")
    if len({type(one) for one in found.values()}) > 1:
        problems["new"] = _("A template or the vocabulary is compared with another version of it.")
        found = {}
    return found, problems


def _source(name: str, database: Session) -> Source | Plain:
    if name.startswith(("template/", "vocabulary")):
        row = find_version(database, name)
        return Plain(name_of(row), text_of(row))
    return find_source(workspace(), name, files=False)


def _result(old: Source | Plain, new: Source | Plain, *, beside: bool) -> tuple[str, list[Line]]:
    """Return a comparison as HTML, or that of plain texts line by line, empty where they are the same."""
    if isinstance(old, Plain) or isinstance(new, Plain):
        texts = [one.text for one in (old, new) if isinstance(one, Plain)]
        return "", [] if len(set(texts)) == 1 else text_difference(*texts)
    render = render_side_by_side if beside else render_inline
    return render(_compared(old, new), language=chosen_language()), []


def _compared(old: Source, new: Source) -> Comparison:
    return compare(old.document, new.document, (old.name, new.name))
