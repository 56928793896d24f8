"""The four default roles, laid down after each migration so that they always match the code."""

from typing import Any

from django.contrib.auth.models import Group, Permission

from configurator.accounts.rights import DEFAULT_ROLES, permission


def lay_down_default_roles(**_: Any) -> None:
    """Give each default role exactly the rights the code names; called once at the end of a migration."""
    by_name = {
        f"{item.content_type.app_label}.{item.codename}": item
        for item in Permission.objects.select_related("content_type")
    }
    for role, rights in DEFAULT_ROLES.items():
        group = Group.objects.get_or_create(name=role)[0]
        group.permissions.set(by_name[name] for name in map(permission, rights) if name in by_name)


def roles_with(name: str) -> list[str]:
    """Return the names of the roles that carry the Django permission ``app.codename``."""
    label, codename = name.split(".")
    held = Group.objects.filter(permissions__content_type__app_label=label, permissions__codename=codename)
    return list(held.order_by("name").values_list("name", flat=True))
