"""A demo tenant of its own for these tests, as new before each, and the subjects that most of them check."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from configurator.vault.text import Secret
from demo import names
from demo.server import DemoTenant
from demo.world import Tenant
from tests.tokenchecks.engine.clients import Serve
from tests.tokenchecks.engine.servers import RawServer
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.subject import Subject

Make = Callable[..., Subject]


def pairs(connect_to: str) -> dict[str, tuple[str, int]]:
    """Read the demo tenant's connect_to."""
    split = [pair.partition("=") for pair in connect_to.split(",")]
    return {host: (target.rpartition(":")[0], int(target.rpartition(":")[2])) for host, _, target in split}


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoTenant]:
    with DemoTenant(tmp_path_factory.mktemp("engine")) as tenant:
        yield tenant


@pytest.fixture
def tenant(running: DemoTenant) -> DemoTenant:
    running.reset()
    return running


@pytest.fixture
def gateway(tenant: DemoTenant) -> Iterator[Gateway]:
    gateway = Gateway(pairs(tenant.connect_to), tenant.ca_file, connect_timeout=2.0, deadline=3.0)
    yield gateway
    gateway.close()


@pytest.fixture
def hasty(tenant: DemoTenant) -> Iterator[Gateway]:
    """A gateway that gives up soon, for answers that do not come."""
    gateway = Gateway(pairs(tenant.connect_to), tenant.ca_file, connect_timeout=0.5, deadline=0.5)
    yield gateway
    gateway.close()


@pytest.fixture
def halden(tenant: DemoTenant) -> Tenant:
    return tenant.world.tenants[names.HALDEN]


@pytest.fixture
def service(halden: Tenant) -> Make:
    """Makes a subject for OAuth Service that works, with the changes asked for."""

    def make(**changes: Any) -> Subject:
        subject = Subject(
            kind="address",
            name="Kundenservice",
            login_host="login.microsoftonline.com",
            tenant=halden.id,
            client_id=names.SERVICE_APP,
            authentication_type="oauth_service",
            secret=Secret(halden.apps[names.SERVICE_APP].secrets[0].value),
            mailbox=names.SHARED_MAILBOXES[0],
            account=names.SHARED_MAILBOXES[0],
        )
        return replace(subject, **changes)

    return make


@pytest.fixture
def user(halden: Tenant) -> Make:
    """Makes a subject for OAuth User that works, with the changes asked for."""

    def make(**changes: Any) -> Subject:
        account = halden.accounts["anna.lindqvist@halden-energie.example"]
        subject = Subject(
            kind="address",
            name="Anna Lindqvist",
            login_host="login.microsoftonline.com",
            tenant=halden.id,
            client_id=names.USER_APP,
            authentication_type="oauth_user",
            mailbox=account.upn,
            account=account.upn,
            password=Secret(account.password),
        )
        return replace(subject, **changes)

    return make


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a server with the given handler."""
    servers: list[RawServer] = []

    def start(handler: Callable[[ssl.SSLSocket, int], None], *, tls: bool = True) -> RawServer:
        servers.append(RawServer(tmp_path, handler, tls=tls).__enter__())
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__()
