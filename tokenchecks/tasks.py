"""The Celery tasks: each fetches by id and calls one service, and may run twice without harm."""

import uuid

from celery import shared_task

from configurator.accounts import request_id
from tokenchecks import perform as performing
from tokenchecks import services


@shared_task
def perform(run_id: str) -> None:
    """Perform the check run of that id."""
    request_id.begin()
    performing.perform(uuid.UUID(run_id))


@shared_task
def sweep() -> None:
    """Ring again for what was not heard."""
    request_id.begin()
    services.sweep()
