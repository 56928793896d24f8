"""SC's rights, and the Django permission of each.

A right is named ``object.act``, as in ``incoming_server.modify``; objects and acts have SC's words on screen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Act(StrEnum):
    """What a right lets a role do; Manage is View, Modify, Create and Delete together."""

    VIEW = "view"
    MODIFY = "modify"
    CREATE = "create"
    DELETE = "delete"
    RUN = "run"


MANAGE = (Act.VIEW, Act.MODIFY, Act.CREATE, Act.DELETE)


@dataclass(frozen=True)
class RightObject:
    """An object with rights: its key, SC's label, and its model as ``app.model``."""

    key: str
    label: str
    model: str
    acts: tuple[Act, ...] = MANAGE


OBJECTS = (
    RightObject("incoming_server", "E-Mail Server (Incoming)", "mailsettings.incomingserver"),
    RightObject("outgoing_server", "E-Mail Server (Outgoing)", "mailsettings.outgoingserver"),
    RightObject("queue", "Queue", "queues.queue"),
    RightObject("token_check", "Token Check", "tokenchecks.checkrun", (Act.VIEW, Act.RUN)),
    RightObject("alarm", "Alarm", "alarms.alarm", (Act.VIEW, Act.MODIFY)),
    RightObject("audit_log", "Audit Log", "audit.auditevent", (Act.VIEW,)),
    RightObject("user", "User", "accounts.user"),
    RightObject("role", "Role", "auth.group"),
    RightObject("queue_group", "Queue Group", "accounts.queuegroup"),
)
BY_KEY = {item.key: item for item in OBJECTS}
_DJANGO_VERB = {
    Act.VIEW: "view",
    Act.MODIFY: "change",
    Act.CREATE: "add",
    Act.DELETE: "delete",
    Act.RUN: "run",
}


@cache
def permission(right: str) -> str:
    """Return the Django permission ``app.codename`` of ``object.act``; KeyError or ValueError for an unknown right."""
    key, _, act = right.partition(".")
    app, _, model = BY_KEY[key].model.partition(".")
    return f"{app}.{_DJANGO_VERB[Act(act)]}_{model}"


def label(right: str) -> str:
    """Return ``object.act`` in SC's words, as ``Queue: Modify``."""
    key, _, act = right.partition(".")
    return f"{BY_KEY[key].label}: {act.capitalize()}"


def labels(held: Iterable[str]) -> list[str]:
    """Return the rights in SC's words and order."""
    found = frozenset(held)
    return [label(right) for right in IN_ORDER if right in found]


def in_words(held: Iterable[str]) -> list[tuple[str, str]]:
    """Return each object with the acts of the rights on it, Manage for all four."""
    found = frozenset(held)
    said = []
    for item in OBJECTS:
        acts = [act for act in item.acts if f"{item.key}.{act}" in found]
        if acts:
            manages = set(MANAGE) <= set(acts)
            said.append((item.label, "Manage" if manages else ", ".join(act.capitalize() for act in acts)))
    return said


def named(permissions: Iterable[str]) -> frozenset[str]:
    """Return the rights of the Django permissions ``app.codename``, without permissions that belong to none."""
    return frozenset(BY_PERMISSION[name] for name in permissions if name in BY_PERMISSION)


def manage(*keys: str) -> frozenset[str]:
    """Return every right on the objects."""
    return frozenset(f"{key}.{act}" for key in keys for act in BY_KEY[key].acts)


def view(*keys: str) -> frozenset[str]:
    return frozenset(f"{key}.{Act.VIEW}" for key in keys)


IN_ORDER = tuple(f"{item.key}.{act}" for item in OBJECTS for act in item.acts)
BY_PERMISSION = {permission(right): right for right in IN_ORDER}
ALL = manage(*BY_KEY)
EVERY_VIEW = view(*BY_KEY)
DEFAULT_ROLES: dict[str, frozenset[str]] = {
    "Superuser": ALL,
    "E-Mail Administrator": manage("incoming_server", "outgoing_server", "queue", "token_check", "alarm")
    | view("audit_log"),
    "Queue Administrator": manage("queue", "token_check") | view("incoming_server", "outgoing_server", "alarm"),
    "Support": EVERY_VIEW | {"token_check.run"},
}
