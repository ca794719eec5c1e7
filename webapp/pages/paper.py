"""The style of the paper, which saved HTML files share."""

from __future__ import annotations

from flask import Blueprint, Response, send_file

from clausebank.render.html import STYLE

bp = Blueprint("paper", __name__)


@bp.get("/paper.css")
def style() -> Response:
    """Return the style sheet of the paper."""
    return send_file(STYLE, mimetype="text/css", max_age=0)
