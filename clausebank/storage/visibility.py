"""Who sees what: the one rule, and how every query of a session follows it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, event, or_, true
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from clausebank.people import Person
from clausebank.storage.people_models import Owned


def visible_to(person: Person, table: type[Owned]) -> ColumnElement[bool]:
    """Return the rule for what a person sees of a table: all, or what the teams own and one's own."""
    if person.sees_all:
        return true()
    return or_(table.team_id.in_(sorted(person.teams)), table.owner_id == person.id)


def look_as(session: Session, person: Person) -> None:
    """Show a session nothing but what a person may see: the rule is added to every query of a row."""
    if person.sees_all:
        return
    rules = [
        with_loader_criteria(table, visible_to(person, table), include_aliases=True)
        for table in Owned.__subclasses__()
    ]

    def follow(state: ORMExecuteState) -> None:
        if not state.is_insert and not state.is_column_load:
            state.statement = state.statement.options(*rules)

    event.listen(session, "do_orm_execute", follow)
