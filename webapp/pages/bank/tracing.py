"""What happened to a text: its versions, one of them alone, and the audit trail of an object."""

from __future__ import annotations

from flask import request

from clausebank.bank.reader import parse
from clausebank.people import Action
from clausebank.storage.audit import latest
from clausebank.storage.models import ClauseVersion
from clausebank.storage.versions import (
    find_version,
    history,
    name_of,
    newest_approved,
    parse_name,
    series_of,
    text_of,
)
from webapp.access import needs
from webapp.clausetext import Blocks, Reader
from webapp.current import workspace
from webapp.i18n import gettext as _
from webapp.pages.bank.shared import bp, known, page

EVENTS = 200


@bp.get("/history/<path:name>")
@needs(Action.READ)
def versions(name: str) -> str:
    """List all versions of a text."""
    with workspace().database.reading() as database:
        rows = known(lambda: history(database, parse_name(name)[0]))
        current = newest_approved(database, series_of(rows[0]))
    return page("history.html", series=str(series_of(rows[0])), rows=rows, current=current)


@bp.get("/versions/<path:name>")
@needs(Action.READ)
def version(name: str) -> str:
    """Show one version: its text, who took part, and what can be done from here."""
    place = workspace()
    with place.database.reading() as database:
        row = known(lambda: find_version(database, name))
        current = newest_approved(database, series_of(row))
    blocks: Blocks = ()
    if isinstance(row, ClauseVersion):
        body, problems = parse(row.text)
        blocks = () if problems else Reader(place.bank, place.templates).read(body)
    return page(
        "version.html", row=row, series=str(series_of(row)), text=text_of(row), blocks=blocks,
        current=current, source="source" in request.args or not blocks,
    )  # fmt: skip


@bp.get("/trail/<path:name>")
@needs(Action.READ)
def trail(name: str) -> str:
    """Show who did what when to a version, or to all versions of a text."""
    with workspace().database.reading() as database:
        series, number = known(lambda: parse_name(name))
        targets = [name] if number else [name_of(row) for row in known(lambda: history(database, series))]
        found = latest(database, targets, EVENTS)
    return page("trail.html", name=name, series=str(series), events=found, actions=action_names())


def action_names() -> dict[str, str]:
    """Return the steps the audit trail records, by name."""
    return {
        "draft": _("Draft begun"),
        "save": _("Draft saved"),
        "submit": _("Submitted for review"),
        "approve": _("Approved"),
        "return": _("Returned to the author"),
        "discard": _("Draft discarded"),
        "retire": _("Retired"),
        "make": _("Contract made"),
        "load shipped": _("Shipped texts loaded"),
    }
