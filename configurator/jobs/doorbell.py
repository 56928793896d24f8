"""Ringing for workers without making a page wait for a broker that does not answer."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from celery import current_app as app
from kombu import Connection
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# Shorter time-outs than the workers have.
IMPATIENT: Final = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_retries": 0, "health_check_interval": 0}
UNANSWERED: Final = (OperationalError, OSError)


@contextmanager
def broker() -> Iterator[Connection]:
    """Give a connection to the broker; what it cannot do raises one of UNANSWERED soon."""
    with app.connection_for_write(transport_options=app.conf.broker_transport_options | IMPATIENT) as connection:
        yield connection


def publish(connection: Connection, task: str, *ids: uuid.UUID, **options: Any) -> None:
    """Publish the task for what has these ids, which the log of a worker does not name."""
    app.send_task(task, args=[str(pk) for pk in ids], connection=connection, retry=False, argsrepr="[]", **options)


def rung(task: str, *ids: uuid.UUID, waits: str, **options: Any) -> bool:
    """Publish the task; False, told in the log with what waits, when the broker does not answer."""
    try:
        with broker() as connection:
            publish(connection, task, *ids, **options)
    except UNANSWERED as error:
        logger.warning("the broker does not answer (%s): %s", type(error).__name__, waits)
        return False
    return True
