"""Commands on people: user add, list, set, reset-password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from webapp.commands.job import OK, Job, shared

if TYPE_CHECKING:
    from clausebank.storage.people_models import User

ROLES = ("administrator", "lawyer", "reviewer", "procurement", "viewer")
role_option = click.Choice(ROLES)


@click.group()
def user() -> None:
    """用户 · Users."""


@user.command()
@click.argument("login")
@click.option("--role", type=role_option, required=True, help="角色 · The role.")
@click.option("--name", default="", help="姓名，默认与登录名相同 · The name shown.")
@click.option(
    "--team", "teams", multiple=True, metavar="TEAM", help="团队，可重复 · A team; may be repeated."
)
@click.option("--if-none", is_flag=True, help="已有用户时什么都不做 · Do nothing when there is a user.")
@shared
def add(job: Job, login: str, role: str, name: str, teams: tuple[str, ...], if_none: bool) -> int:  # noqa: FBT001
    """添加用户并显示一次性密码 · Add a user and print a password for one use."""
    from clausebank.people import UserRole
    from clausebank.storage.people import add_user, has_users
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.writing() as session:
        if if_none and has_users(session):
            job.data({})
            return OK
        made, password = add_user(session, login, UserRole(role), name=name, teams=teams or None)
        _tell(job, made, password)
    return OK


@user.command("list")
@shared
def list_(job: Job) -> int:
    """列出用户 · List the users."""
    from clausebank.storage.people import all_users
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.reading() as session:
        rows = [_data(row) for row in all_users(session)]
    for row in rows:
        teams = "、".join(row["teams"])  # type: ignore[arg-type]
        line = f"{row['login']}\t{row['name']}\t{row['role']}\t{teams}"
        job.say(line + ("" if row["active"] else "\t已停用"), line + ("" if row["active"] else "\tinactive"))
    job.data(rows)
    return OK


@user.command("set")
@click.argument("login")
@click.option("--role", type=role_option, help="角色 · The role.")
@click.option("--name", help="姓名 · The name shown.")
@click.option(
    "--team", "teams", multiple=True, metavar="TEAM", help="团队，可重复 · A team; may be repeated."
)
@click.option("--active/--inactive", default=None, help="启用或者停用 · In action or not.")
@shared
def set_(
    job: Job,
    login: str,
    role: str | None,
    name: str | None,
    teams: tuple[str, ...],
    active: bool | None,  # noqa: FBT001
) -> int:
    """修改用户 · Change a user."""
    from clausebank.people import UserRole
    from clausebank.storage.people import change_user, find_user
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.writing() as session:
        row = find_user(session, login)
        new_role = UserRole(role) if role else None
        change_user(session, row, name=name, role=new_role, teams=teams or None, active=active)
        job.say(f"已修改：{row.login}", f"Changed: {row.login}")
        job.data(_data(row))
    return OK


@user.command("reset-password")
@click.argument("login")
@shared
def reset_password(job: Job, login: str) -> int:
    """换成新的一次性密码 · Give a new password for one use."""
    from clausebank.storage.people import find_user
    from clausebank.storage.people import reset_password as reset
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.writing() as session:
        row = find_user(session, login)
        _tell(job, row, reset(session, row))
    return OK


@click.group()
def team() -> None:
    """团队 · Teams."""


@team.command("add")
@click.argument("name")
@shared
def add_(job: Job, name: str) -> int:
    """添加团队 · Add a team."""
    from clausebank.storage.people import add_team
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.writing() as session:
        made = add_team(session, name)
        job.say(f"已添加团队：{made.name}", f"Added the team: {made.name}")
        job.data({"team": made.name})
    return OK


@team.command("list")
@shared
def list_teams(job: Job) -> int:
    """列出团队和成员 · List the teams and their members."""
    from clausebank.storage.people import all_teams, members
    from webapp.workspace import workspace

    with workspace(job.settings()) as place, place.database.reading() as session:
        found = members(session)
        rows = [
            {"team": row.name, "members": [user.login for user in found[row.id]]}
            for row in all_teams(session)
        ]
    for row in rows:
        line = f"{row['team']}\t{'、'.join(row['members'])}"
        job.say(line, line)
    job.data(rows)
    return OK


def _tell(job: Job, row: User, password: str) -> None:
    """Print a password for one use, the only time it is seen."""
    job.say(
        f"登录名 {row.login}，一次性密码 {password}（只显示这一次，首次登录后必须更换）",
        f"Login {row.login}, password for one use {password} (shown this once; to be changed at first login)",
    )
    job.data({**_data(row), "password": password})


def _data(row: User) -> dict[str, object]:
    return {
        "login": row.login,
        "name": row.name,
        "role": row.role,
        "teams": [team.name for team in row.teams],
        "active": row.active,
    }
