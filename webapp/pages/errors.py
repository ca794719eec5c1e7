"""Error pages: what went wrong and what to do, in the visitor's language."""

from __future__ import annotations

from flask import Flask, Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from clausebank.storage.errors import StoreError, StoreUnavailable
from webapp.i18n import chosen_language
from webapp.i18n import gettext as _
from webapp.metrics import figures_of


def init_errors(app: Flask) -> None:
    """Show our own page for every HTTP error, and for a fault of ours."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(StoreError, store_fault)
    app.register_error_handler(Exception, fault)


def show(error: HTTPException) -> ResponseReturnValue:
    """Show an HTTP error."""
    code = error.code or 500
    if isinstance(error, SecurityError):
        return Response("这个网址不受信任。 This address is not trusted.\n", code, mimetype="text/plain")
    if isinstance(error, CSRFError):
        return _page(
            code,
            _("This form can no longer be sent"),
            _("Its protection has expired. Go back, reload the page and send it again."),
        )
    heading, advice = _words(code)
    response = error.get_response()
    response.data = _page(code, heading, advice)[0]
    response.content_type = "text/html; charset=utf-8"
    return response


def fault(error: Exception) -> ResponseReturnValue:
    """Log a fault of ours and show a page that does not tell its inside."""
    current_app.logger.error("unexpected error", exc_info=error)
    return _page(500, *_words(500))


def store_fault(error: StoreError) -> ResponseReturnValue:
    """Log that a file cannot be had and say which and what to do."""
    current_app.logger.error("%s", error)
    figures_of(current_app).storage_errors.inc()
    code = 503 if isinstance(error, StoreUnavailable) else 500
    return _page(code, _("The file cannot be had"), error.en if chosen_language() == "en" else error.zh)


def _page(code: int, heading: str, advice: str) -> tuple[str, int]:
    return render_template("error.html", code=code, heading=heading, advice=advice), code


def _words(code: int) -> tuple[str, str]:
    known = {
        400: (
            _("The request cannot be understood"),
            _("Go back, check the address or the form and try again."),
        ),
        403: (
            _("This is not open to you"),
            _("Your role does not allow it. Ask an administrator or somebody who may."),
        ),
        404: (_("There is no such page"), _("The address may be mistyped, or what it named was removed.")),
        405: (_("This cannot be done here"), _("Use the buttons and links of the pages.")),
        413: (
            _("That was too much at once"),
            _("Shorten the longest entries, or send large files one at a time."),
        ),
        500: (_("Something went wrong on our side"), _("Nothing was saved. Go back and try again.")),
    }
    return known.get(code, known[400] if code < 500 else known[500])  # noqa: PLR2004 (client or server)
