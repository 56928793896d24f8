"""Exports of a period of the audit log, with the proof that it is complete; proof.py reads the file."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from configurator.audit.chain import GENESIS, HASHED, Head, as_hashed
from configurator.audit.models import AuditEvent
from configurator.audit.proof import FORMAT, VERSION
from configurator.audit.querysets import AuditEventQuerySet

CHUNK = 1000


def of_period(begin: datetime | None = None, end: datetime | None = None) -> AuditEventQuerySet:
    """Return the events from ``begin`` on up to ``end``, without a gap."""
    events = AuditEvent.objects.all()
    events = events.since(begin) if begin else events
    return events.until(end) if end else events


def export_lines(begin: datetime | None = None, end: datetime | None = None) -> Iterator[bytes]:
    """Yield the export of the period, a line per event, read by a cursor; events added after its beginning are left
    out.
    """
    head, seen = AuditEvent.objects.head(), hashlib.sha256()
    events = of_period(begin, end).up_to(head.seq).order_by("seq")
    first = events.first()
    follows = Head(first.seq - 1, first.previous_hash) if first else Head(head.seq, head.hash)
    opening = {
        "format": FORMAT,
        "version": VERSION,
        "first": follows.seq + 1,
        "previous_hash": follows.hash if follows.seq else GENESIS,
        "from": begin and begin.astimezone(UTC).isoformat(),
        "to": end and end.astimezone(UTC).isoformat(),
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    line = _line(opening)
    seen.update(line)
    yield line
    last = follows
    for event in events.iterator(chunk_size=CHUNK):
        line = _line({**as_hashed({name: getattr(event, name) for name in HASHED}), "hash": event.hash})
        seen.update(line)
        yield line
        last = Head(event.seq, event.hash)
    yield _line(
        {
            "end": True,
            "count": last.seq - follows.seq,
            "last": last.seq,
            "last_hash": last.hash,
            "head": str(head),
            "sha256": seen.hexdigest(),
        }
    )


def _line(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
