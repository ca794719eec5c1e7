"""For machines that watch: is it alive, is it ready, and its figures."""

from __future__ import annotations

import logging
from collections.abc import Callable
from hmac import compare_digest
from ipaddress import ip_address

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text

from clausebank.storage.migrate import is_current
from webapp.access import public
from webapp.current import open_workspace_of
from webapp.metrics import figures_of

bp = Blueprint("health", __name__)
log = logging.getLogger(__name__)
FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded")


@bp.get("/health/live")
@public
def live() -> ResponseReturnValue:
    """Answer as long as the process does."""
    return jsonify(alive=True)


@bp.get("/health/ready")
@public
def ready() -> ResponseReturnValue:
    """Tell whether database, tables and file store can be used; 503 when one cannot."""
    place = open_workspace_of(current_app)

    def database() -> bool:
        with place.database.reading() as session:
            session.execute(text("SELECT 1"))
        return True

    def storage() -> bool:
        place.files.check()
        return True

    asked: dict[str, Callable[[], bool]] = {
        "database": database,
        "tables": lambda: is_current(place.database),
        "storage": storage,
    }
    found = {name: _holds(name, ask) for name, ask in asked.items()}
    return jsonify(ready=all(found.values()), **found), 200 if all(found.values()) else 503


def _holds(name: str, ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except Exception:
        log.exception("not ready: %s", name)
        return False


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Give the figures to this machine, or to whoever knows the token."""
    if not (_is_this_machine() or _knows_token(current_app.config["METRICS_TOKEN"])):
        abort(403)
    place = open_workspace_of(current_app)
    return Response(figures_of(current_app).text(place.database), content_type=CONTENT_TYPE_LATEST)


def _is_this_machine() -> bool:
    """Tell whether the request began on this machine; what a proxy hands on did not."""
    if any(name in request.headers for name in FORWARDED):
        return False
    return ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104 (nobody's address)


def _knows_token(token: str) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and compare_digest(given.encode(), token.encode())
