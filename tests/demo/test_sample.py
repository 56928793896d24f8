"""The sample data: what it holds, and that each part works or breaks as it says."""

from urllib.parse import urlsplit
from uuid import UUID

import pytest

from demo.sample import Address, IncomingServer, Organisation, organisation
from demo.server import DemoTenant
from tests.demo.client import SCOPE, Answer, Client


@pytest.fixture
def sample(tenant: DemoTenant) -> Organisation:
    return organisation(tenant.world)


def server_outcome(client: Client, server: IncomingServer) -> tuple[str, str]:
    """The code that ends the check of a server, and the token when there is one."""
    path = urlsplit(server.address).path
    if (found := client.get(f"{path}/v2.0/.well-known/openid-configuration")).status != 200:
        return code(found), ""
    if server.authentication_type == "oauth_user":
        return "", ""
    grant = {"grant_type": "client_credentials", "client_id": server.client_id, "client_secret": server.secret}
    answer = client.token(path.strip("/"), grant | {"scope": SCOPE})
    return ("", answer.json["access_token"]) if answer.status == 200 else (code(answer), "")


def address_outcome(client: Client, server: IncomingServer, address: Address) -> str:
    """The code that ends the check of an address."""
    broken, token = server_outcome(client, server)
    if broken:
        return broken
    if server.authentication_type == "oauth_user":
        grant = {"grant_type": "password", "client_id": server.client_id, "scope": SCOPE}
        grant |= {"username": address.account, "password": address.password}
        answer = client.token(urlsplit(server.address).path.strip("/"), grant)
        if answer.status != 200:
            return code(answer)
        token = answer.json["access_token"]
    return code(client.inbox(token, address.email))


def code(answer: Answer) -> str:
    body = answer.json
    if answer.status == 200:
        return ""
    return str(body["error"]["code"]) if isinstance(body["error"], dict) else str(body["error_codes"][0])


def test_there_are_six_servers_and_twelve_queues(sample: Organisation) -> None:
    assert len(sample.servers) == 6
    assert len(sample.queues) == 12
    assert all(1 <= len(queue.addresses) <= 3 for queue in sample.queues)


def test_names_and_addresses_are_unlike_each_other(sample: Organisation) -> None:
    addresses = [address.email for queue in sample.queues for address in queue.addresses]
    assert len(set(addresses)) == len(addresses)
    assert len({queue.name for queue in sample.queues}) == 12
    assert any(not address.isascii() for address in addresses)


def test_every_address_names_a_server(sample: Organisation) -> None:
    keys = {server.key for server in sample.servers}
    assert {address.server for queue in sample.queues for address in queue.addresses} <= keys


def test_every_server_ends_as_it_says(client: Client, sample: Organisation) -> None:
    for server in sample.servers:
        broken, _ = server_outcome(client, server)
        assert broken == (server.expected if server.expected.isdigit() else ""), server.name


def test_every_address_ends_as_it_says(client: Client, sample: Organisation) -> None:
    servers = {server.key: server for server in sample.servers}
    for queue in sample.queues:
        for address in queue.addresses:
            assert address_outcome(client, servers[address.server], address) == address.expected, address.email


def test_most_queues_work_and_each_trouble_is_there(sample: Organisation) -> None:
    working = [queue for queue in sample.queues if not any(address.expected for address in queue.addresses)]
    assert len(working) == 7
    troubles = {server.expected for server in sample.servers}
    troubles |= {address.expected for queue in sample.queues for address in queue.addresses}
    expected = {"", "7000222", "7000215", "ErrorAccessDenied", "90002", "50076", "MailboxNotEnabledForRESTAPI"}
    assert troubles == expected


def test_the_pasted_secret_id_is_a_guid(sample: Organisation) -> None:
    [faults] = [server for server in sample.servers if server.key == "faults"]
    assert str(UUID(faults.secret)) == faults.secret


def test_only_oauth_user_has_passwords(sample: Organisation) -> None:
    kinds = {server.key: server.authentication_type for server in sample.servers}
    for queue in sample.queues:
        for address in queue.addresses:
            assert bool(address.password) is (kinds[address.server] == "oauth_user")
    assert all(bool(server.secret) is (server.authentication_type == "oauth_service") for server in sample.servers)


def test_the_outgoing_server_works(client: Client, sample: Organisation) -> None:
    grant = {"grant_type": "client_credentials", "client_id": sample.outgoing.server_user, "scope": SCOPE}
    answer = client.token(sample.outgoing.tenant, grant | {"client_secret": sample.outgoing.password})
    assert answer.status == 200


def test_no_secret_shows_in_a_representation(sample: Organisation) -> None:
    shown = repr(sample)
    assert sample.outgoing.password not in shown
    assert not any(server.secret and server.secret in shown for server in sample.servers)


def test_it_is_the_same_each_time(tenant: DemoTenant, sample: Organisation) -> None:
    assert organisation(tenant.world) == sample
