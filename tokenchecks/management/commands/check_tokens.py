"""Run token checks now, from a terminal or a script."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

from mailsettings.models import IncomingServer
from queues.models import QueueAddress
from queues.validators import canonical_address
from tokenchecks.engine.results import Outcome
from tokenchecks.engine.stages import check
from tokenchecks.engine.subject import Kind as EngineKind
from tokenchecks.management.printed import ProgressBar, as_json, as_text
from tokenchecks.management.trial_file import TrialError, read_trial
from tokenchecks.models import Kind
from tokenchecks.subjects import stored_rows
from tokenchecks.subjects.targets import Target, every_target, targets_of
from tokenchecks.subjects.transcript import outcome_of
from tokenchecks.worker.check import check_in_process, gateway

USAGE = 2
NOT_NOW = "{} could not be checked now: a worker is at it and does not end. Its page shows how far it is."
Checked = tuple[str, EngineKind, str, Outcome]


class Command(BaseCommand):
    """Check servers and addresses now; exits 0 if none is broken, 1 if any is, 2 for a usage error.

    What is stored is checked as by a worker, so that results show on the pages too; ``--try`` stores nothing.
    """

    help = "Run token checks now. Exits 0 if none is broken, 1 if any is, 2 for a usage error."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--server", metavar="NAME", help="the incoming server of that name, and its addresses")
        what.add_argument("--address", metavar="ADDRESS", help="the queue address")
        what.add_argument("--all", action="store_true", help="every server and every address")
        what.add_argument("--try", dest="trial", metavar="FILE", help="values of a JSON file, - for standard input")
        parser.add_argument("--json", action="store_true", help="one JSON line per subject")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check and print; the exit code says whether anything is broken."""
        broken = False
        found = self.trial(options["trial"]) if options["trial"] else self.stored(self.targets(options))
        for name, kind, client_id, outcome in found:
            text = as_json(name, outcome) if options["json"] else as_text(name, kind, client_id, outcome)
            self.stdout.write(text)
            self.stdout.flush()
            broken = broken or outcome.status == "broken"
        if broken:
            sys.exit(1)

    def targets(self, options: dict[str, Any]) -> list[Target]:
        """Return what the options name; CommandError where there is none."""
        if options["address"]:
            addresses = QueueAddress.objects.filter(address_key=canonical_address(options["address"]))
            ids = [(Kind.ADDRESS, pk) for pk in addresses.values_list("pk", flat=True)]
            return self.some(ids, f"No queue has the address {options['address']}.")
        if options["server"]:
            servers = IncomingServer.objects.filter(name=options["server"])
            ids = [(Kind.INCOMING, pk) for pk in servers.values_list("pk", flat=True)]
            return self.some(ids, f"No incoming server is named {options['server']}.")
        return every_target()

    def some(self, ids: list[tuple[Kind, Any]], otherwise: str) -> list[Target]:
        """Return the targets of the objects; a usage error where there are none."""
        return [target for kind, pk in ids for target in targets_of(kind, pk)] or self.refuse(otherwise)

    def refuse(self, text: str) -> NoReturn:
        raise CommandError(text, returncode=USAGE)

    def stored(self, targets: list[Target]) -> Iterator[Checked]:
        """Check what is stored; what shares a credential shares its token. A terminal shows the progress."""
        bar = ProgressBar(self.stderr, len(targets))
        try:
            for result in check_in_process(targets, requested_by="check_tokens", on_ended=bar.advance):
                bar.clear()
                kind = stored_rows.ENGINE_KIND[result.kind]
                yield result.run.subject_name, kind, result.run.client_id, outcome_of(result.stages)
        except TimeoutError as error:
            raise CommandError(NOT_NOW.format(error), returncode=1) from error

    def trial(self, path: str) -> Iterator[Checked]:
        try:
            text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
            subject = read_trial(text)
        except (OSError, UnicodeDecodeError) as error:
            self.refuse(f"{path} cannot be read: {type(error).__name__}.")
        except TrialError as error:
            self.refuse(str(error))
        yield subject.name, subject.kind, subject.client_id, check.run(subject, gateway())
