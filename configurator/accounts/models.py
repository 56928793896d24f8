"""Users of the console."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models

from configurator.accounts import rights


class User(AbstractUser):
    """A person who signs in; what he may do comes from his roles (groups) alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    def may(self, right: str) -> bool:
        """Tell whether one of the user's roles carries the right ``object.act``."""
        return self.has_perm(rights.permission(right))

    @property
    def display_name(self) -> str:
        """The full name, or the user name where none was given."""
        return self.get_full_name() or self.username
