"""The trail as a Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    name = "configurator.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the vault, and have each app's audited.py register its kinds."""
        from configurator.audit.vault import listen  # noqa: PLC0415  # the models must be loaded first

        listen()
        autodiscover_modules("audited")
