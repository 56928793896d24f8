"""The queues app."""

from django.apps import AppConfig

from configurator.console.frame.navigation import QUEUE_MANAGEMENT, SYSTEM_ACTIVITIES, Leaf


class QueuesConfig(AppConfig):
    """Queue Management."""

    name = "queues"
    verbose_name = "Queue Management"
    leaves = (
        Leaf(QUEUE_MANAGEMENT, 10, "Queues", "queues:queue_list", "queue.view"),
        Leaf(SYSTEM_ACTIVITIES, 50, "Secrets and Impact", "queues:secret_list", "incoming_server.view"),
    )

    def ready(self) -> None:
        """Have passwords deleted in the transaction of a server's change that makes them useless."""
        from configurator.audit.services import listeners  # noqa: PLC0415  models load after apps
        from queues.listeners import servers_changed  # noqa: PLC0415

        listeners.append(servers_changed)
