"""Choosing the language of the pages."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug import Response

from webapp.i18n import COOKIE, LOCALES

bp = Blueprint("language", __name__)
YEAR = 365 * 24 * 60 * 60


@bp.get("/language/<code>")
def choose(code: str) -> ResponseReturnValue:
    """Remember the language and go back to the page it was chosen on."""
    if code not in LOCALES:
        abort(404)
    return remember(make_response(redirect(_local(request.args.get("back", "/")), 303)), code)


def remember(response: Response, code: str) -> Response:
    """Set the language cookie on a response."""
    response.set_cookie(COOKIE, code, max_age=YEAR, httponly=True, samesite="Lax")
    return response


def _local(path: str) -> str:
    """Return a path on this server; anything else becomes the first page."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if inside else "/"
