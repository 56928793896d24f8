"""`manage.py audit_verify`: check the chain of the audit log and print its head."""

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from configurator.audit.chain import BEGINNING, Head
from configurator.audit.verify import verify


def head(text: str) -> Head:
    try:
        return Head.parse(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    """Exits 0 and prints the head of a complete log, exits 1 and names the first broken event of another."""

    help = "Check the audit trail from its first event on, and print its present head as SEQ:HASH."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", type=head, default=BEGINNING, help="a head SEQ:HASH that was kept elsewhere")

    def handle(self, *_args: Any, **options: Any) -> None:
        verdict = verify(options["head"])
        if verdict.broken:
            raise CommandError(f"Broken at event {verdict.broken.seq}: {verdict.broken.reason}.")
        gone = f", after event {verdict.start.seq}, up to which they were taken away" if verdict.start.seq else ""
        self.stdout.write(f"{verdict.count} events, unbroken{gone}. Head {verdict.head}")
        if 0 < options["head"].seq < verdict.start.seq:
            self.stdout.write(
                f"The head given was taken away with the events up to {verdict.start.seq}: check the export."
            )
