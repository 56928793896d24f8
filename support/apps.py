"""The support app."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Set-up sheets and support bundles."""

    name = "support"
    verbose_name = "Support"
