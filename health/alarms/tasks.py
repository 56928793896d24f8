"""The Celery tasks of alarms; each may run twice without harm."""

from celery import shared_task

from configurator.jobs.background import database_may_fail
from health.alarms import services


@shared_task(name="alarms.tasks.look")
def reconcile() -> None:
    """Make the alarms agree with the status of all that is watched."""
    with database_may_fail("the look for alarms"):
        services.reconcile()


@shared_task(name="alarms.tasks.deliver")
def deliver() -> None:
    """Send what is due."""
    with database_may_fail("the delivery of notices"):
        services.deliver()
