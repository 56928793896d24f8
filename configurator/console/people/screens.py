"""The matrix of the screen Roles: the rights of each role, and its users."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from configurator.accounts.models import QueueGroup, Role
from configurator.accounts.rights import OBJECTS
from configurator.accounts.scope import Scope


@dataclass(frozen=True)
class RightRow:
    """One right, and for each role whether it has it; ``first`` is that of a new object."""

    object: str
    act: str
    first: bool
    cells: list[bool]


@dataclass(frozen=True)
class Matrix:
    """The roles, with their users and scopes, and the rights."""

    roles: list[Any]
    reach: list[str]
    rows: list[RightRow]


def matrix(scope: Scope) -> Matrix:
    """Return every role with its users, and every right with its roles; groups within the scope."""
    roles = list(Role.roles.with_users())
    given = Role.roles.all().rights()
    held = [given[role.pk] for role in roles]
    rows = [
        RightRow(
            item.label, act.capitalize(), act == item.acts[0], [f"{item.key}.{act}" in of_role for of_role in held]
        )
        for item in OBJECTS
        for act in item.acts
    ]
    return Matrix(roles, [reach(role.queue_groups.all(), scope) for role in roles], rows)


def reach(groups: Iterable[QueueGroup], scope: Scope) -> str:
    """Return in words which queues a role with these queue groups reaches; those outside the scope are not named."""
    ticked = list(groups)
    named = sorted(group.name for group in ticked if scope.holds(group.pk))
    if len(named) < len(ticked):
        named.append("others" if named else "Others")
    return ", ".join(named) or "All queues"
