"""Who acts: what a service needs to know of the person or process behind a write."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied

from configurator.accounts.models import User


@dataclass(frozen=True)
class Actor:
    """The one who acts, named in the audit log; ``may`` answers for each right as of now."""

    id: str
    name: str
    request_id: str = ""
    may: Callable[[str], bool] = field(default=lambda _right: False, repr=False, compare=False)

    def require(self, right: str) -> None:
        """Raise PermissionDenied unless the actor holds the right ``object.act``."""
        if not self.may(right):
            raise PermissionDenied(f"The right {right} is missing.")

    @classmethod
    def of(cls, user: User, request_id: str = "") -> "Actor":
        """Return the actor that a signed-in user is."""
        return cls(id=str(user.pk), name=user.username, request_id=request_id, may=user.may)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """Return a command or worker of our own, which may do everything."""
        return cls(id="", name=name, may=lambda _right: True)
