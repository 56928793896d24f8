"""Notifies workers of jobs without making a page wait for a broker that does not answer.

It may fail, and workers may be notified twice; neither matters, since a sweep notifies them again and a job is claimed
once.
"""

import logging
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from celery import current_app as app
from django.db import transaction
from kombu import Connection
from kombu.exceptions import OperationalError

from configurator.db.commit import after_commit
from configurator.jobs.models import Job

logger = logging.getLogger(__name__)

# Shorter time-outs than the workers have.
IMPATIENT: Final = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_retries": 0, "health_check_interval": 0}
UNANSWERED: Final = (OperationalError, OSError)
# Nor does a page wait for a broker that answers each message slowly: after so many seconds the sweep has the rest.
LONGEST: Final = 1.0
Batch = list[uuid.UUID]


def notify_on_commit(*jobs: Job, noted: bool = False) -> None:
    """Notify workers of jobs of one kind once their rows are committed; see notify()."""
    if jobs:
        after_commit(notify, jobs, noted=noted)


def notify(jobs: Sequence[Job], *, limit: int | None = None, noted: bool = False) -> int:
    """Notify workers of jobs of one kind, note when, and return of how many jobs.

    What a broker that fails leaves over is noted too. With ``limit`` it stops when so many messages wait in the broker:
    more would wake no worker. ``noted`` says that the rows note already that workers were notified.
    """
    if not jobs:
        return 0
    model = type(jobs[0])
    batches = model.batches(jobs)
    sent: list[Batch] = []
    failed = False
    try:
        _send(model.TASK, batches, sent, limit)
    except UNANSWERED as error:
        failed = True
        logger.warning("the broker does not answer (%s): the sweep has the rest", type(error).__name__)
    if not noted:
        _note(model, sent, failed=None)
    if failed or noted:
        _note(model, batches[len(sent) :], failed=failed)
    return sum(map(len, sent))


@transaction.atomic
def _note(model: type[Job], batches: Sequence[Batch], *, failed: bool | None) -> None:
    """Note on the jobs that still wait what became of their messages; one that a worker claims just now needs none."""
    if pks := [pk for batch in batches for pk in batch]:
        rows: Any = model._default_manager
        rows.filter(pk__in=pks, state__in=model.WAITING).untouched().note_notified(failed=failed)


def _send(task: str, batches: Sequence[Batch], sent: list[Batch], limit: int | None) -> None:
    """Send a message for one batch after the other over one connection, and add each to ``sent``."""
    end = time.monotonic() + LONGEST
    with _broker() as connection:
        room = len(batches) if limit is None else limit - _waiting(connection)
        for batch in batches[: max(room, 0)]:
            if sent and time.monotonic() > end:
                logger.warning("the broker is slow: %d messages are left to the sweep", len(batches) - len(sent))
                return
            _publish(connection, task, batch[0])
            sent.append(batch)


def notify_clock(task: str, *, waits: str, **options: Any) -> None:
    """Have a task run now that beat runs anyway; ``waits`` is for the log where the broker does not answer."""
    try:
        with _broker() as connection:
            _publish(connection, task, **options)
    except UNANSWERED as error:
        logger.warning("the broker does not answer (%s): %s", type(error).__name__, waits)


@contextmanager
def _broker() -> Iterator[Connection]:
    """Give a connection to the broker; what it cannot do raises one of UNANSWERED soon."""
    with app.connection_for_write(transport_options=app.conf.broker_transport_options | IMPATIENT) as connection:
        yield connection


def _publish(connection: Connection, task: str, *ids: uuid.UUID, **options: Any) -> None:
    """Publish the task for what has these ids, which the log of a worker does not name."""
    app.send_task(task, args=[str(pk) for pk in ids], connection=connection, retry=False, argsrepr="[]", **options)


def _waiting(connection: Connection) -> int:
    """Return how many messages wait in the broker."""
    channel: Any = connection.default_channel
    return int(channel.queue_declare(queue=app.conf.task_default_queue).message_count)
