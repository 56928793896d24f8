"""The imports app."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """System Activities > Imports."""

    name = "imports"
    verbose_name = "Imports"
