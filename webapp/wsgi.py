"""The entry for WSGI servers: ``gunicorn "webapp.wsgi:served()"``."""

from __future__ import annotations

from flask import Flask

from webapp import create_app
from webapp.logs import start_logging
from webapp.settings import Settings
from webapp.settling import settle


def served() -> Flask:
    """Return the application by the settings of the environment, its logs on the error output."""
    start_logging(Settings.from_environment())
    app = create_app()
    settle()
    return app
