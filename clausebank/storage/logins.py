"""Logging in and staying so: sessions whose token only the browser holds, and the limit of attempts."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.orm import Session, selectinload

from clausebank.people import Person
from clausebank.storage.audit import record
from clausebank.storage.columns import now
from clausebank.storage.database import Database, on_postgresql
from clausebank.storage.passwords import is_password, nobodys
from clausebank.storage.people import folded, person_of, target_of
from clausebank.storage.people_models import LoginAttempt, LoginSession, User

SEEN_EVERY = timedelta(minutes=1)
ADDRESS_FACTOR = 5  # several people may share an address


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one stays logged in, and how often one may fail within which time."""

    idle: timedelta
    absolute: timedelta
    attempts: int
    window: timedelta


class TooManyAttempts(Exception):  # noqa: N818 (reads better without Error)
    """Logging in failed too often; it may be tried again after the time that is set."""


def log_in(database: Database, login: str, password: str, address: str, limits: Limits) -> str | None:
    """Return the token of a new session; None when name and password do not belong together.

    An unknown name takes as long and says the same. TooManyAttempts after too many failures of the
    account or the address: attempts are counted before the password is looked at, by all processes
    together.
    """
    account, place = _key("account", folded(login)), _key("address", address)
    allowed = {account: limits.attempts, place: limits.attempts * ADDRESS_FACTOR}
    with database.writing() as session:
        claimed = _claim_attempts(session, allowed, limits)
    with database.reading() as session:
        user = session.scalar(select(User).where(User.login == folded(login)))
    right = is_password(user.password if user else nobodys(), password)
    if user is None or not right or not user.active:
        return None
    with database.writing() as session:
        mine = or_(LoginAttempt.key == account, LoginAttempt.id.in_(claimed))
        session.execute(delete(LoginAttempt).where(mine))
        session.execute(delete(LoginSession).where(LoginSession.created_at < now() - limits.absolute))
        record(session, "log-in", target_of(user), {"address": address}, user.login)
        return start_session(session, user)


def start_session(session: Session, user: User) -> str:
    """Return the token of a new session, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(LoginSession(id=_digest(token), user_id=user.id))
    session.flush()
    return token


def find_person(database: Database, token: str, limits: Limits) -> Person | None:
    """Return who holds a token; None when nobody does any more."""
    moment = now()
    with database.reading() as session:
        row = session.get(LoginSession, _digest(token))
        if row is None or _is_over(row, limits, moment):
            return None
        user = session.get(User, row.user_id, options=[selectinload(User.teams)])
    if user is None or not user.active:
        return None
    if moment - row.seen_at > SEEN_EVERY:
        with database.writing() as session:
            kept = session.get(LoginSession, row.id)
            if kept is not None:
                kept.seen_at = moment
    return person_of(user)


def log_out(database: Database, token: str, person: Person) -> None:
    """End a session: its cookie is worth nothing from now on, whoever copied it."""
    with database.writing() as session:
        session.execute(delete(LoginSession).where(LoginSession.id == _digest(token)))
        record(session, "log-out", f"user/{person.login}", actor=person.login)


def _is_over(row: LoginSession, limits: Limits, moment: datetime) -> bool:
    return moment - row.seen_at > limits.idle or moment - row.created_at > limits.absolute


def _claim_attempts(session: Session, allowed: dict[str, int], limits: Limits) -> list[int]:
    """Note an attempt under each key and return their ids; TooManyAttempts when there were too many."""
    for key in sorted(allowed):
        if on_postgresql(session):
            session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": key})
    since = now() - limits.window
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < since))
    count = select(func.count()).select_from(LoginAttempt)
    for key, most in allowed.items():
        if (session.scalar(count.where(LoginAttempt.key == key)) or 0) >= most:
            raise TooManyAttempts
    rows = [LoginAttempt(key=key) for key in allowed]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def _key(kind: str, name: str) -> str:
    return _digest(f"{kind}:{name}")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
