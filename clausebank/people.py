"""Who works with the program: roles, and the one table of what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clausebank.bank.model import Bilingual


class UserRole(StrEnum):
    """What a person is for; a party of a contract has a ``Role`` instead."""

    ADMINISTRATOR = "administrator"
    LAWYER = "lawyer"
    REVIEWER = "reviewer"
    PROCUREMENT = "procurement"
    VIEWER = "viewer"


class Action(StrEnum):
    """What somebody may be allowed to do.

    READ the contracts of one's teams and the bank; DRAFT contracts; DEVIATE from the policy without
    asking; WRITE drafts of the bank's texts; REVIEW what others ask approval for, never one's own, and
    set the policy; ADMINISTER people and settings.
    """

    READ = "read"
    DRAFT = "draft"
    DEVIATE = "deviate"
    WRITE = "write"
    REVIEW = "review"
    ADMINISTER = "administer"


PERMISSIONS: Mapping[UserRole, frozenset[Action]] = {
    UserRole.ADMINISTRATOR: frozenset(Action),
    UserRole.LAWYER: frozenset({Action.READ, Action.DRAFT, Action.DEVIATE, Action.WRITE}),
    UserRole.REVIEWER: frozenset(set(Action) - {Action.ADMINISTER}),
    UserRole.PROCUREMENT: frozenset({Action.READ, Action.DRAFT}),
    UserRole.VIEWER: frozenset({Action.READ}),
}
ROLE_NAMES: Mapping[UserRole, Bilingual] = {
    UserRole.ADMINISTRATOR: Bilingual("管理员", "Administrator"),
    UserRole.LAWYER: Bilingual("律师", "Lawyer"),
    UserRole.REVIEWER: Bilingual("审核人", "Reviewer"),
    UserRole.PROCUREMENT: Bilingual("采购", "Procurement"),
    UserRole.VIEWER: Bilingual("查看者", "Viewer"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A user who is logged in; ``login`` never changes and names them wherever it is told who acted.

    ``home`` is the team new contracts belong to, None for somebody without a team.
    """

    id: UUID
    login: str
    name: str
    role: UserRole
    teams: frozenset[UUID] = frozenset()
    home: UUID | None = None
    must_change: bool = False

    def may(self, action: Action) -> bool:
        """Tell whether the role allows something."""
        return action in PERMISSIONS[self.role]

    @property
    def sees_all(self) -> bool:
        """Tell whether the teams do not limit what is seen."""
        return self.role is UserRole.ADMINISTRATOR
