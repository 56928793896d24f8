"""A real Celery worker on a database filled for a benchmark."""

import os
import subprocess
import sys
import time
import uuid
from datetime import timedelta
from itertools import cycle
from types import TracebackType
from typing import Self

import psutil
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now

from bench.peers import Place, secret_of
from bench.token_server import TENANT
from configurator.vault import services as vault
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tokenchecks.models import CheckResult, CheckRun, Credential, Watch
from tokenchecks.services.queue import watch
from tokenchecks.subjects.targets import every_target
from tokenchecks.worker.schedule import queue_due_checks
from tokenchecks.worker.sweep import sweep_runs

OF_QUEUE = 10  # addresses of one queue


class Bench:
    """The console's rows, and worker processes with so many threads each that check them."""

    def __init__(self, place: Place, threads: int, processes: int = 1) -> None:
        """Ask the token server that answers at ``place``."""
        self.place, self.threads, self.count = place, threads, processes
        self.processes: list[subprocess.Popen[bytes]] = []
        self.addresses: list[str] = []

    def __enter__(self) -> Self:
        """Migrate and start the workers."""
        call_command("migrate", verbosity=0)
        hosts = ",".join(f"{host}={address}:{port}" for host, (address, port) in self.place.connect_to.items())
        environment = os.environ | {
            "ENTRA_CONNECT_TO": hosts,
            "ENTRA_CA_FILE": str(self.place.ca_file),
            "LOG_LEVEL": "WARNING",
        }
        command = [sys.executable, "-m", "celery", "--quiet", "-A", "configurator", "worker", "--pool", "threads"]
        command += ["--concurrency", str(self.threads), "--without-mingle", "--without-gossip", "--loglevel", "WARNING"]
        self.processes = [
            subprocess.Popen([*command, "--hostname", f"bench{number}@%h"], env=environment)
            for number in range(self.count)
        ]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the workers."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()

    def memory(self) -> int:
        """Return the bytes that the first worker holds in memory."""
        return int(psutil.Process(self.processes[0].pid).memory_info().rss)

    def fill_servers(self, count: int) -> list[str]:
        """Store so many servers, each an app of its own, in place of whatever was there; return their client IDs."""
        self._clear()
        servers = [self._server(number) for number in range(count)]
        watch(every_target())
        return [str(server.client_id) for server in servers]

    def fill_addresses(self, count: int, apps: int) -> list[str]:
        """Store so many addresses on so many servers; return the servers' client IDs."""
        self._clear()
        servers = [self._server(number) for number in range(apps)]
        homes = Queue.objects.bulk_create(Queue(name=f"Queue {number}") for number in range(count // OF_QUEUE))
        self.addresses = [f"box{number}@bench.example" for number in range(count)]
        QueueAddress.objects.bulk_create(
            QueueAddress(queue=home, server=servers[number % apps], address=name, address_key=name, account=name)
            for number, (name, home) in enumerate(zip(self.addresses, cycle(homes), strict=False))
        )
        watch(every_target())
        return [str(server.client_id) for server in servers]

    def sweep(self) -> float:
        """Let everything be due, and return how many seconds it took until the last result was written."""
        self._forget()
        queued, begin = 0, time.monotonic()
        while more := queue_due_checks():
            queued += more
        swept = time.monotonic()
        while CheckRun.objects.filter(state="done").count() < queued:
            assert time.monotonic() < begin + 600, "the worker does not get on"
            time.sleep(0.1)
            if time.monotonic() > swept + 5:
                # As the clock does, should a ring get lost.
                swept = time.monotonic()
                sweep_runs()
        taken = time.monotonic() - begin
        assert not (bad := list(CheckResult.objects.exclude(status="ok").values("cause", "stages")[:3])), bad
        return taken

    def _forget(self) -> None:
        """Make everything due, as after a pause."""
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {CheckRun._meta.db_table} CASCADE")
        Credential.objects.update(asked_at=Now() - timedelta(hours=1), held_until=None)
        Watch.objects.update(due_at=Now())

    def _clear(self) -> None:
        for model in (CheckResult, CheckRun, Watch, QueueAddress, Queue, IncomingServer):
            model._default_manager.all().delete()

    def _server(self, number: int) -> IncomingServer:
        server = IncomingServer(
            name=f"Server {number}", tenant_id=TENANT, client_id=uuid.uuid4(), authentication_type="oauth_service"
        )
        secret = Secret(secret_of(str(server.client_id)))
        server.secret = vault.put(secret=secret, context=server.secret_context, set_by="bench")
        server.save()
        return server
