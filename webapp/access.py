"""Who may open which page: everything is closed unless its view says who it is for.

A view is declared with ``@needs(Action.READ)`` or ``@public``, below its route. A view that says
nothing is closed to everybody.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from clausebank.people import ROLE_NAMES, Action, Person
from clausebank.storage.approvals import waiting_for
from clausebank.storage.logins import Limits, find_person
from clausebank.storage.passwords import nobodys
from clausebank.storage.people import names_of_people
from webapp.current import open_workspace_of, workspace
from webapp.settings import Settings

PUBLIC = "public"
LOST_FILES = "_lost_files"
"""Field of a kept form that says files came with it: a page cannot hold those."""
BEFORE_PASSWORD = {"account.password", "account.change_password", "account.leave"}
COOKIE, SECURE_COOKIE = "clausebank", "__Host-clausebank"
UNAUTHORIZED = 401
View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Open a view to everybody, logged in or not."""
    view.needs = PUBLIC  # type: ignore[attr-defined]
    return view


def needs(action: Action) -> Callable[[View], View]:
    """Open a view to those who may do something."""

    def declare(view: View) -> View:
        view.needs = action  # type: ignore[attr-defined]
        return view

    return declare


def demand(action: Action) -> None:
    """Refuse a step within a view to those who may not do it."""
    if not g.person.may(action):
        abort(403)


def init_access(app: Flask, settings: Settings) -> None:
    """Ask at every request who it is and whether they may."""
    nobodys()  # made now: a first attempt with an unknown name must not take longer than the next
    app.extensions["login-limits"] = settings.limits()
    app.config["LOGIN_COOKIE"] = SECURE_COOKIE if settings.https == "yes" else COOKIE
    app.view_functions["static"] = public(app.view_functions["static"])
    app.before_request(_guard)
    app.context_processor(_words)
    app.jinja_env.filters["person"] = name_of_person


def login_limits() -> Limits:
    """Return how long one stays logged in and how often one may fail to log in."""
    limits: Limits = current_app.extensions["login-limits"]
    return limits


# --- the cookie ----------------------------------------------------------------------------------


def token() -> str:
    """Return what the cookie of this request holds, empty for none."""
    return request.cookies.get(current_app.config["LOGIN_COOKIE"], "")


def renew_forms(login: str) -> None:
    """Make the forms of whoever used this browser before void; one's own, still open, stay good."""
    if session.get("person") != login:
        session.clear()
        g.pop("csrf_token", None)
        session["person"] = login


def give_cookie(response: Response, token: str) -> None:
    """Let the browser be who has just logged in."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    name = current_app.config["LOGIN_COOKIE"]
    response.set_cookie(name, token, httponly=True, samesite="Lax", secure=secure)


def take_cookie(response: Response) -> None:
    """Let the browser be nobody."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    name = current_app.config["LOGIN_COOKIE"]
    response.delete_cookie(name, httponly=True, samesite="Lax", secure=secure)


# --- the gate ------------------------------------------------------------------------------------


def _guard() -> ResponseReturnValue | None:
    """Let through who may, send to the login who is nobody, refuse the rest."""
    g.person = present()
    if request.endpoint is None:
        return None
    needed = getattr(current_app.view_functions[request.endpoint], "needs", None)
    if needed == PUBLIC:
        return None
    if g.person is None:
        return _ask_to_log_in()
    if g.person.must_change and request.endpoint not in BEFORE_PASSWORD:
        return redirect(url_for("account.password"), 303)
    if needed is None or not g.person.may(needed):
        abort(403)
    return None


def present() -> Person | None:
    """Return who is logged in with this request, None for nobody."""
    held = token()
    return find_person(open_workspace_of(current_app).database, held, login_limits()) if held else None


def _ask_to_log_in() -> ResponseReturnValue:
    """Lead to the login and back; what a form sent is kept on the page and sent again afterwards."""
    from webapp.pages.account import login_page

    path = request.full_path.rstrip("?")
    if "HX-Request" in request.headers:
        return make_response("", UNAUTHORIZED)
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("account.log_in", next=path), 303)
    kept = [[name, text] for name, text in request.form.items(multi=True) if name != "csrf_token"]
    if any(file.filename for file in request.files.values()):
        kept.append([LOST_FILES, "1"])
    return login_page(path, kept=json.dumps(kept, ensure_ascii=False)), UNAUTHORIZED


# --- what templates know -------------------------------------------------------------------------


def _words() -> dict[str, object]:
    return {"person": g.get("person"), "Action": Action, "role_names": ROLE_NAMES, "waiting_count": _waiting}


def _waiting() -> int:
    """Return how many requests wait for whoever is logged in."""
    with workspace().database.reading() as database:
        return waiting_for(database, g.person.login, reviews=g.person.may(Action.REVIEW))


def name_of_person(login: str) -> str:
    """Return the name of whoever acted under a login name; others are called as they were."""
    if "names" not in g:
        with open_workspace_of(current_app).database.reading() as database:
            g.names = names_of_people(database)
    return str(g.names.get(login, login))
