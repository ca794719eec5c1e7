"""One's own account: logging in and out, the password, the profile."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from clausebank.people import Action
from clausebank.storage.errors import Refusal
from clausebank.storage.logins import TooManyAttempts, log_in, log_out, start_session
from clausebank.storage.passwords import LONGEST, SHORTEST
from clausebank.storage.people import change_password as change
from clausebank.storage.people import find_user, folded, has_users
from webapp import access
from webapp.access import needs, public
from webapp.current import person, workspace
from webapp.i18n import chosen_language
from webapp.i18n import gettext as _
from webapp.security import local_path

bp = Blueprint("account", __name__)
UNAUTHORIZED, UNPROCESSABLE, TOO_MANY = 401, 422, 429


def login_page(path: str, *, kept: str = "", login: str = "", problem: str = "") -> str:
    """Return the page to log in; ``kept`` is a form as JSON pairs, sent to ``path`` afterwards."""
    with workspace().database.reading() as database:
        nobody = not has_users(database)
    return render_template(
        "account/login.html",
        next=path,
        kept=kept,
        lost_files=(access.LOST_FILES, "1") in _fields(kept),
        login=login,
        problem=problem,
        nobody=nobody,
    )


@bp.get("/login", endpoint="log_in")
@public
def show_login() -> ResponseReturnValue:
    """Show the page to log in; who is logged in already goes on."""
    path = local_path(request.args.get("next", "/"))
    if access.present():
        return redirect(path, 303)
    return login_page(path)


@bp.post("/login")
@public
def enter() -> ResponseReturnValue:
    """Log in and go where one was going."""
    form = request.form
    path, kept, login = local_path(form.get("next", "/")), form.get("kept", ""), form.get("login", "")[:100]
    limits, database = access.login_limits(), workspace().database
    try:
        address = request.remote_addr or ""
        token = log_in(database, login, form.get("password", "")[:LONGEST], address, limits)
    except TooManyAttempts:
        minutes = int(limits.window.total_seconds() // 60)
        problem = _("Logging in failed too often. Try again in %(num)s minutes.", num=minutes)
        page = make_response(login_page(path, kept=kept, login=login, problem=problem), TOO_MANY)
        page.headers["Retry-After"] = str(minutes * 60)
        return page
    if token is None:
        problem = _("Login name and password do not belong together.")
        return login_page(path, kept=kept, login=login, problem=problem), UNAUTHORIZED
    before = access.present()
    if before:
        log_out(database, access.token(), before)
    access.renew_forms(folded(login))
    response = _resume(path, kept)
    access.give_cookie(response, token)
    return response


def _resume(path: str, kept: str) -> Response:
    """Go where one was going; a form that was under way is shown to be sent again.

    Where files were lost no contract is made of it: the form opens again, to choose them anew.
    """
    fields = list(_fields(kept))
    if not fields:
        return redirect(path, 303)
    lost = (access.LOST_FILES, "1") in fields
    if lost:
        fields = [(name, text) for name, text in fields if name not in {access.LOST_FILES, "_create"}]
    return make_response(render_template("account/resume.html", action=path, fields=fields, lost_files=lost))


def _fields(kept: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of a kept form; nothing of what is no such form."""
    try:
        pairs = json.loads(kept or "[]")
    except ValueError:
        return
    for pair in pairs if isinstance(pairs, list) else ():
        match pair:
            case [str(name), str(text)]:
                yield name, text


@bp.post("/logout")
@needs(Action.READ)
def leave() -> ResponseReturnValue:
    """Log out: the session is over on the server too."""
    log_out(workspace().database, access.token(), person())
    response = redirect(url_for("account.log_in"), 303)
    access.take_cookie(response)
    return response


@bp.get("/password")
@needs(Action.READ)
def password() -> str:
    """Show the page to change one's password."""
    return _password_page()


@bp.post("/password")
@needs(Action.READ)
def change_password() -> ResponseReturnValue:
    """Change the password; every other browser is logged out."""
    form = request.form
    with workspace().database.writing() as database:
        user = find_user(database, person().login)
        try:
            change(database, user, form.get("old", ""), form.get("new", ""), form.get("again", ""))
        except Refusal as refusal:
            return _password_page(refusal), UNPROCESSABLE
        token = start_session(database, user)
    response = redirect(url_for("account.profile", changed=1), 303)
    access.give_cookie(response, token)
    return response


def _password_page(refusal: Refusal | None = None) -> str:
    problems = {refusal.place: refusal.en if chosen_language() == "en" else refusal.zh} if refusal else {}
    return render_template("account/password.html", problems=problems, shortest=SHORTEST, longest=LONGEST)


@bp.get("/profile")
@needs(Action.READ)
def profile() -> str:
    """Show who one is, what one may do and to which teams one belongs."""
    with workspace().database.reading() as database:
        user = find_user(database, person().login)
    return render_template("account/profile.html", user=user, changed="changed" in request.args)
