"""The questions that people ask of users and roles."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Count, Prefetch, Q

from configurator.accounts import rights


class UserQuerySet(models.QuerySet[Any]):
    """The questions that people ask of users."""

    def matching(self, text: str) -> UserQuerySet:
        """Keep those whose user name, name or e-mail address holds the text."""
        fields = ("username", "first_name", "last_name", "email")
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": text})
        return self.filter(found)

    def with_role(self, role: Any) -> UserQuerySet:
        """Keep those who have the role."""
        return self.filter(
            pk__in=self.model._meta.get_field("groups")
            .remote_field.through.objects.filter(group=role)
            .values("user_id")
        )

    def superusers(self) -> UserQuerySet:
        """Keep those who are active and have every right there is, by whatever roles."""
        all_rights = Permission.objects.none()
        for app, codename in (rights.permission(right).split(".") for right in rights.ALL):
            all_rights |= Permission.objects.filter(content_type__app_label=app, codename=codename)
        held = Count("groups__permissions", distinct=True)
        holders = self.filter(is_active=True, groups__permissions__in=all_rights.values("pk"))
        found: UserQuerySet = holders.annotate(held=held).filter(held=len(rights.ALL))
        return found


class RoleQuerySet(models.QuerySet[Any]):
    """The questions that people ask of roles."""

    def with_users(self) -> RoleQuerySet:
        """Bring along who has each role, in the order of their names."""
        users = Prefetch(
            "user_set", self.model._meta.get_field("user").related_model._default_manager.order_by("username")
        )
        return self.prefetch_related(users).order_by("name")

    def rights(self) -> dict[int, frozenset[str]]:
        """Return the rights that each role gives."""
        held: dict[int, set[str]] = {}
        for pk, app, codename in self.values_list(
            "pk", "permissions__content_type__app_label", "permissions__codename"
        ):
            held.setdefault(pk, set()).add(f"{app}.{codename}")
        return {pk: rights.named(names) for pk, names in held.items()}
