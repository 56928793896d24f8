"""Who may give what: nobody a right that he lacks, nobody himself more, and the last who may do everything stays."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError

from configurator.accounts import rights
from configurator.accounts.actor import Actor
from configurator.accounts.models import User

LAST = (
    "Nobody else who is active has every right, and then nobody could give them again: give them to another user first."
)
MOST_NAMED = 4


def lacks(actor: Actor, wanted: Collection[str]) -> list[str]:
    """Return those of the rights that the actor does not have, in SC's order."""
    return [right for right in rights.IN_ORDER if right in wanted and not actor.may(right)]


def named(missing: list[str]) -> str:
    """Return the rights in SC's words, the first of many."""
    shown = ", ".join(map(rights.label, missing[:MOST_NAMED]))
    return f"{shown} and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else shown


def require_all(actor: Actor, held: Collection[str]) -> None:
    """Raise PermissionDenied where something to be changed carries rights that the actor lacks."""
    if missing := lacks(actor, held):
        raise PermissionDenied(f"Rights that you do not have: {named(missing)}.")


def everything_is_held() -> bool:
    """Tell whether somebody who is active has every right."""
    return User.people.superusers().exists()


def keep_somebody(before: bool, field: str) -> None:  # noqa: FBT001  what everything_is_held() said
    """Raise ValidationError on the field where the change took the last such user away."""
    if before and not everything_is_held():
        raise ValidationError({field: LAST})
