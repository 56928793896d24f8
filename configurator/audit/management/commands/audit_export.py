"""`manage.py audit_export`: export a period of the audit log, with the proof that it is complete."""

from argparse import ArgumentTypeError
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from configurator.audit import proof
from configurator.audit.export import export_lines
from configurator.audit.services import trail_taken
from configurator.audit.vault import Program
from configurator.dates import NotADate, read_date


def day(text: str) -> datetime:
    """Return the beginning of the day in the console's time zone."""
    try:
        return timezone.make_aware(datetime.combine(read_date(text).day, time.min))
    except NotADate as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    """Writes the file, checks it as its reader will, records an event, and prints what to keep elsewhere."""

    help = "Take the audit trail of a period away: JSON lines with the chain, checked by configurator.audit.proof."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--from", dest="begin", type=day, help="the first day, as in 2026-01-31")
        parser.add_argument("--to", dest="end", type=day, help="the last day")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        end = options["end"] and options["end"] + timedelta(days=1, microseconds=-1)
        try:
            with path.open("xb") as file:
                file.writelines(export_lines(options["begin"], end))
            proven = proof.verify(proof.lines_of(path))
        except OSError as error:
            raise CommandError(f"{path} was not written: {error}") from error
        except proof.Refused as refused:
            raise CommandError(f"{path} was written, but the trail itself is broken: {refused}") from refused
        trail_taken(actor=Program("audit_export", "audit_export"), name=path.name, proven=proven)
        self.stdout.write(
            f"{proven.count} events, {proven.first} to {proven.last}. Keep elsewhere: {proven.last}:{proven.last_hash}"
        )
