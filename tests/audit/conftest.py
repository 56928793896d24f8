"""What the tests of the trail share."""

from collections.abc import Callable

import pytest
from django.db import transaction

from configurator.audit.models import AuditEvent
from configurator.audit.services import record
from configurator.audit.vault import Program

ALICE = Program("7", "alice", "request-1")


@pytest.fixture
def trail(transactional_db: None) -> Callable[[int], list[AuditEvent]]:
    """Write that many committed events."""

    def write(number: int) -> list[AuditEvent]:
        events = []
        for index in range(number):
            with transaction.atomic():
                event = record(
                    actor=ALICE,
                    action="changed",
                    kind="box",
                    object_id=f"q{index}",
                    object_name=f"Queue {index}",
                    before={"priority": index},
                    after={"priority": index + 1},
                )
            events.append(event)
        return events

    return write
