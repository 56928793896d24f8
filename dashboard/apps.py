"""The app of the start page."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Start."""

    name = "dashboard"
