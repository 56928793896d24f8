"""What a user's roles grant, read once per request: which permissions, and for which queue groups."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Exists, OuterRef, Value, When
from django.db.models.functions import Cast, Concat

from configurator.accounts.scope import WHOLE, Scope


@dataclass(frozen=True)
class Held:
    """The permissions ``app.codename`` of roles for all queues, and those of limited roles with these roles' IDs."""

    everywhere: frozenset[str]
    limited: Mapping[str, frozenset[int]]

    @classmethod
    def of(cls, granted: Iterable[str]) -> Self:
        """Return what ``granted()`` found, in sets."""
        everywhere: set[str] = set()
        limited: dict[str, set[int]] = defaultdict(set)
        for role, _, name in (one.partition(" ") for one in granted):
            if role:
                limited[name].add(int(role))
            else:
                everywhere.add(name)
        return cls(frozenset(everywhere), {name: frozenset(roles) for name, roles in limited.items()})

    @cached_property
    def permissions(self) -> frozenset[str]:
        return frozenset({*self.everywhere, *self.limited})

    @property
    def is_limited(self) -> bool:
        """Whether one of the roles is limited to queue groups."""
        return bool(self.limited)

    def scope(self, permission: str) -> Scope:
        """Return the scope of the permission; a user without limited roles is never limited."""
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


def granted() -> ArraySubquery:
    """Return what the roles of a query's user grant, each as ``role app.codename``; the role only of a limited one."""
    scopes = apps.get_model("accounts.RoleScope")._default_manager.filter(role=OuterRef("pk"))
    role = Case(When(Exists(scopes), then=Cast("pk", CharField())), default=Value(""))
    name = ("permissions__content_type__app_label", Value("."), "permissions__codename")
    roles = Group.objects.filter(user=OuterRef("pk"), permissions__isnull=False).order_by()
    return ArraySubquery(roles.values(grant=Concat(role, Value(" "), *name)))
