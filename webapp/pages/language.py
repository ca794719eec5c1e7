"""Choosing the language of the pages."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug import Response

from webapp.access import public
from webapp.i18n import COOKIE, LOCALES
from webapp.security import local_path

bp = Blueprint("language", __name__)
YEAR = 365 * 24 * 60 * 60


@bp.get("/language/<code>")
@public
def choose(code: str) -> ResponseReturnValue:
    """Remember the language and go back to the page it was chosen on."""
    if code not in LOCALES:
        abort(404)
    return remember(make_response(redirect(local_path(request.args.get("back", "/")), 303)), code)


def remember(response: Response, code: str) -> Response:
    """Set the language cookie on a response."""
    response.set_cookie(COOKIE, code, max_age=YEAR, httponly=True, samesite="Lax")
    return response
