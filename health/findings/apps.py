"""The findings app."""

from django.apps import AppConfig

from configurator.console.frame.navigation import SYSTEM_ACTIVITIES, Leaf


class FindingsConfig(AppConfig):
    """System Activities > Findings."""

    name = "health.findings"
    label = "findings"
    verbose_name = "Findings"
    leaves = (
        Leaf(
            SYSTEM_ACTIVITIES,
            30,
            "Findings",
            "findings:list",
            "queue.view",
            ("incoming_server.view", "outgoing_server.view"),
        ),
    )

    def ready(self) -> None:
        """Apply the rules to what each save touched."""
        from configurator.audit.services import listeners  # noqa: PLC0415  models load after apps
        from health.findings.listeners import records_changed  # noqa: PLC0415

        listeners.append(records_changed)
