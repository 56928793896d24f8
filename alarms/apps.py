"""The alarms app."""

from celery import signals
from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """System Activities > Alarms."""

    name = "alarms"
    verbose_name = "Alarms"

    def ready(self) -> None:
        """Have a watchman in each worker and in the clock: whichever lives tells that the other is dead."""
        from alarms import watchman  # noqa: PLC0415  models load after apps

        signals.worker_ready.connect(watchman.begin, dispatch_uid="watchman")
        signals.beat_init.connect(watchman.begin, dispatch_uid="watchman")
