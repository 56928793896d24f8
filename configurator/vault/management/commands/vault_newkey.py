"""`manage.py vault_newkey`: print a new entry for VAULT_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from configurator.vault.keys import new_entry


class Command(BaseCommand):
    """Prints one entry `name:key` and nothing else, so that it can be piped into a file."""

    help = "Print a fresh key for VAULT_KEYS: the first one seals, the ones behind it still open."
    # The failing check names it as the remedy, so it must run when the check fails.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        today = f"k{timezone.now():%Y%m%d}"
        parser.add_argument("--name", default=today, help="the key's name (default: today's date)")

    def handle(self, *_args: Any, **options: Any) -> None:
        self.stdout.write(new_entry(options["name"]))
