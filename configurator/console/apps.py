"""The console app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from configurator.console.frame.navigation import SYSTEM_ACTIVITIES, USER_AND_ROLE_MANAGEMENT, Leaf
from configurator.db import timeouts


class ConsoleConfig(AppConfig):
    name = "configurator.console"
    label = "console"
    leaves = (
        Leaf(SYSTEM_ACTIVITIES, 70, "Audit Log", "console:audit_log", "audit_log.view"),
        Leaf(USER_AND_ROLE_MANAGEMENT, 10, "Users", "console:user_list", "user.view"),
        Leaf(USER_AND_ROLE_MANAGEMENT, 20, "Roles", "console:role_list", "role.view"),
        Leaf(USER_AND_ROLE_MANAGEMENT, 30, "Queue Groups", "console:queue_group_list", "queue_group.view"),
    )

    def ready(self) -> None:
        """Limit how long queries wait, and have each app's panels.py register its panels."""
        timeouts.install()
        autodiscover_modules("panels")
