"""A database that takes no change, or does not let the console in: each is named, and what was typed is kept."""

import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from configurator.accounts.models import User
from configurator.db import faults
from configurator.db.faults import Fault, fault_of
from configurator.jobs.background import database_may_fail
from mailsettings.models import IncomingServer
from tests.people import As, incoming
from tests.worker import database_url

SECRET = "typed~secret~canary"
FORM = {
    "authentication_type": "oauth_service",
    "address": "https://login.microsoftonline.com/3f2a0c1e-5b7d-4c69-9a55-0d2b6f1e8a11",
    "client_id": "0b2f6a34-90f1-4a5c-8a1e-6a4b52f1a9d1",
    "secret": SECRET,
}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin and end without a fault that the health check remembers."""
    faults._memory[:] = bytes(16)
    yield
    faults._memory[:] = bytes(16)


def run(*statements: str) -> None:
    """Do this on the connection of the pages, as its own user."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def read_only() -> Iterator[None]:
    """Let the session change nothing, as on a standby."""
    run("SET default_transaction_read_only = on")
    try:
        yield
    finally:
        run("SET default_transaction_read_only = off")


@contextmanager
def full() -> Iterator[None]:
    """Answer each new server as PostgreSQL does where the disk is full."""
    run(
        "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$",
        "CREATE TRIGGER fill BEFORE INSERT ON mailsettings_incomingserver FOR EACH ROW EXECUTE FUNCTION fill()",
    )
    try:
        yield
    finally:
        run("DROP FUNCTION fill CASCADE")


@contextmanager
def really_full() -> Iterator[None]:
    """Keep the servers on a small disk, and fill that."""
    if os.getuid() != 0:
        pytest.skip("only root can mount a disk")
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (data,) = cursor.fetchone()
    disk = Path(data).parent / "small-disk"
    disk.mkdir(mode=0o755)
    if subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], check=False).returncode:
        disk.rmdir()
        pytest.skip("mounting is forbidden here")
    try:
        home = disk / "home"
        home.mkdir(mode=0o700)
        owner = Path(data).stat()
        os.chown(home, owner.st_uid, owner.st_gid)
        run(
            f"CREATE TABLESPACE small LOCATION '{home}'", "ALTER TABLE mailsettings_incomingserver SET TABLESPACE small"
        )
        try:
            run("CREATE TABLE filler (text text) TABLESPACE small")
            filled = error_of(lambda: run("INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 10000)"))
            assert fault_of(filled) is faults.DISK_FULL
            yield
        finally:
            run("DROP TABLE filler", "ALTER TABLE mailsettings_incomingserver SET TABLESPACE pg_default")
            run("CHECKPOINT", "DROP TABLESPACE small")
    finally:
        subprocess.run(["/bin/umount", "-l", disk], check=True)
        disk.rmdir()


@contextmanager
def without_rights() -> Iterator[None]:
    """Be a user who may read only."""
    run("CREATE ROLE reader", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", "SET ROLE reader")
    try:
        yield
    finally:
        run("RESET ROLE", "DROP OWNED BY reader", "DROP ROLE reader")


@contextmanager
def locked() -> Iterator[None]:
    """Let somebody else hold the table of the servers."""
    with closing(psycopg2.connect(database_url())) as other, other.cursor() as cursor:
        cursor.execute("LOCK TABLE mailsettings_incomingserver IN EXCLUSIVE MODE")
        yield
        other.rollback()


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        (read_only, faults.READ_ONLY),
        (full, faults.DISK_FULL),
        (really_full, faults.DISK_FULL),
        (without_rights, faults.NO_RIGHT),
        (locked, faults.LOCKED),
    ],
)
def test_form_is_shown_again_with_what_was_typed(signed_in: As, state: Callable[[], Any], fault: Fault) -> None:
    admin = signed_in("admin")
    url = reverse("mailsettings:incoming_new")
    with state():
        page = admin.post(url, FORM | {"name": "Fabrikam"})
        text = page.content.decode()
        health = admin.get("/healthz")
    assert page.status_code == 503
    assert escape(fault.title) in text
    assert "nothing was saved" in text
    assert 'value="Fabrikam"' in text
    assert SECRET not in text
    assert not IncomingServer.objects.exists()
    assert health.status_code == 200
    if fault is faults.LOCKED:
        assert health.content == b"ok\n"
    else:
        assert health.content.decode() == f"{fault.title}: nothing can be saved\n"

    with state():
        assert admin.post(url, FORM | {"name": "Fabrikam"}, headers={"HX-Request": "true"}).status_code == 422

    # Once the database takes changes again, the same form is saved.
    assert admin.post(url, FORM | {"name": "Fabrikam"}).status_code == 302


