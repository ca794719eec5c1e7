"""What the pages of the running application work from: settings and workspace, opened once at start."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from flask import Flask, abort, current_app, g

from clausebank.people import Person
from clausebank.templates import Template
from webapp.settings import Settings
from webapp.workspace import Workspace, open_workspace


def open_for(app: Flask, settings: Settings) -> None:
    """Open the workspace for an application."""
    app.extensions["settings"] = settings
    app.extensions["workspace"] = open_workspace(settings)


def open_workspace_of(app: Flask) -> Workspace:
    """Return the database, files, bank and templates of an application, limited to nobody."""
    return cast("Workspace", app.extensions["workspace"])


def workspace() -> Workspace:
    """Return the database, files, bank and templates as whoever is logged in may see them.

    Once a request it looks whether the bank changed.
    """
    if "looked_at_bank" not in g:
        g.looked_at_bank = True
        refresh()
    opened = open_workspace_of(current_app)
    person: Person | None = g.get("person")
    return opened if person is None else replace(opened, database=opened.database.seen_by(person))


def person() -> Person:
    """Return who is logged in; asked for only where somebody is."""
    return cast("Person", g.person)


def settings() -> Settings:
    """Return the settings the application was started with."""
    return cast("Settings", current_app.extensions["settings"])


def refresh() -> None:
    """Read the bank anew when a version came into force, here or in another process."""
    current_app.extensions["workspace"] = open_workspace_of(current_app).renewed()


def template_or_404(kind: str) -> Template:
    """Return the template of a kind; an unknown one is a page that does not exist."""
    template = workspace().templates.get(kind)
    return template if template is not None else abort(404)
