"""The app of the problems, over findings and alarms."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """The list of problems and the banner."""

    name = "health"
