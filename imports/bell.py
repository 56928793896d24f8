"""The doorbell of imports: tells the workers that one waits. It may fail; the sweep rings again."""

import logging
import uuid
from functools import partial
from typing import Final

from celery import current_app as app
from django.db import transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from imports.models import Import

logger = logging.getLogger(__name__)

TASK: Final = "imports.tasks.work"
# A page must not wait for a broker that does not answer.
IMPATIENT: Final = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_retries": 0, "health_check_interval": 0}


def ring_on_commit(pk: uuid.UUID) -> None:
    """Ring for the import once its row is committed."""
    transaction.on_commit(partial(ring, pk), robust=True)


def ring(pk: uuid.UUID) -> None:
    """Publish a task for the import, and note when."""
    try:
        with app.connection_for_write(transport_options=app.conf.broker_transport_options | IMPATIENT) as connection:
            app.send_task(TASK, args=[str(pk)], connection=connection, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("the broker does not answer (%s): an import waits", type(error).__name__)
        return
    Import.objects.filter(pk=pk).update(rung_at=Now())
