"""The demo app: only there with DEMO=1."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
