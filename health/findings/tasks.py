"""The Celery tasks of findings; each may run twice without harm."""

from celery import shared_task

from configurator.jobs.background import database_may_fail
from health.findings import services


@shared_task(name="findings.tasks.look")
def reconcile() -> None:
    """Make the findings agree with the tables."""
    with database_may_fail("the look for findings"):
        services.reconcile()
