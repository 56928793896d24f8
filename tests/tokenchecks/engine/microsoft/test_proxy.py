"""The way out through a proxy: what it is told, what each of its answers means, and that it sees nothing."""

import base64
import json
import logging
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import trustme

from configurator.vault.text import Secret
from demo.clouds import HOSTS
from demo.server import DemoTenant
from tests.outbound import OutboundProxy, refusal
from tests.tokenchecks.engine.conftest import Make, pairs
from tests.tokenchecks.engine.microsoft.test_origin import BLOCKED, BOX, vars_of
from tests.tokenchecks.engine.test_canary import leaked, spelled
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.microsoft.proxy import Proxy
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.check import run, send_test_mail

USER, PASSWORD = "svc-console", 'p:ä$$ "w+%2Brd" €'
LOGIN, GRAPH = "login.microsoftonline.com", "graph.microsoft.com"
Reach = Callable[..., Gateway]


@pytest.fixture
def outbound(tenant: DemoTenant) -> Iterator[OutboundProxy]:
    """A proxy behind which the demo tenant is reached."""
    with OutboundProxy(pairs(tenant.connect_to)) as proxy:
        yield proxy


@pytest.fixture
def through(tenant: DemoTenant, outbound: OutboundProxy) -> Iterator[Reach]:
    """Makes a gateway that goes through the proxy, with the changes asked for."""
    made: list[Gateway] = []

    def make(deadline: float = 3.0, **changes: object) -> Gateway:
        proxy = replace(Proxy("127.0.0.1", outbound.port), **changes)  # type: ignore[arg-type]  # fields of Proxy
        made.append(Gateway({}, tenant.ca_file, proxy=proxy, connect_timeout=deadline, deadline=deadline))
        return made[-1]

    yield make
    for gateway in made:
        gateway.close()


def told(result: StageResult) -> tuple[str, str, str, bool]:
    return result.cause, result.class_, result.who, result.retry


