"""The web application: pages, command line and everything else that runs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Mapping[str, object] | None = None) -> Flask:
    """Make the application; ``config`` overrides the environment and Flask's own settings."""
    from flask import Flask
    from jinja2 import StrictUndefined

    from webapp.access import init_access
    from webapp.current import open_for
    from webapp.i18n import init_languages
    from webapp.logs import init_logs
    from webapp.metrics import init_metrics
    from webapp.pages import BLUEPRINTS
    from webapp.pages.errors import init_errors
    from webapp.security import LIMITS, init_security, secret_key
    from webapp.settings import Settings

    given = dict(config or {})
    settings = Settings.from_environment(
        {
            **os.environ,
            **{name: str(value) for name, value in given.items() if name.startswith("CLAUSEBANK_")},
        },
    )
    app = Flask(__name__)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config.from_mapping(LIMITS)
    app.config.from_mapping(given)
    app.config["SECRET_KEY"] = settings.secret_key or secret_key(settings.home)
    app.config["METRICS_TOKEN"] = settings.metrics_token
    open_for(app, settings)
    init_languages(app, settings.language)
    init_security(app, settings)
    init_access(app, settings)
    init_errors(app)
    init_metrics(app)
    init_logs(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
