"""Users of the console, and their roles."""

import uuid
from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, Group, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from configurator.accounts import rights
from configurator.accounts.grants import Held, granted
from configurator.accounts.querysets import QueueGroupQuerySet, RoleQuerySet, UserQuerySet
from configurator.accounts.scope import WHOLE, Scope
from configurator.accounts.versioned import Tracked
from configurator.links import place


class User(Tracked, AbstractUser):
    """A person who signs in; his rights come from his roles (groups) alone."""

    audit_kind = "user"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    password_is_initial = models.BooleanField(default=False, editable=False)

    # Django's own finds who signs in; the other one has the queries of the screens.
    objects: ClassVar[UserManager[Self]] = UserManager()
    people = UserQuerySet.as_manager()

    # What granted() finds, where the user was loaded with it, as for each request.
    granted: Sequence[str] | None = None

    @cached_property
    def held(self) -> Held:
        """What the user's roles give, in one query where he was loaded without it; nothing if he is not stored."""
        found = self.granted
        if found is None:
            found = User.people.filter(pk=self.pk).values_list(granted(), flat=True).first()
        return Held.of(found or ())

    def may(self, right: str) -> bool:
        """Return whether one of the user's roles has ``object.act``; KeyError or ValueError for an unknown right.

        The same as Django's has_perm(), without the backends: pages call it some fifty times each.
        """
        permission = rights.permission(right)
        return self.is_active and (self.is_superuser or permission in self.held.permissions)

    def scope(self, right: str) -> Scope:
        """Return the scope of the right: the union over the roles that have it, within what he may view.

        A right that no role has reaches nothing where one of his roles is limited.
        """
        if self.is_superuser:
            return WHOLE
        return self.held.scope(rights.permission(right)) & self.held.scope(rights.permission("queue.view"))

    @property
    def display_name(self) -> str:
        """The full name, or the user name where none was given."""
        return self.get_full_name() or self.username

    def get_absolute_url(self) -> str:
        return place("console:user", self.pk)

    def state(self) -> dict[str, Any]:
        """Return the audit log's values of the user; never anything of his password."""
        fields = ("username", "first_name", "last_name", "email", "is_active")
        roles = sorted(group.name for group in self.groups.all())
        return {name: getattr(self, name) for name in fields} | {"roles": roles}

    def roles(self) -> list["Role"]:
        return list(Role.roles.filter(user=self.pk))

    def rights_held(self) -> frozenset[str]:
        """Return the rights of the user's roles, whether he is active or not."""
        return Role.rights_of(self.groups.all())


class Role(Tracked, Group):
    """A role: Django's group, whose permissions are its rights."""

    audit_kind = "role"

    roles = RoleQuerySet.as_manager()

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = "role"

    def get_absolute_url(self) -> str:
        return place("console:role", self.pk) if self.pk else reverse("console:role_list")

    @property
    def is_default(self) -> bool:
        """Whether it is one of those that the code defines, which cannot be edited."""
        return self.name in rights.DEFAULT_ROLES

    def rights_held(self) -> frozenset[str]:
        return self.rights_of(Group.objects.filter(pk=self.pk))

    def scope(self) -> Scope:
        return Scope.of_ticked(RoleScope.objects.filter(role=self.pk).values_list("queue_group", flat=True))

    def state(self) -> dict[str, Any]:
        groups = sorted(group.name for group in self.queue_groups.all())
        limits = {"queue_groups": groups} if groups else {}
        return {"name": self.name, "rights": rights.labels(self.rights_held())} | limits

    @staticmethod
    def rights_of(groups: Any) -> frozenset[str]:
        """Return the rights that the roles have together."""
        held = groups.values_list("permissions__content_type__app_label", "permissions__codename")
        return rights.named(f"{app}.{codename}" for app, codename in held)


class QueueGroup(Tracked, models.Model):
    """A group of queues, to which roles can be limited; a role with none reaches all queues."""

    audit_kind = "queue_group"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("Name", max_length=150)
    roles = models.ManyToManyField(Group, through="RoleScope", related_name="queue_groups")

    objects = QueueGroupQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "queue group"
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="queue_group_name_once",
                violation_error_message="There is a queue group of this name already: choose another.",
            ),
            models.CheckConstraint(
                condition=models.Q(name__regex=r"\S") & models.Q(name__regex=r"^[^[:cntrl:]]*$"),
                name="queue_group_name_on_one_line",
                violation_error_message="Enter a name, on one line.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return place("console:queue_group", self.pk)

    def state(self) -> dict[str, Any]:
        return {"name": self.name}


class RoleScope(models.Model):
    """A queue group that a role is limited to; while there is one the group cannot be deleted, or the role would reach
    farther.
    """

    role = models.ForeignKey(Group, models.CASCADE, related_name="+")
    queue_group = models.ForeignKey(QueueGroup, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["role", "queue_group"], name="role_scope_once")]

    def __str__(self) -> str:
        return f"the role {self.role}"