def test_all_of_a_check_goes_through_it(
    through: Reach, user: Make, outbound: OutboundProxy, tenant: DemoTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    outcome = run(user(), through())
    assert outcome.status == "ok"
    assert set(outbound.asked) == {f"{LOGIN}:443", f"{GRAPH}:443"}
    assert {"discovery", "realm", "token", "graph"} <= tenant.journal.counts.keys()
    assert all(f"through the proxy 127.0.0.1:{outbound.port}" in asked for one in outcome.stages for asked in one.asked)


def test_the_environments_proxies_stay_ignored(
    gateway: Gateway, service: Make, outbound: OutboundProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{outbound.port}")
    assert run(service(), gateway).status == "ok"
    assert outbound.asked == []


def test_connections_through_it_are_kept(through: Reach, service: Make, outbound: OutboundProxy) -> None:
    gateway = through()
    for _ in range(3):
        assert run(service(), gateway).status == "ok"
    assert len(outbound.asked) == 2


def test_hosts_that_are_led_elsewhere_are_reached_directly(
    tenant: DemoTenant, service: Make, outbound: OutboundProxy
) -> None:
    led = pairs(tenant.connect_to)
    del led[GRAPH]
    proxy = Proxy("127.0.0.1", outbound.port)
    gateway = Gateway(led, tenant.ca_file, proxy=proxy, connect_timeout=2.0, deadline=3.0)
    outcome = run(service(), gateway)
    gateway.close()
    assert outcome.status == "ok"
    assert set(outbound.asked) == {f"{GRAPH}:443"}
    assert ["proxy" in one.asked[0] for one in outcome.stages if one.asked] == [False, False, True]


def test_only_known_hosts_are_asked_for(
    through: Reach, service: Make, outbound: OutboundProxy, tenant: DemoTenant
) -> None:
    tenant.fault(kind="document", fields={"token_endpoint": "https://evil.example/token"})
    assert run(service(), through()).stages[1].code == "endpoint_foreign"
    assert set(outbound.asked) == {f"{LOGIN}:443"}


class TestSignIn:
    """Basic, sent at once where a user is set."""

    def test_it_is_let_through(self, through: Reach, service: Make, outbound: OutboundProxy) -> None:
        outbound.account = (USER, PASSWORD)
        assert run(service(), through(user=USER, password=Secret(PASSWORD))).status == "ok"

    def test_none_is_sent_where_none_is_set(self, through: Reach, service: Make, outbound: OutboundProxy) -> None:
        run(service(), through())
        assert not any(b"authorization" in head.lower() for head in outbound.heads)

    def test_one_is_wanted(self, through: Reach, service: Make, outbound: OutboundProxy) -> None:
        outbound.account = (USER, PASSWORD)
        result = run(service(), through()).stages[1]
        assert told(result) == ("proxy_sign_in", "network", "console administrator", True)
        assert 'proxy-authenticate: Basic realm="tests"' in result.detail

    def test_it_is_refused(self, through: Reach, service: Make, outbound: OutboundProxy) -> None:
        outbound.account = (USER, PASSWORD)
        result = run(service(), through(user=USER, password=Secret("another"))).stages[1]
        assert told(result) == ("proxy_sign_in_refused", "network", "console administrator", True)
        assert len(outbound.asked) == 1, "a wrong password is not tried again"

    @pytest.mark.parametrize(
        "echo",
        [PASSWORD, base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode(), PASSWORD[::-1], json.dumps(PASSWORD)],
    )
    def test_the_password_is_told_to_nobody(
        self, through: Reach, service: Make, outbound: OutboundProxy, caplog: pytest.LogCaptureFixture, echo: str
    ) -> None:
        caplog.set_level(logging.DEBUG)
        outbound.answer = refusal("407 No", f"X-Cache: {echo.encode().hex()}\r\n", f"<title>{echo}</title>")
        gateway = through(user=USER, password=Secret(PASSWORD))
        outcome = run(service(), gateway)
        text = spelled([vars_of(stage) for stage in outcome.stages], caplog.text + repr(vars(gateway.http)))
        assert leaked(text, PASSWORD) == []
        assert outcome.stages[1].cause == "proxy_sign_in_refused"


class TestCauses:
    """Each way in which a proxy fails, named as what it is."""

    @pytest.mark.parametrize(
        ("answer", "cause"),
        [
            (refusal("403 Forbidden", "X-Squid-Error: ERR_ACCESS_DENIED 0\r\n", BLOCKED), "proxy_forbids"),
            (refusal("400 Bad Request"), "proxy_forbids"),
            (refusal("404 Not Found"), "proxy_forbids"),
            (refusal("405 Method Not Allowed"), "proxy_forbids"),
            (refusal("451 Legal"), "proxy_forbids"),
            (refusal("407 No"), "proxy_sign_in"),
            (refusal("407 No", "Proxy-Authenticate: Negotiate\r\n"), "proxy_sign_in"),
            (refusal("500 Oops"), "proxy_no_way"),
            (refusal("502 Bad Gateway"), "proxy_no_way"),
            (refusal("503 Service Unavailable", "X-Squid-Error: ERR_DNS_FAIL 0\r\n"), "proxy_no_way"),
            (refusal("504 Gateway Timeout"), "proxy_no_way"),
            (refusal("511 Network Authentication Required", "", BLOCKED), "net_portal"),
            (refusal("302 Found", "Location: http://portal.example/?from=x\r\n"), "proxy_garbage"),
            (refusal("304 Not Modified"), "proxy_garbage"),
            (b"", "proxy_garbage"),
            (b"HTTP/1.1 abc\r\n\r\n", "proxy_garbage"),
            (b"SSH-2.0-OpenSSH_9.6\r\n", "proxy_garbage"),
            (b"<html>not a proxy</html>", "proxy_garbage"),
            (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", "proxy_garbage"),
            (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000, "proxy_garbage"),
            (b"\x15\x03\x01\x00\x02\x02\x28", "proxy_garbage"),
        ],
        ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else value,
    )
    def test_what_it_answers(
        self, through: Reach, service: Make, outbound: OutboundProxy, answer: bytes, cause: str
    ) -> None:
        outbound.answer = answer
        result = run(service(), through()).stages[1]
        assert told(result) == (cause, "network", "console administrator", True)
        assert f"the proxy 127.0.0.1:{outbound.port}" in result.detail

    def test_what_its_page_says(self, through: Reach, service: Make, outbound: OutboundProxy) -> None:
        outbound.answer = refusal("403 Forbidden", "Server: squid/6.14\r\n", BLOCKED)
        assert run(service(), through()).stages[1].detail == (
            f"{LOGIN}: the proxy 127.0.0.1:{outbound.port} answered HTTP 403. “Web Page Blocked!”; server: squid/6.14"
        )

    def test_where_it_redirects_to(self, through: Reach, service: Make, outbound: OutboundProxy) -> None:
        outbound.answer = refusal("302 Found", "Location: http://portal.example/?from=x\r\n")
        detail = run(service(), through()).stages[1].detail
        assert detail.endswith("answered HTTP 302. leads to portal.example")

    def test_it_says_nothing(self, through: Reach, service: Make, outbound: OutboundProxy) -> None:
        outbound.silent = True
        started = time.monotonic()
        result = run(service(), through(deadline=0.5)).stages[1]
        assert told(result) == ("proxy_timeout", "network", "console administrator", True)
        assert time.monotonic() - started < 2.5

    def test_nobody_listens(self, through: Reach, service: Make) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        assert told(run(service(), through(port=port)).stages[1])[0] == "proxy_connect"

    def test_its_name_is_unknown(self, through: Reach, service: Make) -> None:
        assert told(run(service(), through(host="no-such-proxy.invalid")).stages[1])[0] == "proxy_dns"

    def test_it_hangs_up_on_the_tunnel(self, through: Reach, service: Make, outbound: OutboundProxy) -> None:
        outbound.answer = b"HTTP/1.1 200 OK\r\n\r\n"
        assert run(service(), through()).stages[1].cause == "net_tls"

    def test_a_test_mail_that_it_stops_has_not_left(
        self, through: Reach, service: Make, outbound: OutboundProxy
    ) -> None:
        gateway = through()
        run(service(), gateway)
        outbound.answer = refusal("403 Forbidden")
        sent = send_test_mail(service(), gateway, BOX, "someone@contoso.example").stages[5]
        assert sent.cause == "proxy_forbids"
        assert "not known" not in sent.detail


class TestInterception:
    """A proxy that opens the TLS traffic shows a certificate of its own."""

    @pytest.fixture
    def authority(self, outbound: OutboundProxy) -> trustme.CA:
        authority = trustme.CA()
        outbound.intercept = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*HOSTS).configure_cert(outbound.intercept)
        return authority

    def test_of_an_authority_that_nobody_named(
        self, through: Reach, service: Make, authority: trustme.CA, tenant: DemoTenant
    ) -> None:
        result = run(service(), through()).stages[1]
        assert told(result) == ("net_certificate_untrusted", "network", "console administrator", True)
        assert "discovery" not in tenant.journal.counts
        assert "ENTRA_CA_FILE" in explain_cause(result.cause, "address").remedy

    def test_for_another_host(self, through: Reach, service: Make, outbound: OutboundProxy, tenant: DemoTenant) -> None:
        outbound.intercept = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tenant.authority.issue_cert("proxy.halden.example").configure_cert(outbound.intercept)
        assert run(service(), through()).stages[1].cause == "net_certificate_host"
