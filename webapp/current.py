"""What the pages of the running application work from: settings and workspace, opened once at start."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from flask import Flask, abort, current_app, g

from clausebank.people import Person
from clausebank.storage.bank import load_stored_bank, load_stored_templates
from clausebank.templates import Template
from webapp.settings import Settings
from webapp.workspace import Workspace, open_workspace


def open_for(app: Flask, settings: Settings) -> None:
    """Open the workspace for an application."""
    app.extensions["workspace"] = open_workspace(settings)


def open_workspace_of(app: Flask) -> Workspace:
    """Return the database, files, bank and templates of an application, limited to nobody."""
    return cast("Workspace", app.extensions["workspace"])


def workspace() -> Workspace:
    """Return the database, files, bank and templates as whoever is logged in may see them."""
    opened = open_workspace_of(current_app)
    person: Person | None = g.get("person")
    return opened if person is None else replace(opened, database=opened.database.seen_by(person))


def person() -> Person:
    """Return who is logged in; asked for only where somebody is."""
    return cast("Person", g.person)


def refresh() -> None:
    """Read the bank anew after a version came into force."""
    opened = open_workspace_of(current_app)
    with opened.database.reading() as session:
        bank, templates = load_stored_bank(session), load_stored_templates(session)
    current_app.extensions["workspace"] = replace(opened, bank=bank, templates=templates)


def template_or_404(kind: str) -> Template:
    """Return the template of a kind; an unknown one is a page that does not exist."""
    template = workspace().templates.get(kind)
    return template if template is not None else abort(404)
