"""The Celery tasks of bulk actions; each may run twice without harm."""

import uuid

from celery import shared_task

from configurator.console.bulk import services
from configurator.jobs.background import database_may_fail


@shared_task
def perform(job_id: str) -> None:
    with database_may_fail(f"bulk job {job_id}"):
        services.perform(uuid.UUID(job_id))


@shared_task
def sweep() -> None:
    with database_may_fail("the sweep of bulk jobs"):
        services.sweep()
