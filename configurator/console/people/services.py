"""All writes of the screens Users, Roles and Queue Groups.

Each takes a lock before it reads: of two users who lock each other out at once, the second is refused.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from configurator.accounts import rights
from configurator.accounts.actor import Actor
from configurator.accounts.models import QueueGroup, Role, User
from configurator.accounts.scope import Scope
from configurator.audit.choices import Action, Kind
from configurator.audit.services import lock, record
from configurator.audit.snapshots import changes
from configurator.console.people.grant_rules import (
    everything_is_held,
    keep_somebody,
    lacks,
    lacks_of,
    named,
    require_all,
)
from configurator.console.records.record import StaleVersion

OWN = "These are your own roles: you may drop one, and another administrator may give you one."
HELD = "You have this role yourself: you may take rights away from it, and another administrator may add some."
IN_USE = "Users have it"
OWN_GROUPS = "You have this for your own queue groups alone ({}): tick some of them, and no others."


@transaction.atomic
def user_save(
    *, actor: Actor, user: User, roles: Collection[Role], version: int | None = None, password: str = ""
) -> User:
    """Save the user with exactly these roles; a new one with an initial password.

    Raises ValidationError with messages on their fields, PermissionDenied where the user has rights that the actor
    lacks, and StaleVersion; without a change there is no event.
    """
    adding = user._state.adding
    actor.require("user.create" if adding else "user.modify")
    if adding:  # before the lock, since it takes its time by design
        user.set_password(password)
        user.password_is_initial = True
    lock()
    stored = None if adding else _seen(User.objects.select_for_update().get(pk=user.pk), version)
    before: dict[str, Any] = stored.state() if stored else {}
    if stored:
        require_all(actor, stored.roles())
    may_all = everything_is_held()
    _refuse_roles(actor, user, [role for role in roles if role.name not in before.get("roles", [])])
    user.full_clean(exclude=["password"])
    user.save(update_fields=None if adding else ["username", "first_name", "last_name", "email", "is_active"])
    user.groups.set(roles)
    keep_somebody(may_all, "is_active" if stored and stored.is_active and not user.is_active else "groups")
    old, new = changes(before, user.state())
    if new or adding:
        _note(
            actor,
            Action.CREATED if adding else Action.CHANGED,
            user,
            old,
            new | ({"password": "set"} if adding else {}),
        )
    return user


@transaction.atomic
def user_password_set(*, actor: Actor, user: User, password: str) -> None:
    """Set a new initial password: the user's sessions end, and at the next sign-in he chooses his own."""
    actor.require("user.modify")
    hashed = make_password(password)
    lock()
    stored = User.objects.select_for_update().get(pk=user.pk)
    require_all(actor, stored.roles())
    if actor.id == str(stored.pk):
        raise PermissionDenied("Your own password is changed where the old one is asked for.")
    stored.password = hashed
    stored.password_is_initial = True
    stored.save(update_fields=["password", "password_is_initial"])
    _note(actor, Action.CHANGED, stored, {}, {"password": "changed"})


@transaction.atomic
def role_save(
    *,
    actor: Actor,
    role: Role,
    held: Collection[str],
    groups: Collection[QueueGroup] = (),
    version: int | None = None,
) -> Role:
    """Save the role with exactly these rights, for the queues of exactly these groups, of none for all queues.

    Raises ValidationError with messages on the fields of their objects, PermissionDenied for a default role and for one
    with rights that the actor lacks, and StaleVersion.
    """
    adding = role._state.adding
    actor.require("role.create" if adding else "role.modify")
    lock()
    stored = None if adding else _seen(Role.roles.select_for_update().get(pk=role.pk), version)
    had = stored.rights_held() if stored else frozenset()
    before = stored.state() if stored else {}
    scope = Scope.of_ticked([group.pk for group in groups])
    if stored:
        _require_own(actor, stored)
    _refuse_rights(actor, stored, frozenset(held) - had)
    _refuse_groups(actor, stored, held, scope)
    may_all = everything_is_held()
    role.full_clean()
    role.save()
    role.permissions.set(_permissions(held))
    role.queue_groups.set(groups)
    gone = [right for right in rights.IN_ORDER if right in had and right not in held]
    keep_somebody(may_all, gone[0].partition(".")[0] if gone else "name")
    old, new = changes(before, Role.roles.get(pk=role.pk).state())
    if new:
        _note(actor, Action.CREATED if adding else Action.CHANGED, role, old, new)
    return role


