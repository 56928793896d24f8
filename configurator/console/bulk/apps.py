"""The bulk actions app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class BulkConfig(AppConfig):
    """What is done with many rows of a list at once."""

    name = "configurator.console.bulk"
    label = "bulk"
    verbose_name = "Bulk actions"

    def ready(self) -> None:
        """Have each app's bulk.py enter its lists and actions, in workers too."""
        autodiscover_modules("bulk")
