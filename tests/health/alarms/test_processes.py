"""A worker of its own that tells of alarms: what hinders it, and what it never says."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from configurator.vault.text import Secret
from health.alarms.models import Notice
from tests.canary.drive import Driver
from tests.canary.hunt import Hunt
from tests.canary.test_canary import keep_stores
from tests.health.alarms.receiver import PATH, Receiver
from tests.health.alarms.standings import breaks
from tests.people import TENANT, As, incoming
from tests.worker import BeatProcess, WorkerProcess, wait_for
from tokenchecks.models import CheckResult

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def crew(home: Path, **environment: str) -> Iterator[WorkerProcess]:
    """Run a worker and a clock with these settings."""
    worker, beat = WorkerProcess(home / "crew.log", **environment), BeatProcess(home / "beat.log", **environment)
    worker.start()
    beat.start()
    try:
        yield worker
    finally:
        beat.stop()
        worker.stop()


def test_a_mail_server_that_hangs_holds_up_no_check(tmp_path: Path, settings: Settings) -> None:
    """Three servers break while nobody answers to the mails: the checks go on, and the notices wait."""
    settings.ALARM_MAIL_TO = ["it@contoso.example"]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with crew(tmp_path, ALARM_MAIL_TO="it@contoso.example", EMAIL_URL=url):
            breaks([incoming(name=name, secret=f"secret~of~{name}") for name in ("Alpha", "Beta", "Gamma")])
            wait_for(lambda: Notice.objects.filter(attempts__gt=0).exists(), seconds=60)

            server = incoming(name="Delta", secret="secret~of~Delta")
            wait_for(lambda: CheckResult.objects.filter(subject_id=server.pk).exists(), seconds=60)

            assert not Notice.objects.filter(state="sent").exists()
            wait_for(lambda: Notice.objects.exclude(last_error="").exists(), seconds=60)


def test_the_webhooks_address_is_seen_nowhere(
    tmp_path: Path, receiver: Receiver, settings: Settings, signed_in: As
) -> None:
    """Neither in logs, pages and tables nor in the broker, when its receiver refuses and repeats it."""
    hunt = Hunt()
    canary = hunt.plant()
    address = receiver.url.replace(PATH, f"/hooks/{canary.encode().hex()}?sig={canary.encode().hex()}")
    hunt.planted.append(canary.encode().hex())
    settings.ALARM_WEBHOOK_URL = Secret(address)
    receiver.answer = (403, {"X-Repeats": address}, address.encode())
    ca_file = str(receiver.ca_file)
    with crew(tmp_path, ALARM_WEBHOOK_URL=address, ENTRA_CA_FILE=ca_file, LOG_LEVEL="DEBUG") as worker:
        admin = Driver(hunt, signed_in("superuser"), TENANT)
        admin.post("/alarms/test/")
        wait_for(lambda: Notice.objects.exclude(last_error="").exists(), seconds=60)
        admin.open_everything()
        admin.get(Notice.objects.get().alarm.get_absolute_url())
        hunt.keep("worker log", worker.log.read_bytes())
    keep_stores(hunt)

    assert receiver.posted
    assert Notice.objects.get().last_error == "localhost: it was not taken (HTTP 403)"
    assert hunt.hits() == []
