"""`manage.py vault_rotate`: seal every secret again with the first key of VAULT_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from configurator.vault.errors import KeyringError
from configurator.vault.pieces import rekey_pieces
from configurator.vault.rotation import counts, rotate
from configurator.vault.services import keyring


class Command(BaseCommand):
    """Exits 0 when every secret is under the primary key, 1 when some are left."""

    help = "Seal every secret, and each file that waits, anew under the first key of VAULT_KEYS; safe while in use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=100, help="secrets per transaction (default: 100)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rotate, printing each batch, and end with the count of every key."""
        try:
            for batch in rotate(max(1, options["batch"])):
                self.stdout.write(f"{batch.rekeyed.total()} re-keyed, {batch.unreadable.total()} unreadable")
                self.stdout.flush()
            pieces = rekey_pieces()
        except KeyringError as error:
            raise CommandError(str(error)) from error
        if pieces:
            self.stdout.write(
                f"Uploaded files that wait: {pieces['re-keyed']} pieces re-keyed, {pieces['unreadable']} unreadable"
            )
        self._report()

    def _report(self) -> None:
        used, keys = counts(), keyring()
        for key_id in dict.fromkeys([*keys.ids, *used]):
            left = "" if used[key_id] or key_id == keys.primary.id else " - it can be removed from VAULT_KEYS"
            self.stdout.write(f"{key_id}: {used[key_id]}{left}")
        if others := used.total() - used[keys.primary.id]:
            raise CommandError(f"Not under {keys.primary.id}: {others}. Run it again, or enter those secrets again.")
