"""The styles of the paper and of differences, which saved HTML files share."""

from __future__ import annotations

from flask import Blueprint, Response

from clausebank.compare.html import comparison_style
from clausebank.render.html import paper_style
from webapp.access import public

bp = Blueprint("paper", __name__)


@bp.get("/paper.css")
@public
def style() -> Response:
    """Return the style sheet of the paper."""
    return Response(paper_style(), mimetype="text/css")


@bp.get("/comparison.css")
@public
def comparison() -> Response:
    """Return the style sheet of differences."""
    return Response(comparison_style(), mimetype="text/css")
