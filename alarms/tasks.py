"""The Celery tasks of alarms; each may run twice without harm."""

from celery import shared_task

from alarms import services
from configurator.jobs.background import database_may_fail


@shared_task
def look() -> None:
    """Make the alarms agree with how all stands."""
    with database_may_fail("the look for alarms"):
        services.look()


@shared_task
def deliver() -> None:
    """Send what is due."""
    with database_may_fail("the delivery of notices"):
        services.deliver()