@transaction.atomic
def role_delete(*, actor: Actor, role: Role, version: int | None = None) -> None:
    """Delete a role that nobody has; ValidationError while somebody does."""
    actor.require("role.delete")
    lock()
    stored = _seen(Role.roles.select_for_update().get(pk=role.pk), version)
    _require_own(actor, stored)
    if User.people.with_role(stored).exists():
        raise ValidationError(IN_USE)
    _remove(actor, stored)


@transaction.atomic
def queue_group_save(*, actor: Actor, group: QueueGroup, version: int | None = None) -> QueueGroup:
    """Save the queue group; ValidationError with messages on its fields, PermissionDenied, and StaleVersion.

    An actor who is limited to queue groups renames his own, and creates none, since it would not be his.
    """
    adding = group._state.adding
    if adding:
        actor.require_whole("queue_group.create")
    else:
        actor.require_within("queue_group.modify", [group.pk])
    lock()
    stored = None if adding else _seen(QueueGroup.objects.select_for_update().get(pk=group.pk), version)
    before = stored.state() if stored else {}
    group.full_clean()
    group.save()
    old, new = changes(before, group.state())
    if new:
        _note(actor, Action.CREATED if adding else Action.CHANGED, group, old, new)
    return group


@transaction.atomic
def queue_group_delete(*, actor: Actor, group: QueueGroup, version: int | None = None) -> None:
    """Delete a queue group; ProtectedError while a queue is in it or a role is limited to it."""
    actor.require_whole("queue_group.delete")
    lock()
    stored = _seen(QueueGroup.objects.select_for_update().get(pk=group.pk), version)
    _remove(actor, stored)


def _seen(stored: Any, version: int | None) -> Any:
    """Return the stored row; StaleVersion where the editor saw another version."""
    if version is not None and stored.version != version:
        raise StaleVersion(stored)
    return stored


def _refuse_roles(actor: Actor, user: User, added: Collection[Role]) -> None:
    """Raise ValidationError where an added role has rights that the actor lacks, or is added to himself."""
    if added and actor.id == str(user.pk):
        raise ValidationError({"groups": OWN})
    for role in added:
        if missing := lacks_of(actor, [role]):
            text = f"You cannot give {role.name}: it has rights that you do not have ({named(missing)})."
            raise ValidationError({"groups": text})


def _refuse_rights(actor: Actor, stored: Role | None, added: Collection[str]) -> None:
    """Raise ValidationError where the actor lacks an added right, or the role is his own."""
    texts: dict[str, Any] = {}
    for right in [right for right in rights.IN_ORDER if right in added and not actor.may(right)]:
        key = right.partition(".")[0]
        texts.setdefault(key, []).append(f"You do not have {rights.label(right)} yourself, so you cannot give it.")
    if not texts and stored and added and _has(stored, actor):
        texts = {right.partition(".")[0]: HELD for right in added}
    if texts:
        raise ValidationError(texts)


def _refuse_groups(actor: Actor, stored: Role | None, held: Collection[str], scope: Scope) -> None:
    """Raise ValidationError where a right would reach farther than the actor's own, or a role of his own farther."""
    if missing := lacks(actor, held, scope):
        raise ValidationError({"queue_groups": OWN_GROUPS.format(named(missing))})
    if stored and not stored.scope().covers(scope) and _has(stored, actor):
        raise ValidationError({"queue_groups": HELD})


def _has(role: Role, actor: Actor) -> bool:
    return actor.id in {str(user.pk) for user in User.people.with_role(role)}


def _require_own(actor: Actor, stored: Role) -> None:
    """Raise PermissionDenied for a default role, and for one with rights that the actor lacks."""
    if stored.is_default:
        raise PermissionDenied("A default role cannot be edited, only copied.")
    require_all(actor, [stored])


def _permissions(held: Collection[str]) -> list[Permission]:
    wanted = Q(pk__in=[])
    for app, codename in (rights.permission(right).split(".") for right in held):
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))


def _remove(actor: Actor, row: Role | QueueGroup) -> None:
    """Delete the locked row, and record its values."""
    before, pk = row.state(), row.pk
    row.delete()
    row.pk = pk
    _note(actor, Action.DELETED, row, before, {})


def _note(actor: Actor, action: Action, row: Any, old: dict[str, Any], new: dict[str, Any]) -> None:
    kind = Kind(row.audit_kind)
    record(actor=actor, action=action, kind=kind, object_id=row.pk, object_name=str(row), before=old, after=new)
