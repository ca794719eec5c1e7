"""Users and teams, as administrators keep them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from clausebank.errors import UnknownName
from clausebank.people import PERMISSIONS, Action, UserRole
from clausebank.storage import people
from clausebank.storage.errors import Refusal
from clausebank.storage.people_models import DEFAULT_TEAM, Team, User
from webapp.access import needs
from webapp.current import workspace
from webapp.i18n import chosen_language
from webapp.i18n import gettext as _

bp = Blueprint("people", __name__, url_prefix="/people")
UNPROCESSABLE = 422


@bp.get("/")
@needs(Action.ADMINISTER)
def index() -> str:
    """List the users and show the form for a new one."""
    return _index()


@bp.post("/")
@needs(Action.ADMINISTER)
def add() -> ResponseReturnValue:
    """Add a user; the password for one use is shown on this page alone."""
    form = request.form
    try:
        with workspace().database.writing() as database:
            teams = form.getlist("team")
            user, password = people.add_user(
                database, form.get("login", ""), _role(), name=form.get("name", ""), teams=teams
            )
    except (Refusal, UnknownName) as refusal:
        return _index(_said(refusal)), UNPROCESSABLE
    return _once(user, password)


@bp.get("/<uuid:user_id>")
@needs(Action.ADMINISTER)
def user(user_id: UUID) -> str:
    """Show a user to change."""
    return _user_page(user_id)


@bp.post("/<uuid:user_id>")
@needs(Action.ADMINISTER)
def change(user_id: UUID) -> ResponseReturnValue:
    """Change a user, or give a new password for one use."""
    form = request.form
    try:
        with workspace().database.writing() as database:
            row = database.get(User, user_id) or abort(404)
            if form.get("step") == "reset":
                return _once(row, people.reset_password(database, row))
            _need_unchanged(row)
            people.change_user(
                database,
                row,
                name=form.get("name", ""),
                role=_role(),
                teams=form.getlist("team"),
                active="active" in form,
            )
    except (Refusal, UnknownName) as refusal:
        return _user_page(user_id, _said(refusal)), UNPROCESSABLE
    return redirect(url_for("people.index"), 303)


@bp.get("/teams")
@needs(Action.ADMINISTER)
def teams() -> str:
    """List the teams with their members."""
    return _teams_page()


@bp.post("/teams")
@needs(Action.ADMINISTER)
def change_team() -> ResponseReturnValue:
    """Add a team, or give one another name."""
    given = request.form.get("team", "")
    try:
        with workspace().database.writing() as database:
            if given:
                people.rename_team(database, _team(database, given), request.form.get("name", ""))
            else:
                people.add_team(database, request.form.get("name", ""))
    except Refusal as refusal:
        return _teams_page(_said(refusal)), UNPROCESSABLE
    return redirect(url_for("people.teams"), 303)


# --- what the pages share ------------------------------------------------------------------------


def _index(problem: str = "") -> str:
    with workspace().database.reading() as database:
        users, all_teams = people.all_users(database), people.all_teams(database)
    return render_template(
        "people/index.html",
        users=users,
        teams=all_teams,
        problem=problem,
        roles=list(UserRole),
        chosen_teams=request.form.getlist("team") or [t.name for t in all_teams if t.id == DEFAULT_TEAM],
        permissions=PERMISSIONS,
        actions=_action_names(),
    )


def _user_page(user_id: UUID, problem: str = "") -> str:
    with workspace().database.reading() as database:
        row = database.get(User, user_id) or abort(404)
        held = [team.name for team in row.teams]
        all_teams = people.all_teams(database)
    return render_template(
        "people/user.html",
        user=row,
        teams=all_teams,
        problem=problem,
        roles=list(UserRole),
        chosen_teams=request.form.getlist("team") if problem else held,
        revision=row.revision,
    )


def _once(user: User, password: str) -> str:
    return render_template("people/once.html", user=user, password=password)


def _teams_page(problem: str = "") -> str:
    with workspace().database.reading() as database:
        found, members = people.all_teams(database), people.members(database)
    return render_template("people/teams.html", teams=found, members=members, problem=problem)


def _team(database: Session, given: str) -> Team:
    try:
        return database.get(Team, UUID(given)) or abort(404)
    except ValueError:
        abort(404)


def _role() -> UserRole:
    try:
        return UserRole(request.form.get("role", ""))
    except ValueError:
        abort(400)


def _need_unchanged(user: User) -> None:
    """Refuse what was typed over something another administrator has changed meanwhile."""
    if request.form.get("revision", type=int) != user.revision:
        zh = "另一位管理员在此期间修改了这个用户；请对照下面的现状后再保存"
        raise Refusal(
            user.login, zh, "another administrator changed this user meanwhile: compare and save again"
        )


def _said(refusal: Refusal | UnknownName) -> str:
    if isinstance(refusal, UnknownName):
        return _("There is no team of this name: %(name)s", name=refusal.name)
    return refusal.en if chosen_language() == "en" else refusal.zh


def _action_names() -> dict[Action, str]:
    return {
        Action.READ: _("See contracts of the team and the clause bank"),
        Action.DRAFT: _("Draft contracts"),
        Action.DEVIATE: _("Go below the floor without approval"),
        Action.WRITE: _("Draft versions of clauses"),
        Action.REVIEW: _("Review"),
        Action.ADMINISTER: _("Administer"),
    }
