"""Objects as they were at an instant, put together from the events alone.

An instant is the number of the last event that is counted: a moment between two events is one instant.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from configurator.audit.choices import Action, Kind
from configurator.audit.models import AuditEvent
from configurator.audit.querysets import AuditEventQuerySet
from configurator.audit.snapshots import JSON, SecretChange

Key = tuple[str, str]
# Fields of which the trail knows only whether something stands in them.
SECRETS: Final = frozenset({"secret", "password", "next_secret", "previous_secret"})
# Fields that point at another object, and its kind.
RELATIONS: Final[Mapping[str, str]] = {"server": Kind.INCOMING_SERVER, "queue": Kind.QUEUE}


@dataclass(frozen=True)
class State:
    """An object at an instant: its values, and the event that left it so."""

    kind: str
    object_id: str
    name: str
    seq: int
    at: datetime
    by: str
    gone: bool = False
    values: dict[str, JSON] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What tells the object from every other."""
        return self.kind, self.object_id

    def relation(self, name: str) -> str:
        """Return the id of the object that the field points at, "" for none."""
        value = self.values.get(name)
        return str(value["id"]) if isinstance(value, dict) else ""


def number_at(moment: datetime) -> int:
    """Return the number of the last event at the moment, 0 before the first one."""
    found = AuditEvent.objects.filter(at__lte=moment).order_by("-at").values_list("seq", flat=True).first()
    return found or 0


def state_at(kind: str, object_id: str, *seqs: int) -> list[State | None]:
    """Return the object at each instant: ``gone`` when it was deleted, None when it was not there yet.

    One query, and one more for each instant at which it points at others.
    """
    events = list(AuditEvent.objects.of_object(kind, object_id).states().up_to(max(seqs)).order_by("seq"))
    found = []
    for seq in seqs:
        state = fold(event for event in events if event.seq <= seq).get((kind, object_id))
        found.append(named([state], seq)[0] if state else None)
    return found


def boxes_at(field_name: str, object_id: str, seq: int) -> list[State]:
    """Return the addresses that pointed at the queue or server at the instant, by name; two queries."""
    addresses = AuditEvent.objects.filter(kind=Kind.ADDRESS)
    ever = addresses.up_to(seq).pointing_at(field_name, object_id).order_by().values("object_id")
    found = states_at(addresses.filter(object_id__in=ever), seq).values()
    there = [state for state in found if not state.gone and state.relation(field_name) == object_id]
    return sorted(named(there, seq), key=lambda state: state.name)


def states_at(events: AuditEventQuerySet, seq: int) -> dict[Key, State]:
    """Return each object that the events tell of as it was at the instant, in one query; deleted ones are ``gone``."""
    return fold(events.states().up_to(seq).order_by("seq").iterator(chunk_size=1000))


def fold(events: Iterable[AuditEvent]) -> dict[Key, State]:
    """Return what the events, oldest first, leave of each object."""
    found: dict[Key, State] = {}
    for event in events:
        key = event.kind, event.object_id
        before = found[key].values if key in found and event.action != Action.CREATED else {}
        gone = event.action == Action.DELETED
        values = _values(event.before) if gone else before | _values(event.after)
        found[key] = State(*key, event.object_name, event.seq, event.at, event.actor_name, gone, values)
    return found


def named(states: Collection[State], seq: int) -> list[State]:
    """Return the states with the objects that they point at under their names at the instant, in one query."""
    wanted = {(RELATIONS[name], state.relation(name)) for state in states for name in RELATIONS if state.relation(name)}
    if not wanted:
        return list(states)
    kinds, ids = zip(*wanted, strict=True)
    events = AuditEvent.objects.states().up_to(seq).filter(kind__in=set(kinds), object_id__in=ids)
    last = events.order_by("kind", "object_id", "-seq").distinct("kind", "object_id")
    names = {(kind, pk): name for kind, pk, name in last.values_list("kind", "object_id", "object_name")}
    return [replace(state, values=state.values | _renamed(state, names)) for state in states]


def _renamed(state: State, names: Mapping[Key, str]) -> dict[str, JSON]:
    """Return the fields of the state that point at objects whose names are known."""
    pointing = {name: state.relation(name) for name in RELATIONS if state.relation(name)}
    known = {name: names.get((RELATIONS[name], pk)) for name, pk in pointing.items()}
    return {name: {"id": pointing[name], "name": text} for name, text in known.items() if text is not None}


def _values(side: Mapping[str, Any] | None) -> dict[str, JSON]:
    """Return one side of an event, with of each secret whether it is set."""
    return {name: _secret(value) if name in SECRETS else value for name, value in (side or {}).items()}


def _secret(value: JSON) -> JSON:
    return SecretChange.SET.value if value in (SecretChange.SET, SecretChange.CHANGED) else None
