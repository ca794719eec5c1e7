"""What the pages of the running application work from: settings and workspace, opened once at start."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from flask import Flask, abort, current_app

from clausebank.storage.bank import load_stored_bank, load_stored_templates
from clausebank.templates import Template
from webapp.settings import Settings
from webapp.workspace import Workspace, open_workspace


def open_for(app: Flask, settings: Settings) -> None:
    """Open the workspace for an application."""
    app.extensions["workspace"] = open_workspace(settings)


def workspace() -> Workspace:
    """Return the database, files, bank and templates."""
    return cast("Workspace", current_app.extensions["workspace"])


def refresh() -> None:
    """Read the bank anew after a version came into force."""
    opened = workspace()
    with opened.database.reading() as session:
        bank, templates = load_stored_bank(session), load_stored_templates(session)
    current_app.extensions["workspace"] = replace(opened, bank=bank, templates=templates)


def template_or_404(kind: str) -> Template:
    """Return the template of a kind; an unknown one is a page that does not exist."""
    template = workspace().templates.get(kind)
    return template if template is not None else abort(404)
