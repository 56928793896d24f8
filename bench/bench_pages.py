"""Each list page with 3,000 rows beside itself with 60: both show one full page of 50."""

import os
import statistics
import uuid
from collections.abc import Callable

import django
from django.core.management import call_command

from bench.measure import ROUNDS, report, seconds

FEW, MANY = 60, 3000
LISTS = {
    "incoming servers": "/e-mail-settings/incoming/",
    "queues": "/queues/",
    "token checks": "/token-checks/",
    "audit log": "/audit-log/",
}


def main() -> None:
    """Fill the database step by step, paired by a rolled-back transaction, and print the figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "configurator.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    from django.db import transaction

    client = administrator()
    fill(FEW)
    ratios: dict[str, list[float]] = {name: [] for name in LISTS}
    for _ in range(ROUNDS):
        few = {name: time_of(client, path) for name, path in LISTS.items()}
        with transaction.atomic():
            fill(MANY - FEW)
            for name, path in LISTS.items():
                ratios[name].append(time_of(client, path) / few[name])
            transaction.set_rollback(True)
    for name, values in ratios.items():
        report(f"page: {name}, {MANY} rows / {FEW} rows", statistics.median(values), "ratio", "<= 1.3")


def administrator() -> Callable[[str], None]:
    """Return a function that opens a page as a signed-in superuser."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from configurator.accounts.models import User

    user = User.objects.create(username=f"bench-{uuid.uuid4().hex[:6]}")
    user.groups.set([Group.objects.get(name="Superuser")])
    client = Client()
    client.force_login(user)

    def open_page(path: str) -> None:
        assert client.get(path, secure=True, headers={"host": "localhost"}).status_code == 200, path

    return open_page


def time_of(open_page: Callable[[str], None], path: str) -> float:
    """Return the median seconds of the page."""
    open_page(path)
    return statistics.median(seconds(lambda: open_page(path)) for _ in range(5))


def fill(rows: int) -> None:
    """Store that many servers, queues with an address each, and finished checks, each through bulk inserts."""
    from django.db import (
        connection,
        transaction,
    )

    from configurator.accounts.actor import Actor
    from configurator.audit.services import record
    from mailsettings.models import IncomingServer
    from queues.models import Queue, QueueAddress
    from tokenchecks.models import CheckRun

    tag = uuid.uuid4().hex[:6]
    servers = IncomingServer.objects.bulk_create(
        IncomingServer(
            name=f"Server {tag} {number}",
            tenant_id=uuid.uuid4(),
            client_id=uuid.uuid4(),
            authentication_type="oauth_user",
        )
        for number in range(rows)
    )
    queues = Queue.objects.bulk_create(Queue(name=f"Queue {tag} {number}") for number in range(rows))
    QueueAddress.objects.bulk_create(
        QueueAddress(
            queue=queue,
            server=server,
            address=f"{tag}{number}@b.example",
            address_key=f"{tag}{number}@b.example",
            account="a@b.example",
        )
        for number, (queue, server) in enumerate(zip(queues, servers, strict=True))
    )
    CheckRun.objects.bulk_create(
        CheckRun(kind="incoming_server", subject_id=server.pk, subject_name=server.name, state="done")
        for server in servers
    )
    with transaction.atomic():
        for server in servers:
            record(
                actor=Actor.system("bench"),
                action="created",
                kind="user",
                object_id=str(server.pk),
                object_name=server.name,
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
