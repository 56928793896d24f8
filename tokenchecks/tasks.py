"""The Celery tasks: each fetches by id and calls one service, and may run twice without harm."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.db import InterfaceError, OperationalError

from configurator.accounts import request_id
from tokenchecks import perform as performing
from tokenchecks import services

logger = logging.getLogger(__name__)


@shared_task
def perform(run_id: str) -> None:
    """Perform the check run of that id."""
    with _database_may_fail(f"check {run_id}"):
        performing.perform(uuid.UUID(run_id))


@shared_task
def sweep() -> None:
    """Ring again for what was not heard."""
    with _database_may_fail("the sweep"):
        services.sweep()


@shared_task
def schedule() -> None:
    """Queue what is due."""
    with _database_may_fail("the schedule"):
        services.schedule()


@contextmanager
def _database_may_fail(what: str) -> Iterator[None]:
    """Begin a request, and tell in one line of a database that went away: the rows stay as they are for the sweeper."""
    request_id.begin()
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        logger.warning("%s was broken off: the database does not answer (%s)", what, type(error).__name__)
