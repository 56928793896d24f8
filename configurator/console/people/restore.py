"""Restores earlier versions of users and roles.

They are saved as any other edit, so that nobody grants what he does not have; passwords are not in the audit log and
stay.
"""

from typing import Any

from django.http import QueryDict

from configurator.accounts.actor import Actor
from configurator.accounts.models import QueueGroup, Role, User
from configurator.accounts.rights import IN_ORDER, OBJECTS, label
from configurator.audit.states import State
from configurator.console.objects.restore import Earlier, state_named
from configurator.console.people.grant_rules import lacks_of

PLAIN = ("username", "first_name", "last_name", "email", "is_active")


def earlier_user(record: User, query: QueryDict, reader: User) -> Earlier | None:
    """Return the user as he was, without roles that were deleted."""
    state = None if record._state.adding else state_named(record, query, reader)
    if state is None:
        return None
    roles = Role.roles.filter(name__in=_listed(state, "roles")).order_by("name")
    return Earlier(state, {name: state.values.get(name) for name in PLAIN} | {"groups": [role.pk for role in roles]})


def earlier_role(record: Role, query: QueryDict, reader: User) -> Earlier | None:
    """Return the role as it was.

    None where a queue group that it was limited to was deleted, or where the reader may see only some: a role with
    fewer of them ticked, or none, would reach farther than it did.
    """
    state = state_named(record, query, reader) if sees_limits(reader) else None
    if state is None:
        return None
    names = _listed(state, "queue_groups")
    groups = list(QueueGroup.objects.filter(name__in=names))
    if len(groups) < len(names):
        return None
    held = {right for right in IN_ORDER if label(right) in _listed(state, "rights")}
    rights = {item.key: [act.value for act in item.acts if f"{item.key}.{act}" in held] for item in OBJECTS}
    return Earlier(state, {"name": state.values.get("name")} | rights | {"queue_groups": groups})


def sees_limits(reader: User) -> bool:
    """Return whether the reader may know to which queue groups roles were limited."""
    return reader.scope("audit_log.view").is_whole and reader.scope("role.view").is_whole


def may_restore_user(reader: User, user: User | None) -> bool:
    """Return whether the reader has the rights of the user's roles, without which its page saves nothing."""
    return user is not None and not lacks_of(Actor.of(reader), user.roles())


def may_restore_role(reader: User, role: Role | None) -> bool:
    """Return whether the reader may save the stored or deleted role as it was."""
    if not sees_limits(reader):
        return False
    return role is None or not (role.is_default or lacks_of(Actor.of(reader), [role]))


def _listed(state: State, name: str) -> list[Any]:
    found = state.values.get(name)
    return found if isinstance(found, list) else []
