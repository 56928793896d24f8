"""The promises about faults, on the whole console: `manage.py run`, driven over HTTP."""

import shutil
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import psutil
import pytest

from tests.faults.console import Console
from tests.faults.visitor import Inside, Saved, Visitor
from tests.worker import wait_for

MANY = 5


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """Return one running console for all tests here, with the demo tenant."""
    console = Console(tmp_path_factory.mktemp("console"))
    console.start(DEMO="1")
    yield console
    console.end(signal.SIGKILL)


@pytest.fixture(scope="module")
def inside(console: Console) -> Inside:
    """Return a look behind its pages."""
    return Inside(console)


@pytest.fixture(scope="module")
def admin(console: Console) -> Visitor:
    """Return an E-Mail Administrator who is signed in."""
    return Visitor(console, "admin")


@pytest.fixture(scope="module")
def typed(inside: Inside) -> dict[str, str]:
    """Return what the administrator types for a server that works."""
    steps = inside.first_steps()
    return {name: steps[name] for name in ("address", "client_id", "secret")}


def test_frozen_broker_delays_a_save_little_and_its_check_until_it_answers_again(
    console: Console, inside: Inside, admin: Visitor, typed: dict[str, str]
) -> None:
    # A worker with checks still to do takes one more without any ring.
    wait_for(inside.is_idle, seconds=60)
    with silent(inside.process("valkey-server")):
        saved = admin.save_server(**typed)
        assert saved.seconds < 3
        assert "waits for the broker" in saved.page
        panel = Visitor(console, "support").get(f"/token-checks/incoming_server/{saved.pk}/panel/")
        assert "waits for the broker" in panel
    wait_for(saved.ended, seconds=60)
    assert inside.run_of(saved) == ("done", 1, 1)
    assert "✓" in saved.panel()


def test_killed_worker_and_restarted_database_cost_a_check_one_attempt_each(
    inside: Inside, admin: Visitor, typed: dict[str, str]
) -> None:
    """One server's check loses its worker, another's the database; both lose their lease before they go on."""
    first = slow_server(inside, admin, typed)
    wait_for(lambda: inside.run_of(first)[0] == "running")
    inside.console.process("worker").kill()
    killed = time.monotonic()

    second = slow_server(inside, admin, typed)
    wait_for(lambda: inside.run_of(second)[0] == "running")
    inside.process("postgres").send_signal(signal.SIGINT)

    wait_for(lambda: "postgres ended with code" in inside.console.said())

    for saved in (first, second):
        wait_for(partial(ended_quietly, saved), seconds=90 - (time.monotonic() - killed))
        assert inside.run_of(saved) == ("done", 2, 1)
        assert "attempt 2" in saved.panel()


def test_broker_restarted_empty_loses_no_check(inside: Inside, admin: Visitor, typed: dict[str, str]) -> None:
    worker = inside.console.process("worker")
    worker.suspend()
    servers = [admin.save_server(**typed | {"client_id": str(uuid.uuid4())}) for _ in range(MANY)]
    assert not any("waits for the broker" in saved.page for saved in servers)
    inside.process("valkey-server").kill()
    shutil.rmtree(inside.console.data / "valkey" / "appendonlydir")
    wait_for(lambda: "valkey ended with code -9" in inside.console.said())
    worker.resume()
    for saved in servers:
        wait_for(saved.ended, seconds=60)
        assert inside.run_of(saved) == ("done", 1, 1)


@contextmanager
def silent(process: psutil.Process) -> Iterator[None]:
    """Suspend the process for a while; it goes on however the while ends."""
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def slow_server(inside: Inside, admin: Visitor, typed: dict[str, str]) -> Saved:
    """Save a server over whose token the tenant takes ten seconds."""
    client_id = str(uuid.uuid4())
    inside.slow(client_id, 10)
    return admin.save_server(**typed | {"client_id": client_id})


def ended_quietly(saved: Saved) -> bool:
    """Tell whether the check has ended; a page that cannot be had just now says nothing."""
    try:
        return saved.ended()
    except OSError:
        return False
