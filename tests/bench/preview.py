"""The form's live preview: one request, as the browser sends it, against a running application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from schemas.forms import flatten
from tests.bench.clock import Engine
from tests.bench.contract import Case
from tests.people import logged_in
from tests.webapp.browsing import open_page
from webapp import create_app
from webapp.workbench import questions


@contextmanager
def preview(case: Case, folder: Path) -> Iterator[Engine]:
    """Yield the engine that sends the form of one document after another, each saved as the same draft."""
    app = create_app({"CLAUSEBANK_HOME": folder / "home", "CLAUSEBANK_GENERATED": folder / "generated"})
    workspace = app.extensions["workspace"]
    app.extensions["workspace"] = replace(workspace, templates={case.template.kind: case.template})
    page = open_page(logged_in(app), f"/contracts/new/{case.template.kind}")
    blanks = questions(case.template, workspace.bank)

    def send(number: int) -> bytes:
        sent = {**page.values, **flatten(case.raw(number), blanks)}
        answer = page.client.post(page.form["hx-post"], data=sent)
        assert answer.status_code == 200
        return answer.data

    yield Engine("preview: save, check, assemble, lint, HTML", send)
    workspace.database.close()
