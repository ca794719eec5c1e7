"""What the pages of the running application work from: settings and workspace, opened once at start."""

from __future__ import annotations

from typing import cast

from flask import Flask, abort, current_app

from clausebank.templates import Template
from webapp.settings import Settings
from webapp.workspace import Workspace, open_workspace


def open_for(app: Flask, settings: Settings) -> None:
    """Open the workspace for an application."""
    app.extensions["workspace"] = open_workspace(settings)


def workspace() -> Workspace:
    """Return the database, files, bank and templates."""
    return cast("Workspace", current_app.extensions["workspace"])


def template_or_404(kind: str) -> Template:
    """Return the template of a kind; an unknown one is a page that does not exist."""
    template = workspace().templates.get(kind)
    return template if template is not None else abort(404)
