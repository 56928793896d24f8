"""A worker that is killed while it applies an import: nothing is left behind, it is told, and it is applied again."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from configurator.audit.models import AuditEvent
from configurator.audit.services import LOCK
from imports.models import Import
from imports.services import ask_to_apply, sweep, upload
from queues.models import Queue
from tests.imports.files import as_file
from tests.people import person
from tests.worker import CeleryProcess, WorkerProcess, wait_for

ROWS = 700
Crew = Callable[[type[CeleryProcess]], CeleryProcess]


def comes_to(found: Import, state: str, done: int = 0) -> None:
    """Wait until the import is there, with so many rows done."""

    def there() -> bool:
        found.refresh_from_db()
        return found.state == state and found.done >= done

    wait_for(there, seconds=30)


def test_killed_in_the_middle(crew: Crew) -> None:
    worker = crew(WorkerProcess)
    user = person("admin")
    file = as_file(("Name", "Priority"), *((f"Queue {number}", "5") for number in range(ROWS)))
    found = upload(user=user, kind="queue", name="queues.txt", file=file)
    comes_to(found, "ready")
    assert found.counts == {"created": ROWS}
    # Whoever holds the trail's lock has the worker wait before its last step.
    beside = connection.copy()
    with beside.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        assert ask_to_apply(user=user, pk=found.pk)
        comes_to(found, "applying", ROWS)
        worker.kill()
    beside.close()

    Import.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep()
    found.refresh_from_db()
    assert (found.state, "Nothing of it was written" in found.said) == ("interrupted", True)
    assert (Queue.objects.count(), AuditEvent.objects.filter(request_id=found.name).count()) == (0, 0)

    crew(WorkerProcess)
    assert ask_to_apply(user=user, pk=found.pk)
    comes_to(found, "applied")
    assert (Queue.objects.count(), AuditEvent.objects.filter(request_id=found.name).count()) == (ROWS, ROWS + 1)
