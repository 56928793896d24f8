"""The imports app."""

from django.apps import AppConfig

from configurator.console.frame.navigation import SYSTEM_ACTIVITIES, Leaf


class ImportsConfig(AppConfig):
    """System Activities > Imports."""

    name = "imports"
    verbose_name = "Imports"
    leaves = (
        Leaf(SYSTEM_ACTIVITIES, 60, "Imports", "imports:list", "queue.modify", ("incoming_server.modify",), whole=True),
    )

    def ready(self) -> None:
        """Have the pieces of waiting files re-keyed with the secrets."""
        from configurator.vault.pieces import stores  # noqa: PLC0415  models are not ready before
        from imports.models import ImportPiece  # noqa: PLC0415

        if ImportPiece not in stores:
            stores.append(ImportPiece)
