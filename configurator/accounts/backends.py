"""Rights come from roles alone."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from configurator.accounts.holding import held_by


class RoleBackend(ModelBackend):
    """Django's user name and password, without rights given to a single user beside his roles."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return nothing: a right is given to a role, a role to a user."""
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the rights of the user's roles, one query for each request; nothing for who may not sign in."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return set(held_by(user_obj).permissions)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the rights of the user's roles."""
        return self.get_group_permissions(user_obj, obj)
