"""The Celery tasks: each fetches by id and calls one service, and may run twice without harm."""

import uuid

from celery import shared_task

from configurator.jobs.background import database_may_fail
from tokenchecks.worker import perform as worker_perform
from tokenchecks.worker import retention
from tokenchecks.worker import schedule as worker_schedule
from tokenchecks.worker import sweep as worker_sweep


@shared_task
def perform(run_id: str) -> None:
    """Perform the check run of that id."""
    with database_may_fail(f"check {run_id}"):
        worker_perform.perform(uuid.UUID(run_id))


@shared_task
def sweep() -> None:
    """Ring again for what was not heard."""
    with database_may_fail("the sweep"):
        worker_sweep.sweep()


@shared_task
def schedule() -> None:
    """Queue what is due."""
    with database_may_fail("the schedule"):
        worker_schedule.schedule()


@shared_task
def tidy() -> None:
    """Drop what is kept no longer."""
    with database_may_fail("tidying"):
        retention.tidy()
