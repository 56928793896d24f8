"""A secret typed into a form is seen nowhere again; and the search would see it if it were."""

import io
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import Any

import pytest
import redis
from django.core.management import call_command
from django.db import connection
from django.forms import PasswordInput, TextInput

from configurator.vault import envelope
from demo.server import DemoTenant
from imports.models import Import
from mailsettings.models import IncomingServer, OutgoingServer
from tests.canary.drive import Driver
from tests.canary.hunt import Hunt, forms_of
from tests.people import TENANT, As
from tests.worker import WorkerProcess, wait_for
from tokenchecks.engine.redact import Redactor
from tokenchecks.models import CheckRun, RunInput
from tokenchecks.worker.check import perform_run


@pytest.fixture
def hunt() -> Hunt:
    """Return a hunt with nothing planted yet."""
    return Hunt()


@pytest.fixture
def driver(hunt: Hunt, signed_in: As, tenant: DemoTenant) -> Driver:
    """Return an administrator at the demo tenant's door."""
    return Driver(hunt, signed_in("admin"), str(next(iter(tenant.world.tenants.values())).id))


def monitor(client: Any) -> Any:
    """Return the broker's own record of every command; redis-py gives it no type."""
    return client.monitor()


@contextmanager
def overheard(hunt: Hunt) -> Iterator[None]:
    """Keep every command that reaches the broker meanwhile."""
    client = redis.Redis.from_url(os.environ["REDIS_URL"])

    def listen() -> None:
        with suppress(redis.ConnectionError, OSError, ValueError), monitor(client) as commands:
            for command in commands.listen():
                hunt.keep("broker traffic", str(command))
                if "end-of-hunt" in str(command):
                    return

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield
    redis.Redis.from_url(os.environ["REDIS_URL"]).echo("end-of-hunt")
    thread.join(5)


def keep_stores(hunt: Hunt) -> None:
    """Keep every row of every table, what dumpdata prints, and every key of the broker."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            hunt.keep(f"table {table}", "\n".join(row[0] for row in cursor.fetchall()))
    printed = io.StringIO()
    with redirect_stdout(printed):
        call_command("dumpdata")
    hunt.keep("dumpdata", printed.getvalue())
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    for key in client.scan_iter():
        hunt.keep("broker keys", client.dump(key) or b"")


def test_no_planted_secret_is_ever_seen_again(
    hunt: Hunt,
    worker: WorkerProcess,
    driver: Driver,
    tenant: DemoTenant,
    signed_in: As,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Forms, pages, logs, broker, database, dumps and commands: nothing shows a secret, a hostile answer included."""
    tenant.fault(kind="echo_secret", match={"endpoint": "token"})
    with caplog.at_level(logging.DEBUG), overheard(hunt):
        driver.type_servers()
        driver.type_outgoing()
        driver.type_slots()
        driver.type_addresses()
        driver.change_many()
        driver.try_before_save()
        driver.import_files()
        wait_for(lambda: not Import.objects.exclude(state__in=["ready", "not_read"]).exists(), seconds=60)
        Driver(hunt, signed_in("superuser"), TENANT).type_people()
        wait_for(lambda: not CheckRun.objects.filter(state__in=["queued", "running"]).exists(), seconds=60)
        driver.open_everything()
        Driver(hunt, signed_in("support"), TENANT).open_everything()
        command_output(hunt)
    hunt.keep("web log", caplog.text)
    hunt.keep("worker log", worker.log.read_bytes())
    keep_stores(hunt)

    assert len(hunt.planted) > 30
    assert sorted(Import.objects.values_list("state", flat=True)) == ["not_read"] * 4 + ["ready"] * 2
    for model in (IncomingServer, OutgoingServer):
        assert model.objects.filter(next_secret__isnull=False, previous_secret__isnull=False).exists()
    trials = CheckRun.objects.filter(purpose="trial")
    assert [run.progress[2]["stage"] for run in trials] == ["token"] * 4
    assert not RunInput.objects.exclude(secret=None, password=None).exists()
    assert CheckRun.objects.filter(result__status="broken").count() > 2
    assert b"PUBLISH" in hunt.places["broker traffic"] or b"LPUSH" in hunt.places["broker traffic"]
    assert hunt.hits() == []


def command_output(hunt: Hunt) -> None:
    """Keep what the command line prints."""
    for options in ([], ["--json"]):
        printed = io.StringIO()
        with suppress(SystemExit):
            call_command("check_tokens", "--all", *options, stdout=printed)
        hunt.keep("check_tokens", printed.getvalue())


def test_each_form_of_a_leak_is_found() -> None:
    """The search itself sees a secret in each form it looks for."""
    for form in forms_of("Can~x&<\"'/ä+y"):
        hunt = Hunt(planted=["Can~x&<\"'/ä+y"])
        hunt.keep("here", b"..." + form + b"...")
        assert hunt.hits() == ["here"]


Removal = Callable[[pytest.MonkeyPatch], None]


def without_redaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the other side's words as they are."""
    monkeypatch.setattr(Redactor, "clean", lambda _self, text, limit=1000: text[:limit])


def without_write_only_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send what was typed in a secret field back with the form."""
    monkeypatch.setattr(PasswordInput, "get_context", TextInput.get_context)


def without_sealing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store secrets as they are."""
    monkeypatch.setattr(envelope, "seal", lambda secret, _place, _keys: b"v1" + secret.reveal().encode() + bytes(40))


@pytest.mark.parametrize("remove", [without_redaction, without_write_only_fields, without_sealing])
def test_the_hunt_goes_red_when_one_guard_is_taken_away(
    remove: Removal, hunt: Hunt, driver: Driver, tenant: DemoTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each guard is needed: without it the same search finds a secret."""
    tenant.fault(kind="echo_secret", match={"endpoint": "token"})
    remove(monkeypatch)
    driver.type_servers()
    for run in CheckRun.objects.filter(state="queued"):
        perform_run(run.pk)
    driver.open_everything()
    keep_stores(hunt)

    assert hunt.hits() != []
