"""What the screen Roles shows: what each role may do, right by right, and who has it."""

from dataclasses import dataclass
from typing import Any

from configurator.accounts.models import Role
from configurator.accounts.rights import OBJECTS


@dataclass(frozen=True)
class RightRow:
    """One right, and for each role whether it gives it; ``first`` is that of a new object."""

    object: str
    act: str
    first: bool
    cells: list[bool]


@dataclass(frozen=True)
class Matrix:
    """The roles, with who has each, and the rights."""

    roles: list[Any]
    rows: list[RightRow]


def matrix() -> Matrix:
    """Return every role with its users, and every right with the roles that give it."""
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
    return Matrix(roles, rows)
