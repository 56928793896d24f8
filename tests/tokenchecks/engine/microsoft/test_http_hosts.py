"""The guarded client: whom it speaks to, and what it trusts."""

import ssl
from contextlib import suppress
from pathlib import Path

import pytest

from demo.server import DemoTenant
from tests.tokenchecks.engine.clients import URL, Serve, client_of, good, kind_of
from tests.tokenchecks.engine.conftest import pairs
from tests.tokenchecks.engine.servers import GRAPH, LOGIN, answer, read_request
from tokenchecks.engine.microsoft import tls
from tokenchecks.engine.microsoft.http import GuardedClient
from tokenchecks.engine.microsoft.transport import TransportError


@pytest.mark.parametrize(
    "url",
    [
        "http://login.microsoftonline.com/t",
        "https://evil.example/t",
        "https://login.microsoftonline.com.evil.example/t",
        "https://login.microsoftonline.com./t",
        "https://login.microsoftonline.com:444/t",
        "https://login.microsoftonline.com:bad/t",
        "https://user@login.microsoftonline.com/t",
        "https://login.microsoftonline.com@evil.example/t",
        "https://127.0.0.1/t",
        "https://[::1]/t",
        "https:///t",
        "file:///etc/passwd",
        "https://169.254.169.254/metadata",
        "",
    ],
)
def test_only_known_hosts_on_https_are_spoken_to(serve: Serve, url: str) -> None:
    server = serve(good)
    assert kind_of(client_of(server), url) == "forbidden_host"
    assert server.connections == 0


def test_a_url_cannot_smuggle_a_header(serve: Serve) -> None:
    seen: list[bytes] = []

    def note(sock: ssl.SSLSocket, _number: int) -> None:
        seen.append(read_request(sock))
        sock.sendall(answer("{}"))

    client = client_of(serve(note))
    with suppress(TransportError):
        client.request("GET", f"https://{LOGIN}/t\r\nX-Evil: 1")
    client.close()
    assert not any(b"\r\nX-Evil" in request for request in seen)


def test_the_environment_has_no_say(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(name, str(empty))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    keylog = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keylog))
    client = client_of(serve(good))
    assert client.request("GET", URL).status == 200
    client.close()
    assert not keylog.exists()


def test_an_authority_in_the_environment_is_not_trusted(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(good)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(server.ca_file))
    assert kind_of(GuardedClient(server.connect_to, None, deadline=1.0)) == "certificate_untrusted"


def test_the_private_authority_comes_beside_the_public_ones(serve: Serve) -> None:
    server = serve(good)
    alone = len(tls.tls_context(None).get_ca_certs())
    assert alone > 50
    assert len(tls.tls_context(server.ca_file).get_ca_certs()) == alone + 1


@pytest.mark.parametrize(
    ("certificate", "kind"),
    [
        ("other_name", "certificate_host"),
        ("expired", "certificate_expired"),
        ("unknown_authority", "certificate_untrusted"),
    ],
)
def test_bad_certificates(tenant: DemoTenant, certificate: str, kind: str) -> None:
    tenant.fault(kind="bad_certificate", certificate=certificate)
    assert kind_of(GuardedClient(pairs(tenant.connect_to), tenant.ca_file, deadline=2.0)) == kind


def test_hosts_led_elsewhere_keep_their_names(serve: Serve) -> None:
    hosts: list[bytes] = []

    def note(sock: ssl.SSLSocket, _number: int) -> None:
        while request := read_request(sock):
            hosts.extend(line for line in request.split(b"\r\n") if line.startswith(b"Host:"))
            sock.sendall(answer("{}"))

    client = client_of(serve(note))
    client.request("GET", URL)
    client.request("GET", f"https://{GRAPH}/v1.0/me?$select=id")
    client.close()
    assert hosts == [f"Host: {LOGIN}".encode(), f"Host: {GRAPH}".encode()]


def test_no_cookie_goes_back(serve: Serve) -> None:
    seen: list[bytes] = []

    def bake(sock: ssl.SSLSocket, _number: int) -> None:
        while request := read_request(sock):
            seen.append(request.lower())
            sock.sendall(answer("{}", headers="Set-Cookie: fpc=1; Secure\r\n"))

    client = client_of(serve(bake))
    for _ in range(2):
        client.request("GET", URL)
    client.close()
    assert not any(b"cookie" in request for request in seen)
