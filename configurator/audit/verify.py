"""The check of the whole trail: the first event at which it is not what was written."""

from dataclasses import dataclass

from django.db import transaction

from configurator.audit.chain import BEGINNING, Head
from configurator.audit.models import AuditEvent


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event that is wrong, and how."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events are in order, the head that they end with, and what is broken, None if nothing."""

    count: int
    head: Head
    broken: Broken | None


def verify(known: Head = BEGINNING) -> Verdict:
    """Read the trail from the beginning, stopping at the first broken event.

    Edited, deleted, inserted and reordered events show in the chain alone. Whoever can rewrite the whole
    table can make a new chain or cut its end: that shows against `known`, a head that was kept elsewhere.
    """
    last = BEGINNING
    # The server-side cursor of iterator() needs one transaction, which also gives one view of the table.
    with transaction.atomic():
        for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=1000):
            if reason := _fault(event, last, known):
                return Verdict(last.seq, last, Broken(min(event.seq, last.seq + 1), reason))
            last = Head(event.seq, event.hash)
    if last.seq < known.seq:
        return Verdict(
            last.seq,
            last,
            Broken(last.seq + 1, f"the trail once went on to {known.seq}: its end was cut off"),
        )
    return Verdict(last.seq, last, None)


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
