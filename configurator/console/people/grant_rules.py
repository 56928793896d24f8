"""Who may grant what: nobody a right that he lacks or has for fewer queues, and nobody himself more.

The last user with every right stays.
"""

from collections.abc import Collection, Iterable

from django.core.exceptions import PermissionDenied, ValidationError

from configurator.accounts import rights
from configurator.accounts.actor import Actor
from configurator.accounts.models import Role, User
from configurator.accounts.scope import WHOLE, Scope

LAST = (
    "Nobody else who is active has every right, and then nobody could give them again: give them to another user first."
)
MOST_NAMED = 4


def lacks(actor: Actor, wanted: Collection[str], scope: Scope = WHOLE) -> list[str]:
    """Return those of the rights that the actor does not have for the queues of the scope, in SC's order."""
    asked = [right for right in rights.IN_ORDER if right in wanted]
    return [right for right in asked if not (actor.may(right) and actor.scope(right).covers(scope))]


def lacks_of(actor: Actor, roles: Iterable[Role]) -> list[str]:
    """Return the rights of the roles that the actor does not have within their scope."""
    pks = [role.pk for role in roles]
    held, scopes = Role.roles.filter(pk__in=pks).rights(), Role.roles.filter(pk__in=pks).scopes()
    missing = {right for pk in held for right in lacks(actor, held[pk], scopes[pk])}
    return [right for right in rights.IN_ORDER if right in missing]


def named(missing: list[str]) -> str:
    """Return the rights in SC's words, the first of many."""
    shown = ", ".join(map(rights.label, missing[:MOST_NAMED]))
    return f"{shown} and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else shown


def require_all(actor: Actor, roles: Iterable[Role]) -> None:
    """Raise PermissionDenied where the roles have rights that the actor lacks."""
    if missing := lacks_of(actor, roles):
        raise PermissionDenied(f"Rights that you do not have: {named(missing)}.")


def everything_is_held() -> bool:
    """Return whether an active user has every right."""
    return User.people.superusers().exists()


def keep_somebody(before: bool, field: str) -> None:  # noqa: FBT001  the result of everything_is_held()
    """Raise ValidationError on the field where the change removed the last such user."""
    if before and not everything_is_held():
        raise ValidationError({field: LAST})
