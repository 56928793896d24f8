"""The Celery tasks of imports; each may run twice without harm."""

import uuid

from celery import shared_task

from configurator.jobs.background import database_may_fail
from imports import services
from imports.services import working


@shared_task
def work(import_id: str) -> None:
    with database_may_fail(f"import {import_id}"):
        working.work(uuid.UUID(import_id))


@shared_task
def sweep() -> None:
    with database_may_fail("the sweep of imports"):
        services.sweep()
