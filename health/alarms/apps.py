"""The alarms app."""

from celery import signals
from django.apps import AppConfig

from configurator.console.frame.navigation import SYSTEM_ACTIVITIES, Leaf


class AlarmsConfig(AppConfig):
    """System Activities > Alarms."""

    name = "health.alarms"
    label = "alarms"
    verbose_name = "Alarms"
    leaves = (Leaf(SYSTEM_ACTIVITIES, 40, "Alarms", "alarms:list", "alarm.view"),)

    def ready(self) -> None:
        """Start the silence monitor in each worker and in the clock: each reports that the other has stopped."""
        from health.alarms.silence import monitor  # noqa: PLC0415  models load after apps

        signals.worker_ready.connect(monitor.start, dispatch_uid="silence monitor")
        signals.beat_init.connect(monitor.start, dispatch_uid="silence monitor")
