"""Users and teams: added, changed, put out of action; each step is on the audit trail."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from clausebank.errors import UnknownName
from clausebank.people import Person, UserRole
from clausebank.storage.audit import record
from clausebank.storage.database import SOMEBODY
from clausebank.storage.errors import Refusal
from clausebank.storage.passwords import (
    LONGEST,
    SHORTEST,
    hash_password,
    is_password,
    one_time_password,
)
from clausebank.storage.people_models import DEFAULT_TEAM, LoginSession, Team, User

LOGIN = re.compile(r"[\w@.-]{2,50}")
LONGEST_NAME = 100


def add_user(
    session: Session, login: str, role: UserRole, *, name: str = "", teams: Collection[str] | None = None
) -> tuple[User, str]:
    """Add a user; returns the row and a password for the first login, which is kept nowhere.

    Without ``teams`` the user belongs to the team that was there first. Refusal for a name in use.
    """
    known = _new_login(session, login)
    password = one_time_password()
    user = User(
        login=known,
        name=_clean_name(name or login, "name"),
        role=role.value,
        password=hash_password(password),
        teams=[session.get_one(Team, DEFAULT_TEAM)] if teams is None else find_teams(session, teams),
    )
    session.add(user)
    session.flush()
    record(session, "add user", target_of(user), _facts(user))
    return user, password


def change_user(
    session: Session,
    user: User,
    *,
    name: str | None = None,
    role: UserRole | None = None,
    teams: Collection[str] | None = None,
    active: bool | None = None,
) -> None:
    """Change what is given; with another role, or put out of action, the user is logged out everywhere."""
    before = _facts(user)
    if name is not None:
        user.name = _clean_name(name, "name")
    if role is not None:
        user.role = role.value
    if teams is not None:
        user.teams = find_teams(session, teams)
    if active is not None:
        user.active = active
    session.flush()
    after = _facts(user)
    if after == before:
        return
    if (before["role"], before["active"]) != (after["role"], after["active"]):
        end_sessions(session, user)
    if before["role"] == UserRole.ADMINISTRATOR.value:
        _need_administrator(session, user)
    record(session, "change user", target_of(user), {"before": before, "after": after})


def reset_password(session: Session, user: User) -> str:
    """Return a new password for one use; the old one and all sessions are void."""
    password = one_time_password()
    user.password, user.must_change = hash_password(password), True
    end_sessions(session, user)
    record(session, "reset password", target_of(user))
    return password


def change_password(session: Session, user: User, old: str, new: str, again: str) -> None:
    """Replace one's own password; all sessions end. Refusal tells what is wrong, by field."""
    if not is_password(user.password, old):
        raise Refusal("old", "原密码不正确", "this is not the present password")
    if not SHORTEST <= len(new) <= LONGEST:
        zh, en = f"密码应为{SHORTEST}至{LONGEST}个字符", f"use {SHORTEST} to {LONGEST} characters"
        raise Refusal("new", zh, en)
    if folded(new) == user.login or is_password(user.password, new):
        zh, en = "新密码不能与原密码或者登录名相同", "choose another one than the old one or your login name"
        raise Refusal("new", zh, en)
    if new != again:
        raise Refusal("again", "两次输入的新密码不一致", "the new password is not repeated alike")
    user.password, user.must_change = hash_password(new), False
    end_sessions(session, user)
    record(session, "change password", target_of(user), actor=user.login)


def end_sessions(session: Session, user: User) -> None:
    """Log a user out everywhere."""
    session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))


def all_users(session: Session) -> list[User]:
    """Return all users with their teams, those in action first."""
    query = select(User).options(selectinload(User.teams)).order_by(User.active.desc(), User.login)
    return list(session.scalars(query))


def has_users(session: Session) -> bool:
    """Tell whether anybody can log in at all."""
    return session.scalar(select(User.id).limit(1)) is not None


def find_user(session: Session, login: str) -> User:
    """Return a user by login name; UnknownName when there is none."""
    query = select(User).where(User.login == folded(login)).options(selectinload(User.teams))
    user = session.scalar(query)
    if user is None:
        raise UnknownName("user", login)
    return user


