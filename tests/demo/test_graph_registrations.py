"""What Graph tells of an app registration: the one place where the end of a secret can be read."""

import pytest

from demo import names
from demo.world import App
from tests.demo.client import GRAPH, Client

PAGE = "/v1.0/applications(appId='{}')?$select=id,appId,displayName,passwordCredentials"


@pytest.fixture
def headers(client: Client, form: dict[str, str], app: App) -> dict[str, str]:
    app.roles.append("Application.Read.All")
    return {"Authorization": f"Bearer {client.token(names.HALDEN, form).json['access_token']}"}


def test_it_tells_when_a_secret_ends(client: Client, headers: dict[str, str], app: App) -> None:
    answer = client.get(PAGE.format(app.client_id), GRAPH, **headers)
    [credential] = answer.json["passwordCredentials"]
    [secret] = app.secrets
    assert credential["hint"] == secret.value[:3]
    assert credential["keyId"] == secret.key_id
    assert credential["endDateTime"] == secret.expires.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert secret.value not in answer.body.decode()
    assert set(answer.json) == {"@odata.context", "id", "appId", "displayName", "passwordCredentials"}


def test_without_the_permission_it_is_denied(client: Client, form: dict[str, str], app: App) -> None:
    token = client.token(names.HALDEN, form).json["access_token"]
    answer = client.get(PAGE.format(app.client_id), GRAPH, Authorization=f"Bearer {token}")
    assert (answer.status, answer.json["error"]["code"]) == (403, "Authorization_RequestDenied")


def test_an_app_may_read_itself(client: Client, form: dict[str, str], app: App) -> None:
    app.roles = ["Application.ReadWrite.OwnedBy"]
    token = client.token(names.HALDEN, form).json["access_token"]
    assert client.get(PAGE.format(app.client_id), GRAPH, Authorization=f"Bearer {token}").status == 200
    assert client.get(PAGE.format(names.SALES_APP), GRAPH, Authorization=f"Bearer {token}").status == 403


def test_an_unknown_app(client: Client, headers: dict[str, str]) -> None:
    answer = client.get(PAGE.format(names.FIRST_APP), GRAPH, **headers)
    assert (answer.status, answer.json["error"]["code"]) == (404, "Request_ResourceNotFound")


def test_the_service_principal(client: Client, headers: dict[str, str], app: App) -> None:
    answer = client.get(f"/v1.0/servicePrincipals(appId='{app.client_id}')", GRAPH, **headers)
    assert answer.json["accountEnabled"] is True
