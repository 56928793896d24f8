"""The check of the whole trail: the first event at which it is not what was written."""

from dataclasses import dataclass

from django.db import transaction

from configurator.audit.chain import BEGINNING, Head
from configurator.audit.choices import Action, Kind
from configurator.audit.models import AuditEvent
from configurator.audit.retention import states_digest


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event that is wrong, and how."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events are in order, the head that they end with, what is broken if anything, and what they follow."""

    count: int
    head: Head
    broken: Broken | None
    start: Head = BEGINNING


def verify(known: Head = BEGINNING) -> Verdict:
    """Read the trail from the beginning, stopping at the first broken event.

    It begins behind what was taken away, if an event tells of that, and checks the states that were kept then.
    Edited, deleted, inserted and reordered events show in the chain alone. Whoever can rewrite the whole
    table can make a new chain or cut its end: that shows against `known`, a head that was kept elsewhere.
    """
    last = start = _start()
    if start.seq and (fault := _kept(start)):
        return Verdict(0, start, Broken(start.seq, fault))
    # The server-side cursor of iterator() needs one transaction, which also gives one view of the table.
    with transaction.atomic():
        for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=1000):
            if reason := _fault(event, last, known):
                return Verdict(last.seq - start.seq, last, Broken(min(event.seq, last.seq + 1), reason))
            last = Head(event.seq, event.hash)
    if last.seq < known.seq:
        return Verdict(
            last.seq - start.seq,
            last,
            Broken(last.seq + 1, f"the trail once went on to {known.seq}: its end was cut off"),
        )
    if known.seq == start.seq != 0 and known.hash != start.hash:
        fault = f"event {known.seq}, which was taken away, is not the one that the given head names"
        return Verdict(last.seq - start.seq, last, Broken(known.seq, fault))
    return Verdict(last.seq - start.seq, last, None, start)


def _start() -> Head:
    """Return the last event that was taken away, as the latest event of that tells."""
    told = AuditEvent.objects.filter(kind=Kind.TRAIL, action=Action.RETIRED).order_by("-seq").first()
    after = (told.after if told else None) or {}
    return Head(int(after["last"]), str(after["hash"])) if after else BEGINNING


def _kept(start: Head) -> str:
    """Say what is wrong with the states that were kept."""
    told = AuditEvent.objects.filter(kind=Kind.TRAIL, action=Action.RETIRED).order_by("-seq")[0]
    whole = (told.after or {}).get("states") == states_digest()
    return "" if whole else f"the states kept of the events up to {start.seq} are not those that were kept"


def _fault(event: AuditEvent, last: Head, known: Head) -> str:
    if event.seq != last.seq + 1:
        return f"event {last.seq + 1} is missing"
    if event.previous_hash != last.hash:
        return f"event {event.seq} does not follow event {last.seq}: one was inserted, moved or replaced"
    if event.computed_hash() != event.hash:
        return f"event {event.seq} was edited"
    if event.seq == known.seq and event.hash != known.hash:
        return f"event {event.seq} is not the one that the given head names: the trail was rewritten"
    return ""
