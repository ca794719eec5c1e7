"""Word shells: the shipped ones, and those the organisation restyled, brought as files and approved like texts."""

from __future__ import annotations

from io import BytesIO

from flask import Response, abort, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from clausebank.bank.model import Bilingual
from clausebank.people import Action
from clausebank.render.shell_check import check_shell
from clausebank.storage.files import download_name
from clausebank.storage.shells import add_shell, all_shells
from clausebank.storage.versions import Version, find_version, name_of
from schemas import example_answers
from webapp.access import needs
from webapp.current import workspace
from webapp.drafting import draft_contract
from webapp.pages.bank.shared import UNPROCESSABLE, bp, known, page, take
from webapp.pages.contracts import TYPES
from webapp.security import MEGABYTE
from webapp.shells import RefusedShell, Shell, check_name, shipped_names, shipped_shell

MAX_FILE = 10 * MEGABYTE
SHIPPED = 0
"""The number in the address of a shipped shell, which has no versions."""
Problems = dict[str, list[Bilingual]]


@bp.get("/shells")
@needs(Action.READ)
def shells() -> str:
    """List the shells; administrators bring new ones here."""
    return _page({})


@bp.post("/shells")
@needs(Action.ADMINISTER)
def bring() -> ResponseReturnValue:
    """Check a file and keep it as a draft; everything that is wrong is said at once."""
    name, note = (request.form.get(field, "").strip() for field in ("name", "note"))
    data, problems = _read(request.files.get("file"))
    problems |= _name_problems(name)
    if not note:
        problems["note"] = [Bilingual("请填写修改说明。", "A change note is needed.")]
    if problems:
        return _page(problems), UNPROCESSABLE

    def step(database: Session, who: str) -> Version:
        return add_shell(database, workspace().files, name, data, who, note)

    return redirect(url_for("bank.draft", name=name_of(take(step))))


@bp.get("/shells/<name>/<int:number>/shell.docx")
@needs(Action.READ)
def shell_file(name: str, number: int) -> Response:
    """Send the file of a shell, to be restyled or looked at."""
    return _sent(_found(name, number).path.read_bytes(), name)


@bp.get("/shells/<name>/<int:number>/sample.docx")
@needs(Action.READ)
def shell_sample(name: str, number: int) -> Response:
    """Send an example contract poured into a shell."""
    place = workspace()
    template = next(iter(place.templates.values()))
    raw = example_answers(template, place.bank)
    made = draft_contract(template, raw, place.bank, None, {"docx"}, shell=_found(name, number))
    return _sent(made.files["docx"], f"{name}-{template.kind}")


def _page(problems: Problems) -> str:
    with workspace().database.reading() as database:
        rows = all_shells(database)
    form = request.form
    return page(
        "shells.html", shipped=shipped_names(), rows=rows, problems=problems, megabytes=MAX_FILE // MEGABYTE,
        given={field: form.get(field, "") for field in ("name", "note")},
    )  # fmt: skip


def _read(file: FileStorage | None) -> tuple[bytes, Problems]:
    """Return a shell made ready from a file, or what is wrong with that."""
    if file is None or not file.filename:
        return b"", {"file": [Bilingual("请选择 Word 文件（.docx）。", "Choose a Word file (.docx).")]}
    data = file.stream.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        size = MAX_FILE // MEGABYTE
        zh, en = f"文件超过 {size} MB。", f"The file is larger than {size} MB."
        return b"", {"file": [Bilingual(zh, en)]}
    checked = check_shell(data)
    return checked.data, {"file": list(checked.problems)} if checked.problems else {}


def _name_problems(name: str) -> Problems:
    try:
        check_name(name)
    except RefusedShell as refused:
        return {"name": [Bilingual(refused.zh, refused.en)]}
    return {}


def _found(name: str, number: int) -> Shell:
    if number == SHIPPED:
        return shipped_shell(name) if name in shipped_names() else abort(404)
    place = workspace()
    with place.database.reading() as database:
        digest = known(lambda: find_version(database, f"shell/{name}:{number}")).sha256
    return Shell(name, place.shells.file(digest), digest)


def _sent(data: bytes, name: str) -> Response:
    return send_file(
        BytesIO(data),
        mimetype=TYPES["docx"],
        as_attachment=True,
        download_name=download_name(name, "", "docx"),
    )
