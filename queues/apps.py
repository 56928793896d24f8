"""The queues app."""

from django.apps import AppConfig


class QueuesConfig(AppConfig):
    """Queue Management."""

    name = "queues"
    verbose_name = "Queue Management"

    def ready(self) -> None:
        """Have passwords deleted in the transaction of a server's change that makes them useless."""
        from configurator.audit.services import listeners  # noqa: PLC0415  models load after apps
        from queues.listeners import servers_changed  # noqa: PLC0415

        listeners.append(servers_changed)
