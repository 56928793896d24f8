"""What the audit trail gained while something was done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from configurator.audit.models import AuditEvent


@contextmanager
def trailed() -> Iterator[list[Any]]:
    """Give a list that holds, after the block, the events that were written in it, the first first."""
    begin = AuditEvent.objects.head().seq
    events: list[Any] = []
    yield events
    events += AuditEvent.objects.filter(seq__gt=begin).order_by("seq")
