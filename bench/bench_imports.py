"""10,000 addresses from a file: dry run and application, beside django-import-export with the same validation, and the
memory of a real worker at 1,000 and at 10,000 rows."""

import csv
import io
import os
import subprocess
import sys
import time
import uuid
from typing import Any

import django
from django.core.management import call_command
from psutil import Process

from bench.measure import report

ROWS, FEW, OF_PEER = 10_000, 1_000, 500
LEAST_TIMES, MOST_MIB = 20, 30
LABELS = ("Queue", "Address", "Priority", "Extension Language", "E-Mail Account", "Sender", "E-Mail Server")
PLAIN = ("address", "priority", "extension_language", "account", "sender")
QUEUES, SERVERS = 500, 20


def main() -> None:
    """Fill a database, import into it both ways, and print the figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "configurator.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    furnish()
    # Before and after, since the machine may be busier at one time than at the other.
    before = of_peer(OF_PEER, "before")
    ours = with_worker()
    peer = (before + of_peer(OF_PEER, "after")) / 2 / OF_PEER * ROWS
    report(f"import: django-import-export, {ROWS:,} addresses, told from {OF_PEER}", peer, "s", ">= 0")
    report("import: django-import-export / ours", peer / ours, "times", f">= {LEAST_TIMES}")


def furnish() -> None:
    """Store queues and servers for the addresses, and who imports them."""
    from django.contrib.auth.models import Group

    from configurator.accounts.actor import Actor
    from configurator.accounts.models import User
    from configurator.console.records.names import name_key
    from configurator.vault.text import Secret
    from mailsettings.models import IncomingServer
    from mailsettings.services import incoming_server_save
    from queues.models import Queue

    names = [f"Queue {number}" for number in range(QUEUES)]
    Queue.objects.bulk_create(Queue(name=name, name_key=name_key(name)) for name in names)
    for number in range(SERVERS):
        server = IncomingServer(
            name=f"Server {number}",
            tenant_id=uuid.uuid4(),
            client_id=uuid.uuid4(),
            authentication_type="oauth_service",
        )
        incoming_server_save(actor=Actor.system("bench"), server=server, secret=Secret(f"bench~secret~{number}"))
    User.objects.create(username="bench").groups.set([Group.objects.get(name="E-Mail Administrator")])


def lines(count: int, prefix: str) -> list[list[str]]:
    """Return so many rows of new addresses."""
    boxes = [f"{prefix}{number}@bench.example" for number in range(count)]
    return [
        [f"Queue {number % QUEUES}", box, str(number % 9 + 1), "de", box, "1", f"Server {number % SERVERS}"]
        for number, box in enumerate(boxes)
    ]


def of_peer(count: int, prefix: str) -> float:
    """Return the seconds that django-import-export takes for a dry run and the import of so many rows."""
    from import_export import fields, resources, widgets
    from tablib import Dataset

    from mailsettings.models import IncomingServer
    from queues.forms import AddressForm
    from queues.models import Queue, QueueAddress

    class AddressResource(resources.ModelResource):  # type: ignore[misc]  # the library has no types
        """Addresses in the library's fastest mode: many at once, without differences to show."""

        queue = fields.Field("queue", "Queue", widget=widgets.ForeignKeyWidget(Queue, "name"))
        server = fields.Field("server", "E-Mail Server", widget=widgets.ForeignKeyWidget(IncomingServer, "name"))
        address = fields.Field("address", "Address")
        priority = fields.Field("priority", "Priority", widget=widgets.IntegerWidget())
        extension_language = fields.Field("extension_language", "Extension Language")
        account = fields.Field("account", "E-Mail Account")
        sender = fields.Field("sender", "Sender", widget=widgets.BooleanWidget())

        class Meta:
            model = QueueAddress
            import_id_fields = ("address",)
            fields = ("queue", "server", "address", "priority", "extension_language", "account", "sender")
            use_bulk, batch_size, skip_diff, use_transactions = True, 500, True, True

        def validate_instance(self, instance: Any, *args: Any, **kwargs: Any) -> None:
            """Hold each row to the rules of the screen: its form, which validates the record and its constraints."""
            typed = {name: str(getattr(instance, name) or "") for name in PLAIN}
            form = AddressForm(typed | {"server": str(instance.server_id)}, instance=instance)
            assert form.is_valid(), form.errors

    data, resource = Dataset(*lines(count, prefix), headers=LABELS), AddressResource()
    start = time.perf_counter()
    assert not resource.import_data(data, dry_run=True, raise_errors=True).has_errors()
    resource.import_data(data, dry_run=False, raise_errors=True)
    seconds = time.perf_counter() - start
    assert QueueAddress.objects.filter(address__startswith=prefix).count() == count
    return seconds


def with_worker() -> float:
    """Import few and many rows through a worker process, print its seconds and its memory; return those of many."""
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "configurator", "worker", "--queues", "imports"]
    command += ["--pool", "threads", "--concurrency", "2", "--without-mingle", "--without-gossip"]
    worker = subprocess.Popen([*command, "--loglevel", "WARNING"])
    try:
        process = Process(worker.pid)
        through(FEW // 10, "warm")
        held = {}
        for count in (FEW, ROWS):
            sent, looked, applied = through(count, f"box{count}-")
            held[count] = peak(process)
            report(f"import: {count:,} addresses, the request that takes the file", sent, "s", "<= 2")
            report(f"import: {count:,} addresses, dry run", looked, "s", f"<= {count / 200}")
            report(f"import: {count:,} addresses, applied", applied, "s", f"<= {count / 200}")
            report(f"import: most memory of the worker after {count:,} rows", held[count], "MiB", "<= 400")
        report("import: growth of the worker from 1,000 to 10,000", held[ROWS] - held[FEW], "MiB", f"<= {MOST_MIB}")
        return looked + applied
    finally:
        worker.terminate()
        worker.wait()


def through(count: int, prefix: str) -> tuple[float, float, float]:
    """Return the seconds until the file was taken, its dry run was made, and it was applied."""
    from configurator.accounts.models import User
    from imports.services import ask_to_apply, upload

    text = io.StringIO()
    csv.writer(text, csv.excel_tab).writerows([LABELS, *lines(count, prefix)])
    user = User.objects.get(username="bench")
    start = time.perf_counter()
    found = upload(user=user, kind="address", name="bench.txt", file=io.BytesIO(text.getvalue().encode()))
    sent = time.perf_counter()
    wait_for(found, "ready")
    looked = time.perf_counter()
    assert found.counts == {"created": count}, found.counts
    assert ask_to_apply(user=user, pk=found.pk)
    wait_for(found, "applied")
    return sent - start, looked - sent, time.perf_counter() - looked


def wait_for(found: Any, state: str) -> None:
    """Wait until the worker has brought the import there."""
    from imports.services import sweep

    end = time.monotonic() + 300
    while found.state != state:
        assert time.monotonic() < end, (found.state, found.said)
        assert found.state != "refused", found.said
        time.sleep(0.05)
        found.refresh_from_db()
        if time.monotonic() % 5 < 0.05:
            sweep()


def peak(process: Process) -> float:
    """Return the most memory that the process ever held, in MiB."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:  # noqa: PTH123  a file of the kernel's
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
