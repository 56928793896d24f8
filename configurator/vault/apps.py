"""The vault as a Django app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Registers the vault's system checks."""

    name = "configurator.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from configurator.vault import checks  # noqa: F401, PLC0415  # the models must be loaded first
