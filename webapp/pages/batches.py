"""Batches: handing in a file of rows, its check, and watching and steering what is made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from clausebank.assembly.frame import labels_of
from clausebank.assembly.select import Stances, topics_with_stances
from clausebank.document import Role, Stance
from clausebank.people import Action
from clausebank.storage import ledger
from clausebank.storage.files import keep_file, read_file
from clausebank.storage.ledger import Progress
from clausebank.storage.ledger_models import RENEWAL, Batch, BatchItem, BatchState, ItemState
from clausebank.templates import Template
from webapp.access import needs
from webapp.answers_file import InputError
from webapp.batch.columns import layout_of
from webapp.batch.engines import engine_of
from webapp.batch.form import write_form
from webapp.batch.grids import MAX_FILE, TYPES
from webapp.batch.names import PATTERN
from webapp.batch.output import INDEX, overviews, problems_text, stream_zip
from webapp.batch.report import marked_workbook
from webapp.batch.starting import plan_batch, store_plan
from webapp.current import open_workspace_of, settings, template_or_404, workspace
from webapp.drafting import FORMATS, USUAL
from webapp.entry import read_entry
from webapp.i18n import chosen_language, ngettext
from webapp.i18n import gettext as _
from webapp.renewals.summary import SUMMARY
from webapp.times import shown_time

bp = Blueprint("batches", __name__, url_prefix="/batches")
LISTED, ROWS, PROBLEMS, SHOWN_FAILED = 50, 100, 200, 50
UNPROCESSABLE, REFRESH = 422, 286
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEGABYTE = 1024 * 1024
STEPS: Mapping[str, tuple[BatchState, tuple[BatchState, ...]]] = {
    "start": (BatchState.RUNNING, (BatchState.CHECKED,)),
    "pause": (BatchState.PAUSED, (BatchState.RUNNING,)),
    "resume": (BatchState.RUNNING, (BatchState.PAUSED, BatchState.CANCELLED)),
    "cancel": (BatchState.CANCELLED, (BatchState.RUNNING, BatchState.PAUSED)),
}


@dataclass(frozen=True, slots=True)
class View:
    """A batch as the pages show it."""

    batch: Batch
    progress: Progress
    title: str
    made: str

    @property
    def settled(self) -> int:
        """How many rows are done or failed."""
        return self.progress.done + self.progress.failed

    @property
    def state(self) -> str:
        """What is said of it: its state, or that nothing is left to do."""
        finished = self.progress.state == BatchState.RUNNING and not self.progress.is_active
        return "finished" if finished else self.progress.state

    @property
    def remaining(self) -> str:
        """How long it will take at the rate of the last minute; empty where that cannot be told."""
        rate, left = self.progress.recent, self.progress.left
        if not (rate and left) or self.state != BatchState.RUNNING:
            return ""
        minutes = -(-left // rate)
        return ngettext("about %(num)d minute left", "about %(num)d minutes left", minutes)

    @property
    def is_renewal(self) -> bool:
        """Tell whether it renews contracts."""
        return self.batch.kind == RENEWAL

    @property
    def needs_decision(self) -> bool:
        """Tell whether its rows were checked and nothing was started."""
        return self.progress.state == BatchState.CHECKED


@bp.get("/")
@needs(Action.READ)
def index() -> str:
    """List the batches, the newest first."""
    page = max(request.args.get("page", 1, type=int), 1)
    query = select(Batch).order_by(Batch.created_at.desc(), Batch.id).limit(LISTED + 1)
    with workspace().database.reading() as session:
        found = session.scalars(query.offset((page - 1) * LISTED)).all()
        views = [_view(batch, ledger.progress_of(session, batch.id)) for batch in found[:LISTED]]
    return render_template(
        "batches/index.html", views=views, states=_states(), page=page, older=len(found) > LISTED
    )


@bp.get("/new")
@needs(Action.DEVIATE)
def new() -> str:
    """Choose a kind, or hand in the rows of the one chosen."""
    kind = request.args.get("kind", "")
    if not kind:
        return render_template("batches/kinds.html", templates=workspace().templates.values())
    return _hand_in(template_or_404(kind))


@bp.get("/form/<kind>.xlsx")
@needs(Action.DEVIATE)
def form(kind: str) -> Response:
    """Send the spreadsheet form of a kind for the stances chosen."""
    layout = layout_of(template_or_404(kind), workspace().bank, read_entry(request.args, ()).stances)
    return _download(write_form(layout), f"{kind}.xlsx")


@bp.post("/new/<kind>")
@needs(Action.DEVIATE)
def check(kind: str) -> ResponseReturnValue:
    """Check the rows of a file and keep the good ones until somebody decides."""
    template, place = template_or_404(kind), workspace()
    formats = [name for name in FORMATS if name in request.form.getlist("formats")]
    file = request.files.get("rows")
    if file is None or not file.filename:
        return _hand_in(template, _("Choose a file with rows."), "rows"), UNPROCESSABLE
    if not formats:
        return _hand_in(template, _("Choose at least one format."), "formats"), UNPROCESSABLE
    data, stances = file.read(MAX_FILE + 1), read_entry(request.form, ()).stances
    if len(data) > MAX_FILE:
        message = _("The file is larger than %(size)s MB: split it.", size=MAX_FILE // MEGABYTE)
        return _hand_in(template, message, "rows"), UNPROCESSABLE
    pattern = request.form.get("pattern", "").strip() or PATTERN
    try:
        plan = plan_batch(place, kind, data, file.filename, stances, formats, pattern)
    except InputError as error:
        said = error.en if chosen_language() == "en" else error.zh
        field, place_ = ("pattern", "") if error.place == "--name" else ("rows", f"{error.place}: ")
        return _hand_in(template, f"{place_}{said}", field), UNPROCESSABLE
    problems = [problem.data() for problem in plan.checked.problems[:PROBLEMS]]
    suffix = plan.source.rpartition(".")[2].lower()
    more = {
        "pattern": pattern,
        "problems": problems,
        "problem_count": len(plan.checked.problems),
        "upload": {"key": keep_file(place.files, data, suffix), "sha256": _digest(data)},
    }
    batch_id = store_plan(place, plan, BatchState.CHECKED, more)
    return redirect(url_for("batches.show", batch_id=batch_id), 303)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _hand_in(template: Template, error: str = "", field: str = "") -> str:
    """Show the page that takes a file; what was chosen before stays."""
    bank, labels = workspace().bank, labels_of({}, template.labels)
    topics = bank.vocabulary.topics
    return render_template(
        "batches/new.html",
        template=template,
        error=error,
        field=field,
        stances=read_entry(request.form, ()).stances,
        stance_names={
            Stance.CLIENT: _("Favours %(party)s", party=labels[Role.CLIENT]),
            Stance.NEUTRAL: _("Neutral"),
            Stance.PROVIDER: _("Favours %(party)s", party=labels[Role.PROVIDER]),
        },
        topics=[(name, topics[name]) for name in topics_with_stances(template, bank)],
        formats=FORMATS,
        format_names={"docx": "Word", "pdf": "PDF", "html": "HTML", "txt": _("Text"), "json": "JSON"},
        chosen=request.form.getlist("formats") or USUAL,
        pattern=request.form.get("pattern", PATTERN),
        accept=",".join(TYPES),
        megabytes=MAX_FILE // MEGABYTE,
    )


@bp.get("/<uuid:batch_id>")
@needs(Action.READ)
def show(batch_id: UUID) -> str:
    """Show how far a batch is, or what its check found; its failed rows and what was made."""
    view = _found(batch_id)
    after = max(request.args.get("after", 0, type=int), 0)
    rows = select(BatchItem).where(BatchItem.batch_id == batch_id)
    failed = rows.where(BatchItem.state == ItemState.FAILED.value).order_by(BatchItem.number)
    done = rows.where(BatchItem.state == ItemState.DONE.value, BatchItem.number > after)
    place = workspace()
    with place.database.reading() as session:
        wrong = session.scalars(failed.limit(SHOWN_FAILED)).all()
        made = session.scalars(done.order_by(BatchItem.number).limit(ROWS + 1)).all()
    return render_template(
        "batches/show.html",
        view=view,
        states=_states(),
        failed=[(item, problems_text(item, place.bank.vocabulary, [chosen_language()])) for item in wrong],
        made=made[:ROWS],
        more=made[ROWS - 1].number if len(made) > ROWS else 0,
        problems=view.batch.options.get("problems", []),
        problem_count=view.batch.options.get("problem_count", 0),
        summary=SUMMARY,
        index=INDEX,
        unheard="unheard" in request.args and view.state == BatchState.RUNNING,
    )


@bp.get("/<uuid:batch_id>/progress")
@needs(Action.READ)
def progress(batch_id: UUID) -> ResponseReturnValue:
    """Answer the page that watches: the bar again, or the whole page anew when nothing is left."""
    view = _found(batch_id)
    response = Response(render_template("batches/_progress.html", view=view, states=_states()))
    if view.state != BatchState.RUNNING:
        response.headers["HX-Refresh"] = "true"
    return response


@bp.post("/<uuid:batch_id>/<step>")
@needs(Action.DEVIATE)
def steer(batch_id: UUID, step: str) -> ResponseReturnValue:
    """Start, pause, resume or cancel a batch, make its failed rows again, or throw away its check."""
    _found(batch_id)
    if step == "discard":
        return _discard(batch_id)
    if step not in {*STEPS, "retry"}:
        abort(404)
    with workspace().database.writing() as session:
        if step == "retry":
            ledger.retry_failed(session, batch_id)
            ledger.steer(session, batch_id, BatchState.RUNNING, list(BatchState))
        else:
            to, since = STEPS[step]
            ledger.steer(session, batch_id, to, since)
    if step in {"start", "resume", "retry"}:
        return handed_over(batch_id)
    return redirect(url_for("batches.show", batch_id=batch_id), 303)


def handed_over(batch_id: UUID) -> ResponseReturnValue:
    """Let whoever makes contracts know of a batch, and go to its page, which says so if nobody heard."""
    heard = engine_of(settings()).hand_over(open_workspace_of(current_app), batch_id)
    page = url_for("batches.show", batch_id=batch_id, unheard=None if heard else 1)
    return redirect(page, 303)


def _discard(batch_id: UUID) -> ResponseReturnValue:
    with workspace().database.writing() as session:
        gone = ledger.delete_batch(session, batch_id)
    return redirect(url_for("batches.index") if gone else url_for("batches.show", batch_id=batch_id), 303)


@bp.get("/<uuid:batch_id>/report.xlsx")
@needs(Action.READ)
def report(batch_id: UUID) -> Response:
    """Send the file that was handed in with its bad cells marked."""
    batch = _found(batch_id).batch
    options, place = batch.options, workspace()
    if "upload" not in options or batch.kind not in place.templates:
        abort(404)
    data = read_file(place.files, options["upload"]["key"], options["upload"]["sha256"])
    plan = plan_batch(
        place,
        batch.kind,
        data,
        batch.source,
        Stances.from_data(options["stances"]),
        options["formats"],
        options["pattern"],
    )
    marked = marked_workbook(data, batch.source, plan.checked.problems)
    suffix = _("problems")
    return _download(marked, f"{batch.source.rpartition('.')[0]} {suffix}.xlsx")


@bp.get("/<uuid:batch_id>/overview/<name>")
@needs(Action.READ)
def overview(batch_id: UUID, name: str) -> Response:
    """Send the index of a batch, or the summary of its renewals."""
    _found(batch_id)
    for known, data in overviews(workspace(), batch_id):
        if known == name:
            return _download(data, name)
    return abort(404)


@bp.get("/<uuid:batch_id>/files.zip")
@needs(Action.READ)
def files(batch_id: UUID) -> Response:
    """Send all files of a batch as one ZIP, as it is read."""
    view = _found(batch_id)
    pieces = stream_with_context(stream_zip(workspace(), batch_id))
    return _attachment(Response(pieces, mimetype="application/zip"), f"{view.title} {view.made[:10]}.zip")


def _download(data: bytes, name: str) -> Response:
    return _attachment(Response(data, mimetype=SHEET), name)


def _attachment(response: Response, name: str) -> Response:
    """Let a browser save an answer under a name."""
    plain = name.encode("ascii", "ignore").decode().replace('"', "").strip() or "file"
    response.headers.set("Content-Disposition", "attachment", filename=plain)
    response.headers["Content-Disposition"] += f"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _found(batch_id: UUID) -> View:
    """Return a batch; one that is not there or somebody else's is a page that does not exist."""
    with workspace().database.reading() as session:
        batch = session.get(Batch, batch_id)
        if batch is None:
            abort(404)
        return _view(batch, ledger.progress_of(session, batch_id))


def _view(batch: Batch, progress: Progress) -> View:
    template = workspace().templates.get(batch.kind)
    title = (
        _("Renewals")
        if batch.kind == RENEWAL
        else template.title[chosen_language()]
        if template
        else batch.kind
    )
    return View(batch, progress, title, shown_time(batch.created_at))


def _states() -> dict[str, str]:
    return {
        "checked": _("To be decided"),
        "running": _("Running"),
        "paused": _("Paused"),
        "cancelled": _("Cancelled"),
        "finished": _("Finished"),
    }
