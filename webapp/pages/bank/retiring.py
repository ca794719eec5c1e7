"""Taking a clause, one of its one-sided texts or a template out of force, with what is taken instead."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from clausebank.document import Stance
from clausebank.people import Action
from clausebank.storage import lifecycle
from clausebank.storage.errors import Refusal
from clausebank.storage.impact import citing, contracts_by_version, kinds_taking
from clausebank.storage.models import ClauseVersion
from clausebank.storage.versions import Series, clause_series, history, parse_name, template_series
from webapp.access import needs
from webapp.current import refresh, workspace
from webapp.pages.bank.shared import UNPROCESSABLE, bp, known, message, page, take
from webapp.shells import shipped_names


@bp.get("/retire/<path:target>")
@needs(Action.REVIEW)
def retirement(target: str) -> str:
    """Show what uses a text and ask why it is retired and what is taken instead."""
    return _page(target)


@bp.post("/retire/<path:target>")
@needs(Action.REVIEW)
def retire(target: str) -> ResponseReturnValue:
    """Retire a text."""
    series = _series(target)
    note, replacement = request.form.get("note", ""), request.form.get("replacement", "").strip()
    try:
        take(lambda database, who: lifecycle.retire(database, target, who, note, replacement))
    except Refusal as refusal:
        return _page(target, refusal), UNPROCESSABLE
    refresh()
    return redirect(url_for("bank.versions", name=str(series)))


def _page(target: str, refusal: Refusal | None = None) -> str:
    place, series = workspace(), _series(target)
    whole = series.stance == Stance.NEUTRAL
    with place.database.reading() as database:
        rows = known(lambda: history(database, series))
        ids = [row.id for row in rows if isinstance(row, ClauseVersion)]
        contracts = sum(contracts_by_version(database, ids).values())
    clauses = place.bank.clauses
    return page(
        "retire.html", target=target, series=str(series), contracts=contracts, whole=whole,
        clause=clauses.get(series.clause), kind=place.templates.get(series.kind),
        kinds=[place.templates[k] for k in kinds_taking(place.templates, series.clause)] if whole else [],
        cited=[clauses[id_] for id_ in citing(place.bank, series.clause)] if whole else [],
        choices=_choices(series), note=request.form.get("note", ""),
        replacement=request.form.get("replacement", ""), problem=message(refusal) if refusal else "",
    )  # fmt: skip


def _series(target: str) -> Series:
    """Return the texts a target names: those of a stance, a template, a Word shell, or the neutral ones of a clause."""
    if target.startswith("template/"):
        return template_series(target.removeprefix("template/"))
    if target.startswith("shell/"):
        return known(lambda: parse_name(target))[0]
    clause_id, _, stance = target.partition("@")
    series, number = known(lambda: parse_name(f"{clause_id}@{stance or 'neutral'}"))
    return clause_series(series.clause, series.stance) if number is None else abort(404)


def _choices(series: Series) -> list[tuple[str, str]]:
    """Return what could be taken instead, name and title: clauses of the topic first, or other kinds."""
    place = workspace()
    if series.shell:
        names = place.shells.names()[len(shipped_names()) :]
        return [(name, name) for name in names if name != series.shell]
    if series.kind:
        return [(kind, t.title.zh) for kind, t in place.templates.items() if kind != series.kind]
    topic = series.clause.partition(".")[0]
    others = [clause for clause in place.bank.clauses.values() if clause.id != series.clause]
    return [(c.id, c.title.zh) for c in sorted(others, key=lambda c: (c.topic != topic, c.id))]
