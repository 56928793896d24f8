"""The Celery tasks: each fetches by id and calls one service, and may run twice without harm."""

import uuid

from celery import shared_task

from configurator.jobs.background import database_may_fail
from tokenchecks import services
from tokenchecks.worker import perform as performing


@shared_task
def perform(run_id: str) -> None:
    """Perform the check run of that id."""
    with database_may_fail(f"check {run_id}"):
        performing.perform(uuid.UUID(run_id))


@shared_task
def sweep() -> None:
    """Ring again for what was not heard."""
    with database_may_fail("the sweep"):
        services.sweep()


@shared_task
def schedule() -> None:
    """Queue what is due."""
    with database_may_fail("the schedule"):
        services.schedule()


@shared_task
def tidy() -> None:
    """Drop what is kept no longer."""
    with database_may_fail("tidying"):
        services.tidy()
