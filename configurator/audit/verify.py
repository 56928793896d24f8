"""The check of the whole audit log: the first event that is not what was written."""

from dataclasses import dataclass

from django.db import transaction

from configurator.audit.chain import BEGINNING, Head
from configurator.audit.choices import Action, Kind
from configurator.audit.models import AuditEvent
from configurator.audit.retention import states_digest


@dataclass(frozen=True, slots=True)
class Broken:
    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events are valid, the head after them, what is broken if anything, and what they follow."""

    count: int
    head: Head
    broken: Broken | None
    start: Head = BEGINNING


def verify(known: Head = BEGINNING) -> Verdict:
    """Read the log from the beginning, stopping at the first broken event.

    It begins after deleted events, if there are any, and checks the states that were kept of them. Edited, deleted,
    inserted and reordered events show in the chain alone. Somebody who can rewrite the whole table can make a new chain
    or cut its end: that shows against `known`, a head that was kept elsewhere.
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
    """Return the last deleted event, as recorded by the latest deletion."""
    deletion = AuditEvent.objects.filter(kind=Kind.TRAIL, action=Action.RETIRED).order_by("-seq").first()
    after = (deletion.after if deletion else None) or {}
    return Head(int(after["last"]), str(after["hash"])) if after else BEGINNING


def _kept(start: Head) -> str:
    """Return what is wrong with the kept states, in words."""
    deletion = AuditEvent.objects.filter(kind=Kind.TRAIL, action=Action.RETIRED).order_by("-seq")[0]
    whole = (deletion.after or {}).get("states") == states_digest()
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
