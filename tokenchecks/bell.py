"""The doorbell: tells the workers that a run waits.  It may fail, and it may ring twice; neither matters."""

import logging
import uuid
from collections.abc import Sequence
from functools import partial

from celery import current_app as app
from django.db import transaction
from django.db.models.functions import Now
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


def ring_on_commit(runs: Sequence[uuid.UUID]) -> None:
    """Ring for the runs once their rows are committed."""
    if runs:
        transaction.on_commit(partial(ring, tuple(runs)), robust=True)


def ring(runs: Sequence[uuid.UUID]) -> None:
    """Publish a task for each run; after the first failure leave the rest to the sweeper and note it on the rows."""
    options = app.conf.broker_transport_options | IMPATIENT
    rung: list[uuid.UUID] = []
    try:
        with app.connection_for_write(transport_options=options) as connection:
            for run in runs:
                app.send_task(TASK, args=[str(run)], connection=connection, retry=False, argsrepr="[]")
                rung.append(run)
    except (OperationalError, OSError) as error:
        logger.warning(
            "the broker does not answer (%s): %d checks wait", type(error).__name__, len(runs) - len(rung)
        )
        CheckRun.objects.filter(pk__in=runs, state="queued").exclude(pk__in=rung).update(bell_failed=True)
    if rung:
        CheckRun.objects.filter(pk__in=rung).update(rung_at=Now(), bell_failed=False)
