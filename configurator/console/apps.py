"""The console app."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """What every screen shares."""

    name = "configurator.console"
    label = "console"
