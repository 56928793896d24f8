"""The console app."""

import psycopg2.extensions
from django.apps import AppConfig

from configurator.db import timeouts


class ConsoleConfig(AppConfig):
    """What every screen shares."""

    name = "configurator.console"
    label = "console"

    def ready(self) -> None:
        """Let no query wait for ever."""
        psycopg2.extensions.set_wait_callback(timeouts.wait)
