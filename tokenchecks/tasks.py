"""The Celery tasks: each calls one function of the worker, and may run twice without harm."""

import uuid

from celery import shared_task

from configurator.jobs.background import database_may_fail
from tokenchecks.worker.check import perform_run
from tokenchecks.worker.retention import delete_expired
from tokenchecks.worker.schedule import queue_due_checks
from tokenchecks.worker.sweep import sweep_runs


@shared_task
def perform(run_id: str) -> None:
    with database_may_fail(f"check {run_id}"):
        perform_run(uuid.UUID(run_id))


@shared_task
def sweep() -> None:
    with database_may_fail("the sweep"):
        sweep_runs()


@shared_task
def schedule() -> None:
    with database_may_fail("the schedule"):
        queue_due_checks()


@shared_task
def tidy() -> None:
    with database_may_fail("tidying"):
        delete_expired()
