"""ClauseBank: versioned clauses assembled into Chinese service contracts.

The public names; renderers load when first used, so that the command line starts quickly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from clausebank.assembly.assemble import assemble
from clausebank.assembly.select import Stances, select
from clausebank.bank.load import load_bank
from clausebank.checks import check_bank, check_template
from clausebank.compare import compare
from clausebank.lint import lint
from clausebank.templates import load_templates

if TYPE_CHECKING:
    from clausebank.render.docx import render_docx
    from clausebank.render.html import render_html
    from clausebank.render.json import render_json
    from clausebank.render.pdf import render_pdf
    from clausebank.render.text import render_text

__all__ = [
    "Stances",
    "assemble",
    "check_bank",
    "check_template",
    "compare",
    "lint",
    "load_bank",
    "load_templates",
    "render_docx",
    "render_html",
    "render_json",
    "render_pdf",
    "render_text",
    "select",
]


def __getattr__(name: str) -> Any:
    if name.startswith("render_") and name in __all__:
        return getattr(import_module(f"clausebank.render.{name.removeprefix('render_')}"), name)
    raise AttributeError(name)
