"""The console app."""

from django.apps import AppConfig

from configurator.db import timeouts


class ConsoleConfig(AppConfig):
    """What every screen shares."""

    name = "configurator.console"
    label = "console"

    def ready(self) -> None:
        """Let no query wait for ever."""
        timeouts.install()
