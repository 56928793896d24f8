"""Tells the workers that a job waits.  The ring may be lost: the sweep rings again."""

import logging
import uuid
from functools import partial

from celery import current_app as app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

TASK = "configurator.console.bulk.tasks.perform"
# A page must not wait for a broker that does not answer.
IMPATIENT = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_retries": 0, "health_check_interval": 0}


def ring_on_commit(pk: uuid.UUID) -> None:
    """Ring for the job once it is committed."""
    transaction.on_commit(partial(ring, pk), robust=True)


def ring(pk: uuid.UUID) -> None:
    """Publish a task for the job."""
    try:
        with app.connection_for_write(transport_options=app.conf.broker_transport_options | IMPATIENT) as connection:
            app.send_task(TASK, args=[str(pk)], connection=connection, retry=False, argsrepr="[]")
    except (OperationalError, OSError) as error:
        logger.warning("the broker does not answer (%s): the job %s waits", type(error).__name__, pk)
