"""Objects as they were at an instant, put together from the events alone.

An instant is the number of the last event that is counted: a moment between two events is one instant.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Value
from django.utils import timezone

from configurator.audit.choices import Action, Kind
from configurator.audit.models import AuditEvent, Baseline, StateEvent
from configurator.audit.querysets import AuditEventQuerySet
from configurator.audit.registry import relations_of, secrets_of
from configurator.audit.snapshots import JSON, SecretChange

Key = tuple[str, str]


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
    # Of each secret the event that last changed it: of two that are set, it alone tells whether they are the same.
    secrets: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What tells the object from every other."""
        return self.kind, self.object_id

    def relation(self, name: str) -> str:
        """Return the id of the object that the field points at, "" for none."""
        value = self.values.get(name)
        return str(value["id"]) if isinstance(value, dict) else ""

    def replaced(self, other: "State") -> set[str]:
        """Return the secrets that are set in both and were changed between them, be it to the same text."""
        if self.gone or other.gone:
            return set()
        both = {name for name in secrets_of(self.kind) if self.values.get(name) and other.values.get(name)}
        return {name for name in both if self.secrets.get(name) != other.secrets.get(name)}

    def without(self, field_name: str) -> "State":
        """Return the state without the field."""
        kept = {name: value for name, value in self.values.items() if name != field_name}
        return replace(self, values=kept) if len(kept) < len(self.values) else self


@dataclass(frozen=True)
class Retired:
    """The number and the time of the last event that was taken away."""

    last: int
    until: datetime

    def says(self, moment: datetime) -> str:
        """Say what cannot be shown at the moment, "" where all can."""
        day = f"{timezone.localtime(self.until):%Y-%m-%d %H:%M}"
        return f"Events up to {day} were taken away: what was before then is in their export." * (moment < self.until)


def retired() -> Retired | None:
    """Return what the newest event of a retirement says; None where all events are there."""
    newest = AuditEvent.objects.filter(kind=Kind.TRAIL, action=Action.RETIRED).order_by("-seq").first()
    after = (newest.after if newest else None) or {}
    return Retired(int(after["last"]), datetime.fromisoformat(after["until"])) if after else None


def number_at(moment: datetime) -> int:
    """Return the number of the last event at the moment, 0 before the first one."""
    there = [
        events.filter(at__lte=moment).order_by("-at", "-seq").values("seq")[:1]
        for events in (AuditEvent.objects, Baseline.objects)
    ]
    return max((row["seq"] for row in there[0].union(there[1], all=True)), default=0)


def state_at(kind: str, object_id: str, *seqs: int) -> list[State | None]:
    """Return the object at each instant: ``gone`` when it was deleted, None when it was not there yet; two queries."""
    events = StateEvent.objects.of_object(kind, object_id)
    return [found.get((kind, object_id)) for found in states_at(events, *seqs)]


def boxes_at(field_name: str, object_id: str, seq: int) -> list[State]:
    """Return the addresses that pointed at the queue or server at the instant, by name; two queries."""
    addresses = StateEvent.objects.filter(kind=Kind.ADDRESS)
    ever = addresses.up_to(seq).pointing_at(field_name, object_id).order_by().values("object_id")
    [found] = states_at(addresses.filter(object_id__in=ever), seq)
    there = [state for state in found.values() if not state.gone and state.relation(field_name) == object_id]
    return sorted(there, key=lambda state: state.name)


def states_at(events: AuditEventQuerySet, *seqs: int) -> list[dict[Key, State]]:
    """Return for each instant the objects that the events tell of, deleted ones ``gone``; two queries.

    Objects that they point at have their names of that instant.
    """
    rows = list(events.states().up_to(max(seqs)).order_by("seq"))
    found = [fold(event for event in rows if event.seq <= seq) for seq in seqs]
    names = _names(found, seqs)
    return [
        {key: _renamed(state, names, seq) for key, state in states.items()}
        for states, seq in zip(found, seqs, strict=True)
    ]


def fold(events: Iterable[AuditEvent | StateEvent]) -> dict[Key, State]:
    """Return what the events, oldest first, leave of each object."""
    found: dict[Key, State] = {}
    for event in events:
        key = event.kind, event.object_id
        before = found.get(key) if event.action != Action.CREATED else None
        gone = event.action == Action.DELETED
        secret_fields = secrets_of(event.kind)
        side = _values(event.before if gone else event.after, secret_fields)
        values = side if gone else (before.values if before else {}) | side
        changed = dict.fromkeys(secret_fields & (event.after or {}).keys(), event.seq)
        secrets = (before.secrets if before else {}) | changed
        found[key] = State(*key, event.object_name, event.seq, event.at, event.actor_name, gone, values, secrets)
    return found


def _names(found: Sequence[Mapping[Key, State]], seqs: Sequence[int]) -> dict[tuple[str, str, int], str]:
    """Return the name of each object that the states point at, at each instant, in one query."""
    wanted = {
        (kind, state.relation(name))
        for states in found
        for state in states.values()
        for name, kind in relations_of(state.kind).items()
        if state.relation(name)
    }
    if not wanted:
        return {}
    kinds, ids = zip(*wanted, strict=True)
    events = StateEvent.objects.states().filter(kind__in=set(kinds), object_id__in=ids)
    last = [
        events.up_to(seq)
        .order_by("kind", "object_id", "-seq")
        .distinct("kind", "object_id")
        .values_list("kind", "object_id", Value(seq), "object_name")
        for seq in set(seqs)
    ]
    return {(kind, pk, seq): name for kind, pk, seq, name in last[0].union(*last[1:], all=True)}


def _renamed(state: State, names: Mapping[tuple[str, str, int], str], seq: int) -> State:
    """Return the state with what it points at under the names of the instant, where they are known."""
    kinds = relations_of(state.kind)
    pointing = {name: state.relation(name) for name in kinds if state.relation(name)}
    known = {name: names.get((kinds[name], pk, seq)) for name, pk in pointing.items()}
    renamed: dict[str, JSON] = {
        name: {"id": pointing[name], "name": text} for name, text in known.items() if text is not None
    }
    return replace(state, values=state.values | renamed) if renamed else state


def _values(side: Mapping[str, Any] | None, secret_fields: frozenset[str]) -> dict[str, JSON]:
    """Return one side of an event, with of each secret whether it is set."""
    return {name: _secret(value) if name in secret_fields else value for name, value in (side or {}).items()}


def _secret(value: JSON) -> JSON:
    return SecretChange.SET.value if value in (SecretChange.SET, SecretChange.CHANGED) else None
