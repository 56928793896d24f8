"""Users of the console, and their roles."""

import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, Group, UserManager
from django.db import models
from django.urls import reverse

from configurator.accounts import rights
from configurator.accounts.querysets import RoleQuerySet, UserQuerySet
from configurator.accounts.tracked import Tracked


class User(Tracked, AbstractUser):
    """A person who signs in; what he may do comes from his roles (groups) alone."""

    audit_kind = "user"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    password_is_initial = models.BooleanField(default=False, editable=False)

    # Django's own finds who signs in; the other one answers what the screens ask.
    objects: ClassVar[UserManager[Self]] = UserManager()
    people = UserQuerySet.as_manager()

    def may(self, right: str) -> bool:
        """Tell whether one of the user's roles carries the right ``object.act``."""
        return self.has_perm(rights.permission(right))

    @property
    def display_name(self) -> str:
        """The full name, or the user name where none was given."""
        return self.get_full_name() or self.username

    def get_absolute_url(self) -> str:
        """Where the user's page is."""
        return reverse("console:user", args=[self.pk])

    def state(self) -> dict[str, Any]:
        """Return what the audit log says of the user; never anything of his password."""
        fields = ("username", "first_name", "last_name", "email", "is_active")
        roles = sorted(group.name for group in self.groups.all())
        return {name: getattr(self, name) for name in fields} | {"roles": roles}

    def rights_held(self) -> frozenset[str]:
        """Return the rights of the user's roles, whether he is active or not."""
        return Role.rights_of(self.groups.all())


class Role(Tracked, Group):
    """A role: Django's group, whose permissions carry the rights."""

    audit_kind = "role"

    roles = RoleQuerySet.as_manager()

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = "role"

    def get_absolute_url(self) -> str:
        """Where the role's page is, before it is stored the list."""
        return reverse("console:role", args=[self.pk]) if self.pk else reverse("console:role_list")

    @property
    def is_default(self) -> bool:
        """Whether it is one of those that the code lays down, which cannot be edited."""
        return self.name in rights.DEFAULT_ROLES

    def rights_held(self) -> frozenset[str]:
        """Return the rights that the role gives."""
        return self.rights_of(Group.objects.filter(pk=self.pk))

    def state(self) -> dict[str, Any]:
        """Return what the audit log says of the role."""
        return {"name": self.name, "rights": rights.labels(self.rights_held())}

    @staticmethod
    def rights_of(groups: Any) -> frozenset[str]:
        """Return the rights that the roles give together."""
        held = groups.values_list("permissions__content_type__app_label", "permissions__codename")
        return rights.named(f"{app}.{codename}" for app, codename in held)
