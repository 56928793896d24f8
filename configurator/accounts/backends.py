"""Rights come from roles alone."""

from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from configurator.accounts.grants import granted


@cache
def _people() -> QuerySet[Any]:
    """Return the query of users with what their roles grant: cached, since each request runs it."""
    users: Any = get_user_model()
    people: QuerySet[Any] = users.people.order_by().annotate(granted=granted())
    return people


class RoleBackend(ModelBackend):
    """Django's user name and password, without rights given to a single user besides his roles."""

    def get_user(self, user_id: Any) -> Any:
        """Return the user with what his roles grant, in one query; None for one who may not sign in."""
        user = _people().filter(pk=user_id).first()
        return user if self.user_can_authenticate(user) else None

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return nothing: rights are given to roles, and roles to users."""
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the rights of the user's roles; none for one who may not sign in."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return set(user_obj.held.permissions)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return self.get_group_permissions(user_obj, obj)
