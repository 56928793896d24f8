"""The accounts app."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Users, roles and rights; keeps the default roles in line with the code after each migration."""

    name = "configurator.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Create the default roles when Django has made the permissions of the last app."""
        from configurator.accounts.roles import lay_down_default_roles  # noqa: PLC0415  models load after apps

        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(lay_down_default_roles, sender=last, dispatch_uid="accounts.default_roles")
