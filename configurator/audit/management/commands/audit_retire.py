"""`manage.py audit_retire`: delete old events for good, once their export is proven."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from configurator.audit.management.commands.audit_export import day
from configurator.audit.retention import NotNow, planned, retire
from configurator.audit.vault import Program


class Command(BaseCommand):
    """Says what would be deleted, and deletes it with --yes."""

    help = "Take events older than a day out of the audit trail, after audit_export wrote them to the file given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("before", type=day, help="the first day that stays, as in 2026-01-31")
        parser.add_argument("export", type=Path, help="a file of audit_export that holds all that goes")
        parser.add_argument("--yes", action="store_true", help="do it; without this nothing is changed")

    def handle(self, *_args: Any, **options: Any) -> None:
        before: datetime = options["before"]
        try:
            plan = planned(before)
            if options["yes"]:
                retire(actor=Program("audit_retire", "audit_retire"), plan=plan, export=options["export"])
        except NotNow as reason:
            raise CommandError(str(reason)) from reason
        done = "were taken away" if options["yes"] else "would go; add --yes to take them away"
        self.stdout.write(f"{plan.count} events up to {plan.last} {done}.")
