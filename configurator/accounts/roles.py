"""The four default roles, updated after each migration so that they always match the code."""

import uuid
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from configurator.accounts.rights import DEFAULT_ROLES, permission


def lay_down_default_roles(**_: Any) -> None:
    """Give each default role exactly the rights that the code names; called once at the end of a migration."""
    by_name = {
        f"{item.content_type.app_label}.{item.codename}": item
        for item in Permission.objects.select_related("content_type")
    }
    for role, rights in DEFAULT_ROLES.items():
        group = Group.objects.get_or_create(name=role)[0]
        group.permissions.set(by_name[name] for name in map(permission, rights) if name in by_name)


def roles_with(*names: str, group: uuid.UUID | None) -> dict[str, list[str]]:
    """Return for each Django permission ``app.codename`` the names of the roles that have it; in one query.

    With a group, only roles whose scope includes it.
    """
    held: dict[str, list[str]] = {name: [] for name in names}
    codenames = [name.partition(".")[2] for name in names]
    reaching = Q(queue_groups__isnull=True) | Q(queue_groups=group) if group else Q(queue_groups__isnull=True)
    found = Group.objects.filter(permissions__codename__in=codenames).filter(reaching).order_by("name").distinct()
    for role, label, codename in found.values_list(
        "name", "permissions__content_type__app_label", "permissions__codename"
    ):
        held.get(f"{label}.{codename}", []).append(role)
    return held
