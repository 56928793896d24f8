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
        """Have a watchman in each worker and in the clock: whichever lives tells that the other is dead."""
        from health.alarms.silence import monitor  # noqa: PLC0415  models load after apps

        signals.worker_ready.connect(monitor.begin, dispatch_uid="watchman")
        signals.beat_init.connect(monitor.begin, dispatch_uid="watchman")
