"""The token checks app."""

from django.apps import AppConfig

from configurator.console.frame.navigation import QUEUE_MANAGEMENT, SYSTEM_ACTIVITIES, Leaf


class TokenChecksConfig(AppConfig):
    name = "tokenchecks"
    verbose_name = "Token Checks"
    leaves = (
        Leaf(QUEUE_MANAGEMENT, 20, "Addresses", "tokenchecks:address_list", "queue.view"),
        Leaf(QUEUE_MANAGEMENT, 30, "Addresses at risk", "tokenchecks:risk_list", "queue.view"),
        Leaf(SYSTEM_ACTIVITIES, 10, "Token Checks", "tokenchecks:standing_list", "token_check.view"),
        Leaf(SYSTEM_ACTIVITIES, 20, "Error Codes", "tokenchecks:code_list", "token_check.view"),
    )

    def ready(self) -> None:
        """Connect the checks to saves, and tell mailsettings how to read the tests of next secrets."""
        from configurator.audit.services import listeners, many_listeners  # noqa: PLC0415  models load after apps
        from mailsettings.rotation.next_test import tellers  # noqa: PLC0415
        from tokenchecks.listeners import many_changed, records_changed  # noqa: PLC0415
        from tokenchecks.subjects.next_secret_test import failed_test  # noqa: PLC0415

        listeners.append(records_changed)
        many_listeners.append(many_changed)
        tellers.append(failed_test)
