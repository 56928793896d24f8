"""The doorbell: tells the workers that a run waits.  It may fail, and it may ring twice; neither matters."""

import logging
import time
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from celery import current_app as app
from django.db import transaction
from django.db.models.functions import Now
from kombu import Connection
from kombu.exceptions import OperationalError

from tokenchecks.models import CheckRun

logger = logging.getLogger(__name__)

TASK = "tokenchecks.tasks.perform"
# A page must not wait for a broker that does not answer, so the bell has shorter time-outs than the workers.
IMPATIENT = {
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "max_retries": 0,
    "health_check_interval": 0,
}
# Nor for one that answers each ring slowly: after so many seconds the rest is left to the sweeper.
LONGEST = 1.0


def ring_on_commit(runs: Sequence[uuid.UUID]) -> None:
    """Ring for the runs once their rows are committed."""
    if runs:
        transaction.on_commit(partial(ring, tuple(runs)), robust=True)


def ring(runs: Sequence[uuid.UUID], *, pile: int | None = None) -> int:
    """Publish a task for each run and return how many; after the first failure note on the rest that they wait.

    With ``pile`` it stops when that many rings lie in the broker unheard: more would wake nobody.
    """
    rung: list[uuid.UUID] = []
    try:
        _publish(runs, rung, pile)
    except (OperationalError, OSError) as error:
        waiting = set(runs) - set(rung)
        logger.warning("the broker does not answer (%s): %d checks wait", type(error).__name__, len(waiting))
        CheckRun.objects.filter(pk__in=waiting, state="queued").update(bell_failed=True)
    if rung:
        CheckRun.objects.filter(pk__in=rung).update(rung_at=Now(), bell_failed=False)
    return len(rung)


def _publish(runs: Sequence[uuid.UUID], rung: list[uuid.UUID], pile: int | None) -> None:
    """Publish for one run after the other over one connection, and add each to ``rung``."""
    end = time.monotonic() + LONGEST
    with app.connection_for_write(transport_options=app.conf.broker_transport_options | IMPATIENT) as connection:
        room = len(runs) if pile is None else pile - _unheard(connection)
        for run in runs[: max(room, 0)]:
            if time.monotonic() > end:
                logger.warning("the broker is slow: %d checks wait for the sweeper", len(runs) - len(rung))
                return
            app.send_task(TASK, args=[str(run)], connection=connection, retry=False, argsrepr="[]")
            rung.append(run)


def _unheard(connection: Connection) -> int:
    """Return how many rings lie in the broker."""
    channel: Any = connection.default_channel
    return int(channel.queue_declare(queue=app.conf.task_default_queue).message_count)
