"""Queries of users, roles and queue groups."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.postgres.aggregates import StringAgg
from django.db import models
from django.db.models import Count, Prefetch, Q, Value

from configurator.accounts import rights
from configurator.accounts.scope import Scope


class UserQuerySet(models.QuerySet[Any]):
    def matching(self, text: str) -> UserQuerySet:
        """Keep those whose user name, name or e-mail address contains the text."""
        fields = ("username", "first_name", "last_name", "email")
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": text})
        return self.filter(found)

    def with_role(self, role: Any) -> UserQuerySet:
        return self.filter(
            pk__in=self.model._meta.get_field("groups")
            .remote_field.through.objects.filter(group=role)
            .values("user_id")
        )

    def superusers(self) -> UserQuerySet:
        """Keep those who are active and have every right there is, for all queues, by any roles."""
        all_rights = Permission.objects.none()
        for app, codename in (rights.permission(right).split(".") for right in rights.ALL):
            all_rights |= Permission.objects.filter(content_type__app_label=app, codename=codename)
        held = Count("groups__permissions", distinct=True)
        # A user who is limited to queue groups could not grant the others again.
        holders = self.filter(
            is_active=True, groups__permissions__in=all_rights.values("pk"), groups__queue_groups__isnull=True
        )
        found: UserQuerySet = holders.annotate(held=held).filter(held=len(rights.ALL))
        return found


class RoleQuerySet(models.QuerySet[Any]):
    def with_users(self) -> RoleQuerySet:
        """Prefetch the users of each role, in the order of their names, and its queue groups."""
        users = Prefetch(
            "user_set", self.model._meta.get_field("user").related_model._default_manager.order_by("username")
        )
        return self.prefetch_related(users, "queue_groups").order_by("name")

    def rights(self) -> dict[int, frozenset[str]]:
        """Return the rights of each role."""
        held: dict[int, set[str]] = {}
        for pk, app, codename in self.values_list(
            "pk", "permissions__content_type__app_label", "permissions__codename"
        ):
            held.setdefault(pk, set()).add(f"{app}.{codename}")
        return {pk: rights.named(names) for pk, names in held.items()}

    def scopes(self) -> dict[int, Scope]:
        """Return the scope of each role."""
        ticked: dict[int, set[Any]] = {}
        for pk, group in self.values_list("pk", "queue_groups"):
            ticked.setdefault(pk, set()).update({group} - {None})
        return {pk: Scope.of_ticked(groups) for pk, groups in ticked.items()}


class QueueGroupQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> QueueGroupQuerySet:
        return self if scope.groups is None else self.filter(pk__in=scope.groups)

    def matching(self, text: str) -> QueueGroupQuerySet:
        return self.filter(name__icontains=text)

    def with_use(self) -> QueueGroupQuerySet:
        """Annotate how many queues are in each, and the names of the roles that are limited to it."""
        annotated: QueueGroupQuerySet = self.annotate(
            queue_count=Count("queues", distinct=True),
            role_names=StringAgg("roles__name", Value(", "), distinct=True, default=Value("")),
        )
        return annotated
