"""The Celery tasks of the mail servers; each calls one service and may run twice without harm."""

from celery import shared_task

from configurator.jobs.background import database_may_fail
from mailsettings.rotation import services as rotation


@shared_task
def wipe_due_secrets() -> None:
    with database_may_fail("the wiping of previous secrets"):
        rotation.secrets_wipe_due()