@pytest.mark.parametrize("state", [read_only, without_rights])
def test_other_acts_get_a_page_that_names_it(signed_in: As, state: Callable[[], Any]) -> None:
    server = incoming()
    admin = signed_in("admin")
    admin.raise_request_exception = False
    with state():
        page = admin.post(reverse("mailsettings:incoming_delete", args=[server.pk]), {"version": server.version})
        assert page.status_code == 503
        assert page["Retry-After"]
        assert "Nothing was saved." in page.content.decode()
        # What reads goes on.
        assert admin.get(reverse("mailsettings:incoming_list")).status_code == 200
    assert IncomingServer.objects.filter(pk=server.pk).exists()


def test_sign_in_says_why_nobody_can_sign_in(client: Client, signed_in: As) -> None:
    signed_in("admin")
    client.raise_request_exception = False
    admin = User.objects.get(username="admin")
    admin.set_password("a-long-enough-password")
    admin.save()
    with read_only():
        page = client.post(reverse("accounts:sign_in"), {"username": "admin", "password": "a-long-enough-password"})
    assert page.status_code == 503
    assert "The database is read-only" in page.content.decode()


@pytest.mark.parametrize("state", [read_only, without_rights])
def test_worker_says_it_in_one_line(state: Callable[[], Any], caplog: pytest.LogCaptureFixture) -> None:
    with state(), database_may_fail("the sweep"):
        IncomingServer.objects.create(name="x", client_id=uuid.uuid4(), tenant_id=uuid.uuid4())
    (record,) = caplog.records
    assert record.getMessage().startswith("the sweep was broken off: the database ")


def error_of(act: Callable[[], object]) -> BaseException:
    """Return the error that the act raises."""
    with pytest.raises(DatabaseError) as caught:
        act()
    return caught.value


def connect(**changes: Any) -> None:
    """Connect as Django does, with other settings."""
    wrapper: Any = connection.copy()
    wrapper.settings_dict = wrapper.settings_dict | changes
    try:
        wrapper.ensure_connection()
    finally:
        wrapper.close()


def test_refused_connections_are_told_apart() -> None:
    run("CREATE ROLE crowd LOGIN PASSWORD 'crowd' CONNECTION LIMIT 0")
    try:
        crowd = error_of(lambda: connect(USER="crowd", PASSWORD="crowd"))
    finally:
        run("DROP ROLE crowd")
    assert fault_of(crowd) is faults.TOO_MANY
    assert fault_of(error_of(lambda: connect(PASSWORD="wrong"))) is faults.SIGN_IN
    assert fault_of(error_of(lambda: connect(NAME="nowhere"))) is faults.SIGN_IN
    assert fault_of(error_of(lambda: connect(PORT="1"))) is faults.AWAY


@pytest.mark.parametrize(
    "sentence",
    [
        "the database system is starting up",
        "the database system is shutting down",
        "the database system is in recovery mode",
    ],
)
def test_server_that_starts_or_stops_is_told_by_its_sentence(sentence: str) -> None:
    refused = OperationalError(f'connection to server at "127.0.0.1", port 5432 failed: FATAL:  {sentence}')
    assert fault_of(refused) is faults.RESTARTING


def test_connection_that_the_server_ends_is_a_restart() -> None:
    error = error_of(lambda: run("SELECT pg_terminate_backend(pg_backend_pid())"))
    connection.close()
    assert fault_of(error) is faults.RESTARTING


def test_statement_that_takes_too_long_is_called_that() -> None:
    def slow() -> None:
        with transaction.atomic():
            run("SET LOCAL statement_timeout = 10", "SELECT pg_sleep(5)")

    assert fault_of(error_of(slow)) is faults.TOO_LONG


def test_faults_of_our_own_are_none_of_the_databases() -> None:
    assert fault_of(error_of(lambda: run("SELECT nothing FROM nowhere"))) is None
    assert fault_of(IntegrityError()) is None
    ours = ValueError()
    ours.__context__ = error_of(lambda: run("SET lock_timeout = 'nonsense'"))
    assert fault_of(ours) is None
