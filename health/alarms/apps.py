"""The alarms app."""

from celery import signals
from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """System Activities > Alarms."""

    name = "health.alarms"
    label = "alarms"
    verbose_name = "Alarms"

    def ready(self) -> None:
        """Have a watchman in each worker and in the clock: whichever lives tells that the other is dead."""
        from health.alarms.silence import monitor  # noqa: PLC0415  models load after apps

        signals.worker_ready.connect(monitor.begin, dispatch_uid="watchman")
        signals.beat_init.connect(monitor.begin, dispatch_uid="watchman")
