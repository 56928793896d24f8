"""A real Celery worker on a database filled for a benchmark."""

import os
import subprocess
import sys
import time
import uuid
from datetime import timedelta
from types import TracebackType
from typing import Self

import psutil
from django.core.management import call_command
from django.db.models import Max
from django.db.models.functions import Now

from bench.peers import Place, secret_of
from bench.token_server import TENANT
from configurator.vault import services as vault
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tokenchecks import services
from tokenchecks.models import CheckResult, CheckRun, Credential, Watch
from tokenchecks.targets import every_target


class Bench:
    """The console's rows, and one worker process with so many threads that checks them."""

    def __init__(self, place: Place, threads: int) -> None:
        """Ask the token server that answers at ``place``."""
        self.place, self.threads = place, threads
        self.process: subprocess.Popen[bytes] | None = None
        self.addresses: list[str] = []

    def __enter__(self) -> Self:
        """Migrate and start the worker."""
        call_command("migrate", verbosity=0)
        hosts = ",".join(f"{host}={address}:{port}" for host, (address, port) in self.place.connect_to.items())
        environment = os.environ | {
            "ENTRA_CONNECT_TO": hosts,
            "ENTRA_CA_FILE": str(self.place.ca_file),
            "LOG_LEVEL": "WARNING",
        }
        command = [sys.executable, "-m", "celery", "--quiet", "-A", "configurator", "worker", "--pool", "threads"]
        command += ["--concurrency", str(self.threads), "--without-mingle", "--without-gossip", "--loglevel", "WARNING"]
        self.process = subprocess.Popen(command, env=environment)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the worker."""
        if self.process:
            self.process.terminate()
            self.process.wait()

    def memory(self) -> int:
        """Return the bytes the worker holds in memory."""
        assert self.process
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def fill_servers(self, count: int) -> list[str]:
        """Store so many servers, each an app of its own, in place of whatever was there; return their client IDs."""
        self._clear()
        servers = [self._server(number) for number in range(count)]
        services.watch(every_target())
        return [str(server.client_id) for server in servers]

    def fill_addresses(self, count: int, apps: int) -> list[str]:
        """Store so many addresses on so many servers; return the servers' client IDs."""
        self._clear()
        servers = [self._server(number) for number in range(apps)]
        home = Queue.objects.create(name="Bench")
        self.addresses = [f"box{number}@bench.example" for number in range(count)]
        QueueAddress.objects.bulk_create(
            QueueAddress(queue=home, server=servers[number % apps], address=name, address_key=name, account=name)
            for number, name in enumerate(self.addresses)
        )
        services.watch(every_target())
        return [str(server.client_id) for server in servers]

    def sweep(self) -> None:
        """Let everything be due, and return when the last result is written."""
        CheckResult.objects.all().delete()
        CheckRun.objects.all().delete()
        Credential.objects.update(asked_at=Now() - timedelta(hours=1), held_until=None)
        Watch.objects.update(due_at=Now())
        began = CheckRun.objects.aggregate(at=Max(Now()))["at"]
        queued = 0
        while more := services.schedule():
            queued += more
        begin = swept = time.monotonic()
        while CheckRun.objects.filter(state="done").count() < queued:
            assert time.monotonic() < begin + 600, "the worker does not get on"
            time.sleep(0.1)
            if time.monotonic() > swept + 5:
                # As the clock does, should a ring get lost.
                swept = time.monotonic()
                services.sweep()
        assert began is None or CheckResult.objects.exclude(status="ok").count() == 0

    def _clear(self) -> None:
        for model in (CheckResult, CheckRun, Watch, QueueAddress, IncomingServer):
            model._default_manager.all().delete()

    def _server(self, number: int) -> IncomingServer:
        server = IncomingServer(
            name=f"Server {number}", tenant_id=TENANT, client_id=uuid.uuid4(), authentication_type="oauth_service"
        )
        secret = Secret(secret_of(str(server.client_id)))
        server.secret = vault.put(secret=secret, context=server.secret_context, set_by="bench")
        server.save()
        return server
