"""The app that carries the ``run`` command."""

from django.apps import AppConfig


class LocalConfig(AppConfig):
    name = "configurator.local"
    label = "local"
