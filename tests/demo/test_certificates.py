"""Certificates: one good authority for all hosts, and bad ones on demand."""

import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from demo import names
from demo.clouds import HOSTS
from demo.server import DemoTenant
from tests.demo.client import GRAPH, LOGIN, Client
from tests.worker import wait_for

PAGE = f"/{names.HALDEN}/v2.0/.well-known/openid-configuration"


@pytest.mark.parametrize("host", HOSTS)
def test_every_host_has_a_good_certificate(client: Client, host: str) -> None:
    assert client.get(PAGE, host).status in {200, 400, 401}


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        ("other_name", "Hostname mismatch"),
        ("expired", "certificate has expired"),
        ("unknown_authority", "unable to get local issuer|self.signed"),
    ],
)
def test_a_bad_certificate_breaks_the_handshake(
    client: Client, tenant: DemoTenant, certificate: str, reason: str
) -> None:
    tenant.fault(kind="bad_certificate", certificate=certificate)
    with pytest.raises(ssl.SSLCertVerificationError, match=reason):
        client.get(PAGE)


def test_it_can_be_for_one_host_only(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="bad_certificate", match={"host": GRAPH})
    assert client.get(PAGE, LOGIN).status == 200
    with pytest.raises(ssl.SSLCertVerificationError):
        client.get(PAGE, GRAPH)


def test_it_can_be_for_one_endpoint_only(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="bad_certificate", match={"endpoint": "token"})
    assert client.get(PAGE, GRAPH).status == 401
    with pytest.raises(ssl.SSLCertVerificationError):
        client.get(PAGE, LOGIN)


def test_connections_kept_alive_end_when_the_certificate_turns_bad(client: Client, tenant: DemoTenant) -> None:
    assert client.get(PAGE).status == 200
    tenant.fault(kind="bad_certificate")
    with pytest.raises(OSError, match=r"certificate verify failed|Remote end closed"):
        client.get(PAGE)


def test_a_connection_that_is_being_answered_ends_after_the_answer(client: Client, tenant: DemoTenant) -> None:
    tenant.journal.clear()
    tenant.fault(kind="slow", seconds=1, times=1)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(client.get, PAGE)
        wait_for(lambda: tenant.journal.entries)
        tenant.fault(kind="bad_certificate")
        assert slow.result().status == 200
    with pytest.raises(OSError, match=r"certificate verify failed|Remote end closed"):
        client.get(PAGE)


def test_it_ends_with_the_fault(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="bad_certificate", times=1)
    with pytest.raises(ssl.SSLCertVerificationError):
        client.get(PAGE)
    client.close()
    assert client.get(PAGE).status == 200


def test_another_start_keeps_the_authority_and_the_world(tmp_path: Path) -> None:
    directory = tmp_path / "with a space"
    with DemoTenant(directory) as first:
        authority, secret = first.ca_file.read_bytes(), first.world.app(names.SERVICE_APP).secrets[0].value
        client = Client(first)
        assert client.get(PAGE).status == 200
    with DemoTenant(directory) as second:
        assert second.ca_file.read_bytes() == authority
        assert second.world.app(names.SERVICE_APP).secrets[0].value == secret
        again = Client(second)
        assert again.get(PAGE).status == 200
    client.close()
    again.close()
