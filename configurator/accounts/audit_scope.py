"""What a user who is limited to queue groups sees of the audit log: events about other queues are absent.

He sees the events of servers and sign-ins, and those of queues and addresses that exist and are his. Their events from
before they came into his groups are absent too, since these name other queues.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final, TypeVar

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from configurator.accounts.models import User
from configurator.accounts.scope import Scope
from configurator.audit.choices import Action, Kind
from configurator.audit.registry import model_of
from configurator.audit.states import State

Events = TypeVar("Events", bound=QuerySet[Any])
RIGHT: Final = "audit_log.view"
# These kinds name no queue, except test mails, which name the mailbox that they are sent from.
OF_ALL: Final = (Kind.INCOMING_SERVER, Kind.OUTGOING_SERVER, Kind.USER)
# Kinds whose events have the ID of a queue or an address.
ABOUT: Final = (Kind.QUEUE, Kind.ADDRESS, Kind.FINDING, Kind.WARNING)
# The field of a role with the queue groups that it is limited to.
LIMITS: Final = "queue_groups"


def seen_by(user: User, events: Events, *, after: bool = False) -> Events:
    """Return the events that the user may see; all, without another condition, where he is not limited.

    With ``after`` only the state after an event counts, so that the one that moved an address to his queue is included.
    """
    scope = user.scope(RIGHT)
    if scope.groups is None:
        return events
    queues, addresses = _keys(Kind.QUEUE, scope), _keys(Kind.ADDRESS, scope)
    groups = [str(group) for group in scope.groups]
    about = Q(kind__in=ABOUT) & (Q(object_id__in=queues) | Q(object_id__in=addresses))
    of_all = Q(kind__in=OF_ALL) & ~Q(action=Action.TEST_MAIL)
    of_roles = Q(kind=Kind.ROLE) & ~Q(before__has_key=LIMITS) & ~Q(after__has_key=LIMITS)
    of_groups = Q(kind=Kind.QUEUE_GROUP, object_id__in=groups)
    seen: Events = events.filter(
        of_all | of_roles | of_groups | (about & ~Q(Exists(_moved(events.model, queues, groups, after=after))))
    )
    return seen


def _moved(model: Any, queues: Any, groups: list[str], *, after: bool) -> QuerySet[Any]:
    """Return later events, or the event itself, that moved the object in from a queue or group outside the scope."""
    later = {"seq__gt" if after else "seq__gte": OuterRef("seq")}
    moves = model._default_manager.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id"), **later).order_by()
    named = moves.alias(queue=KT("before__queue__id"), group=KT("before__group__id"))
    other_queue = Q(queue__isnull=False) & ~Q(queue__in=queues)
    moved: QuerySet[Any] = named.filter(other_queue | (Q(group__isnull=False) & ~Q(group__in=groups)))
    return moved


def sees_object(user: User, kind: str, object_id: str) -> bool:
    """Return whether the user may see the object; one of a deleted queue only if he is not limited."""
    scope = user.scope(RIGHT)
    if scope.groups is None or kind in (*OF_ALL, Kind.ROLE):
        return True
    if kind == Kind.QUEUE_GROUP:
        return object_id in {str(group) for group in scope.groups}
    return kind in (Kind.QUEUE, Kind.ADDRESS) and object_id in _seen(scope, kind, [object_id])


def states_seen(user: User, states: Iterable[State]) -> list[State]:
    """Return the states of objects in his queues and groups at that time; of a role without what it is limited to."""
    found, scope = list(states), user.scope(RIGHT)
    if scope.groups is None or not found:
        return found
    queues = _seen(scope, Kind.QUEUE, {state.relation("queue") for state in found})
    addresses = _seen(scope, Kind.ADDRESS, {state.object_id for state in found if state.kind == Kind.ADDRESS})
    groups = {"", *(str(group) for group in scope.groups)}
    return [
        state.without(LIMITS)
        for state in found
        if state.relation("group") in groups
        and (state.kind != Kind.ADDRESS or (state.object_id in addresses and state.relation("queue") in queues))
    ]


def _seen(scope: Scope, kind: str, ids: Collection[str]) -> set[str]:
    """Return the IDs of the queues or addresses that are within the scope."""
    return set(_keys(kind, scope).filter(key__in=ids).values_list("key", flat=True)) if ids else set()


def _keys(kind: str, scope: Scope) -> Any:
    """Return the IDs of the queues or addresses within the scope, as the audit log writes them."""
    rows = model_of(kind)._default_manager.visible_to(scope)
    return rows.order_by().annotate(key=Cast("pk", CharField())).values("key")
