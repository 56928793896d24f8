"""Who acts: what a service needs to know of the person or process behind a write."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied

from configurator.accounts.models import User
from configurator.accounts.scope import WHOLE, Scope


@dataclass(frozen=True)
class Actor:
    """The person or program named in the audit log; ``may`` and ``scope`` answer for each right as of now."""

    id: str
    name: str
    request_id: str = ""
    may: Callable[[str], bool] = field(default=lambda _right: False, repr=False, compare=False)
    scope: Callable[[str], Scope] = field(default=lambda _right: WHOLE, repr=False, compare=False)

    def require(self, right: str) -> None:
        """Raise PermissionDenied unless the actor holds the right ``object.act``."""
        if not self.may(right):
            raise PermissionDenied(f"The right {right} is missing.")

    def require_whole(self, right: str) -> None:
        """Raise PermissionDenied unless the actor holds the right for all queues."""
        self.require(right)
        if not self.scope(right).is_whole:
            raise PermissionDenied(f"The right {right} is limited to queue groups.")

    def require_within(self, right: str, groups: Iterable[uuid.UUID | None]) -> None:
        """Raise PermissionDenied unless the actor holds the right for queues of each of the groups."""
        self.require(right)
        scope = self.scope(right)
        if not all(scope.holds(group) for group in groups):
            raise PermissionDenied(f"The right {right} is limited to queue groups.")

    @classmethod
    def of(cls, user: User, request_id: str = "") -> "Actor":
        return cls(id=str(user.pk), name=user.username, request_id=request_id, may=user.may, scope=user.scope)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """Return a command or worker of our own, which may do everything."""
        return cls(id="", name=name, may=lambda _right: True)