def user_id_of(session: Session, actor: str) -> UUID | None:
    """Return the id of the user somebody acts as, None for a name that no user has."""
    return session.scalar(select(User.id).where(User.login == folded(actor)))


def person_of(user: User) -> Person:
    """Return a user as the rules of access know them."""
    teams = sorted(user.teams, key=lambda team: team.name)
    return Person(
        id=user.id,
        login=user.login,
        name=user.name,
        role=UserRole(user.role),
        teams=frozenset(team.id for team in teams),
        home=teams[0].id if teams else None,
        must_change=user.must_change,
    )


def names_of_people(session: Session) -> dict[str, str]:
    """Return the name of every user by login name."""
    return {user.login: user.name for user in session.execute(select(User.login, User.name))}


# --- teams ---------------------------------------------------------------------------------------


def all_teams(session: Session) -> list[Team]:
    """Return all teams by name."""
    return list(session.scalars(select(Team).order_by(Team.name)))


def add_team(session: Session, name: str) -> Team:
    """Add a team; Refusal for a name in use."""
    team = Team(name=_new_team_name(session, name))
    session.add(team)
    session.flush()
    record(session, "add team", f"team/{team.id}", {"name": team.name})
    return team


def rename_team(session: Session, team: Team, name: str) -> None:
    """Give a team another name; Refusal for a name in use."""
    if _clean_name(name, "team") == team.name:
        return
    before, team.name = team.name, _new_team_name(session, name)
    record(session, "rename team", f"team/{team.id}", {"before": before, "name": team.name})


def find_teams(session: Session, names: Iterable[str]) -> list[Team]:
    """Return teams by name; UnknownName for the first there is not."""
    return [find_team(session, name) for name in dict.fromkeys(names)]


def find_team(session: Session, name: str) -> Team:
    """Return a team by name; UnknownName when there is none."""
    team = session.scalar(select(Team).where(Team.name == _clean_name(name, "team")))
    if team is None:
        raise UnknownName("team", name)
    return team


def members(session: Session) -> dict[UUID, list[User]]:
    """Return the users in action by team."""
    found: dict[UUID, list[User]] = {team.id: [] for team in all_teams(session)}
    for user in all_users(session):
        for team in user.teams if user.active else ():
            found[team.id].append(user)
    return found


# --- what names must be --------------------------------------------------------------------------


def folded(login: str) -> str:
    """Return a login name as it is kept: however its letters were typed."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def target_of(user: User) -> str:
    """Return how the audit trail names a user."""
    return f"user/{user.login}"


def _new_login(session: Session, login: str) -> str:
    known = folded(login)
    if not LOGIN.fullmatch(known) or known == SOMEBODY:
        zh = "登录名应为2至50个字母、汉字、数字或者 . _ - @"
        raise Refusal("login", zh, "a login name has 2 to 50 letters, digits or . _ - @")
    if session.scalar(select(User.id).where(User.login == known)):
        raise Refusal("login", f"登录名“{known}”已被使用", f"the login name '{known}' is taken")
    return known


def _new_team_name(session: Session, name: str) -> str:
    known = _clean_name(name, "team")
    if session.scalar(select(Team.id).where(Team.name == known)):
        raise Refusal("team", f"团队“{known}”已经存在", f"there is a team '{known}' already")
    return known


def _clean_name(name: str, place: str) -> str:
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
        zh, en = f"名称应为1至{LONGEST_NAME}个字符", f"a name has 1 to {LONGEST_NAME} characters"
        raise Refusal(place, zh, en)
    return clean


def _need_administrator(session: Session, user: User) -> None:
    """Refuse to lose the last administrator."""
    query = select(func.count()).select_from(User)
    left = session.scalar(query.where(User.active, User.role == UserRole.ADMINISTRATOR.value))
    if not left:
        zh, en = "至少要保留一位管理员", "one administrator at least must stay"
        raise Refusal("role", f"“{user.login}”：{zh}", f"{user.login}: {en}")


def _facts(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "role": user.role,
        "teams": sorted(team.name for team in user.teams),
        "active": user.active,
    }
