"""A demo tenant of its own for these tests, as new before each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo import names
from demo.server import DemoTenant
from demo.world import App, Tenant
from tests.demo.client import SCOPE, Client


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoTenant]:
    with DemoTenant(Path(tmp_path_factory.mktemp("demo"))) as tenant:
        yield tenant


@pytest.fixture
def tenant(running: DemoTenant) -> DemoTenant:
    running.reset()
    return running


@pytest.fixture
def client(tenant: DemoTenant) -> Iterator[Client]:
    client = Client(tenant)
    yield client
    client.close()


@pytest.fixture
def halden(tenant: DemoTenant) -> Tenant:
    """The organisation that most tests ask about."""
    return tenant.world.tenants[names.HALDEN]


@pytest.fixture
def app(halden: Tenant) -> App:
    """Its healthy OAuth Service app."""
    return halden.apps[names.SERVICE_APP]


@pytest.fixture
def form(app: App) -> dict[str, str]:
    """A client credentials grant that succeeds."""
    return {
        "grant_type": "client_credentials",
        "client_id": app.client_id,
        "client_secret": app.secrets[0].value,
        "scope": SCOPE,
    }


@pytest.fixture
def password_form(halden: Tenant) -> dict[str, str]:
    """A password grant that succeeds."""
    account = halden.accounts["anna.lindqvist@halden-energie.example"]
    return {
        "grant_type": "password",
        "client_id": names.USER_APP,
        "username": account.upn,
        "password": account.password,
        "scope": f"{SCOPE} openid profile",
    }
