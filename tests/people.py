"""People for tests: one or two a role in the first team, and a reviewer of another team.

``logged_in(app)`` gives a client of the administrator, ``logged_in(app, "王律师")`` one of somebody else:
the session is made in the database, so no password is hashed. Whoever logs in by the page types PASSWORD.
"""

from __future__ import annotations

from functools import cache

from flask import Flask
from flask.testing import FlaskClient

from clausebank.people import UserRole
from clausebank.storage.database import Database
from clausebank.storage.logins import start_session
from clausebank.storage.passwords import hash_password
from clausebank.storage.people import find_user, has_users
from clausebank.storage.people_models import DEFAULT_TEAM, Team, User

PASSWORD = "一句 记得住的 correct horse"
ADMINISTRATOR = "admin"
PEOPLE = {
    ADMINISTRATOR: UserRole.ADMINISTRATOR,
    "王律师": UserRole.LAWYER,
    "赵律师": UserRole.LAWYER,
    "李审核": UserRole.REVIEWER,
    "钱采购": UserRole.PROCUREMENT,
    "孙查看": UserRole.VIEWER,
}
STRANGER = "外地审核"


class Client(FlaskClient):
    """A client that reads every answer to its end, as a browser does."""

    def open(self, *arguments, **options):
        return super().open(*arguments, **{"buffered": True, **options})


@cache
def kept_password() -> str:
    return hash_password(PASSWORD)


def add_people(database: Database) -> None:
    """Add everybody, unless they are there already."""
    with database.writing() as session:
        if has_users(session):
            return
        home, other = session.get_one(Team, DEFAULT_TEAM), Team(name="外地团队")
        for login, role, team in [
            *((login, role, home) for login, role in PEOPLE.items()),
            (STRANGER, UserRole.REVIEWER, other),
        ]:
            session.add(
                User(
                    login=login,
                    name=login,
                    role=role.value,
                    password=kept_password(),
                    teams=[team],
                    must_change=False,
                )
            )


def token_for(app: Flask, login: str) -> str:
    """The token of a fresh session of somebody."""
    database = app.extensions["workspace"].database
    add_people(database)
    with database.writing() as session:
        return start_session(session, find_user(session, login))


def logged_in(app: Flask, login: str = ADMINISTRATOR) -> FlaskClient:
    """A client that is logged in."""
    client = Client(app, app.response_class)
    client.set_cookie(app.config["LOGIN_COOKIE"], token_for(app, login))
    return client
