"""The findings app."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    """System Activities > Findings."""

    name = "findings"
    verbose_name = "Findings"

    def ready(self) -> None:
        """Have each save look at what it touched."""
        from configurator.audit.services import at_once, listeners  # noqa: PLC0415  models load after apps
        from findings.listeners import record_changed, records_changed  # noqa: PLC0415

        listeners.append(record_changed)
        at_once[record_changed] = records_changed
