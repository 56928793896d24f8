"""The token checks app."""

from django.apps import AppConfig


class TokenChecksConfig(AppConfig):
    """System Activities > Token Checks."""

    name = "tokenchecks"
    verbose_name = "Token Checks"

    def ready(self) -> None:
        """Have each save queue its checks."""
        from configurator.audit.services import listeners  # noqa: PLC0415  models load after apps
        from tokenchecks.listeners import record_changed  # noqa: PLC0415

        listeners.append(record_changed)
