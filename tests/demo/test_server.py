"""Start, stop and trouble of the server itself."""

import threading
import time
from pathlib import Path

import pytest

from demo import handler, names
from demo.call import Call
from demo.server import DemoTenant
from demo.wire import Response
from tests.demo.client import LOGIN, Client

PAGE = f"/{names.HALDEN}/v2.0/.well-known/openid-configuration"


def serving() -> int:
    return sum("process_request_thread" in thread.name for thread in threading.enumerate())


def test_stopping_ends_a_connection_kept_alive(tmp_path: Path) -> None:
    before = serving()
    with DemoTenant(tmp_path) as tenant:
        client = Client(tenant)
        assert client.get(PAGE).status == 200
    with pytest.raises(OSError, match=r"Remote end closed|refused|reset"):
        client.get(PAGE)
    assert serving() == before


def test_stopping_does_not_wait_for_a_slow_answer(tmp_path: Path) -> None:
    with DemoTenant(tmp_path) as tenant:
        tenant.fault(kind="slow", seconds=60)
        client = Client(tenant)
        client.connection(LOGIN).request("GET", PAGE)
        while not tenant.journal.entries:
            time.sleep(0.01)
        started = time.monotonic()
    assert time.monotonic() - started < 2
    client.close()


def test_a_certificate_turns_bad_by_the_control_api(client: Client) -> None:
    assert client.control("POST", "faults", {"kind": "bad_certificate", "times": 1}).status == 200
    client.close()
    with pytest.raises(OSError, match="certificate verify failed"):
        client.get(PAGE)


def test_the_demo_tells_of_its_own_mistake(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def mistaken(_: Call) -> Response:
        raise ZeroDivisionError

    monkeypatch.setitem(handler.SERVICES, "discovery", mistaken)
    with pytest.raises(OSError, match="Remote end closed"):
        client.get(PAGE)
    said, deadline = "", time.monotonic() + 20
    while "ZeroDivisionError" not in said and time.monotonic() < deadline:
        time.sleep(0.05)
        said += capsys.readouterr().err
    assert "ZeroDivisionError" in said


def test_a_client_that_hangs_up_is_no_news(
    client: Client, tenant: DemoTenant, capsys: pytest.CaptureFixture[str]
) -> None:
    tenant.fault(kind="oversized")
    connection = client.connection(LOGIN)
    connection.request("GET", PAGE)
    connection.close()
    assert client.get(f"{PAGE}x").status == 404
    assert capsys.readouterr().err == ""


def test_a_reset_restores_the_world(client: Client, tenant: DemoTenant, password_form: dict[str, str]) -> None:
    tenant.world.account(password_form["username"]).enabled = False
    tenant.fault(kind="status")
    tenant.reset()
    assert client.token(names.HALDEN, password_form).status == 200
    assert tenant.journal.counts["token"] == 1
