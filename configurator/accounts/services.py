"""All writes to users outside the administrators' screens."""

from django.contrib.auth.models import Group
from django.db import transaction

from configurator.accounts.actor import Actor
from configurator.accounts.models import User
from configurator.audit.services import record

NAME_LENGTH = 150


@transaction.atomic
def user_ensure(*, actor: Actor, username: str, password: str, role: str) -> User:
    """Create the user or set this password and exactly this role; Group.DoesNotExist for an unknown role."""
    actor.require("user.create")
    group = Group.objects.get(name=role)
    user = User.objects.filter(username=username).first() or User(username=username)
    created = user._state.adding
    same = not created and user.check_password(password) and list(user.groups.all()) == [group]
    if same:
        return user
    user.set_password(password)
    user.password_is_initial = False
    user.full_clean(exclude=["password"])
    user.save()
    user.groups.set([group])
    record(
        actor=actor,
        action="created" if created else "changed",
        kind="user",
        object_id=str(user.pk),
        object_name=username,
        before={},
        after={"roles": [role], "password": "set" if created else "changed"},
    )
    return user


@transaction.atomic
def password_choose(user: User, *, password: str, request_id: str) -> None:
    """Set the password that the user chose himself."""
    user.set_password(password)
    user.password_is_initial = False
    user.save(update_fields=["password", "password_is_initial"])
    _note(Actor.of(user, request_id), "changed", user, after={"password": "changed"})


def signed_in(user: User, *, request_id: str) -> None:
    _note(Actor.of(user, request_id), "signed in", user)


def signed_out(user: User, *, request_id: str) -> None:
    _note(Actor.of(user, request_id), "signed out", user)


def sign_in_refused(username: str, *, request_id: str) -> None:
    """Record a refused sign-in with the name that was typed, whether there is such a user or not."""
    actor = Actor(id="", name=username[:NAME_LENGTH] or "nobody", request_id=request_id)
    with transaction.atomic():
        record(actor=actor, action="refused", kind="user", object_id="", object_name=actor.name)


@transaction.atomic
def _note(actor: Actor, action: str, user: User, after: dict[str, str] | None = None) -> None:
    record(actor=actor, action=action, kind="user", object_id=str(user.pk), object_name=user.username, after=after)
