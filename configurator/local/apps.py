"""The app that carries the ``run`` command."""

from django.apps import AppConfig


class LocalConfig(AppConfig):
    """The embedded stack."""

    name = "configurator.local"
    label = "local"
