"""The demo app: only there with DEMO=1."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The sample data and the command that enters it."""

    name = "demo"
