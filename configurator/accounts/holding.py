"""What a user's roles give him, read once a request: which permissions, and for which queue groups."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef

from configurator.accounts.scope import WHOLE, Scope


@dataclass(frozen=True)
class Held:
    """The permissions ``app.codename`` of roles for all queues, and those of limited roles with these roles' ids."""

    everywhere: frozenset[str]
    limited: Mapping[str, frozenset[int]]

    @cached_property
    def permissions(self) -> frozenset[str]:
        """All of them."""
        return frozenset({*self.everywhere, *self.limited})

    @property
    def is_limited(self) -> bool:
        """Whether one of the roles is limited to queue groups."""
        return bool(self.limited)

    def scope(self, permission: str) -> Scope:
        """Return how far the permission reaches; who has no limited role is never limited."""
        if permission in self.everywhere or not self.is_limited:
            return WHOLE
        roles = self.limited.get(permission, frozenset())
        return Scope(frozenset(group for role in roles for group in self._groups[role]))

    @cached_property
    def _groups(self) -> Mapping[int, set[uuid.UUID]]:
        """The queue groups of each limited role, in one query that only a limited user costs."""
        found: dict[int, set[uuid.UUID]] = defaultdict(set)
        roles = {role for some in self.limited.values() for role in some}
        rows = apps.get_model("accounts.RoleScope")._default_manager.filter(role__in=roles)
        for role, group in rows.values_list("role", "queue_group"):
            found[role].add(group)
        return found


def held_by(user: Any) -> Held:
    """Return what the roles of the user give, in one query that is asked once of a loaded user."""
    held: Held | None = vars(user).get("_held")
    if held is None:
        held = vars(user)["_held"] = _read(user)
    return held


def _read(user: Any) -> Held:
    scopes = apps.get_model("accounts.RoleScope")._default_manager.filter(role=OuterRef("pk"))
    rows = Group.objects.filter(user=user).order_by().annotate(limited=Exists(scopes))
    everywhere: set[str] = set()
    limited: dict[str, set[int]] = defaultdict(set)
    for role, is_limited, app, codename in rows.values_list(
        "pk", "limited", "permissions__content_type__app_label", "permissions__codename"
    ):
        if codename and is_limited:
            limited[f"{app}.{codename}"].add(role)
        elif codename:
            everywhere.add(f"{app}.{codename}")
    return Held(frozenset(everywhere), {name: frozenset(roles) for name, roles in limited.items()})
