"""The support app."""

from django.apps import AppConfig

from configurator.console.frame.navigation import SYSTEM_ACTIVITIES, Leaf


class SupportConfig(AppConfig):
    name = "support"
    verbose_name = "Support"
    leaves = (
        Leaf(
            SYSTEM_ACTIVITIES,
            80,
            "Support Bundle",
            "support:bundle",
            "queue.view",
            ("incoming_server.view", "outgoing_server.view"),
        ),
    )
