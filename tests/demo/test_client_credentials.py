"""The client credentials grant, decided from the world."""

from datetime import UTC, datetime, timedelta

import pytest

from demo import names
from demo.seed import new_secret
from demo.world import App, Tenant
from tests.demo.client import Client, claims

TENANT = names.HALDEN


def code(client: Client, form: dict[str, str], tenant: str = TENANT) -> int:
    answer = client.token(tenant, form)
    assert answer.status in {400, 401}
    found: int = answer.json["error_codes"][0]
    return found


def test_it_issues_a_token(client: Client, form: dict[str, str], app: App) -> None:
    answer = client.token(TENANT, form)
    assert answer.status == 200
    assert answer.json["token_type"] == "Bearer"
    assert 3599 <= answer.json["expires_in"] < 5400
    read = claims(answer.json["access_token"])
    assert read["aud"] == "https://graph.microsoft.com"
    assert (read["tid"], read["appid"], read["appidacr"]) == (TENANT, app.client_id, "1")
    assert (read["idtyp"], read["ver"]) == ("app", "1.0")
    assert read["roles"] == ["Mail.ReadWrite", "Mail.Send"]
    assert read["nbf"] == read["iat"] < read["exp"]
    assert "scp" not in read
    assert "upn" not in read


def test_it_issues_a_token_without_roles(client: Client, form: dict[str, str], app: App) -> None:
    app.roles = []
    assert "roles" not in claims(client.token(TENANT, form).json["access_token"])


def test_exchange_roles_belong_to_the_exchange_audience(client: Client, form: dict[str, str], app: App) -> None:
    app.roles.append("IMAP.AccessAsApp")
    form["scope"] = "https://outlook.office365.com/.default"
    read = claims(client.token(TENANT, form).json["access_token"])
    assert read["aud"] == "https://outlook.office365.com"
    assert read["roles"] == ["IMAP.AccessAsApp"]


def test_it_takes_the_tenant_by_domain(client: Client, form: dict[str, str]) -> None:
    assert claims(client.token("halden-energie.example", form).json["access_token"])["tid"] == TENANT


def test_it_refuses_a_wrong_secret(client: Client, form: dict[str, str]) -> None:
    answer = client.token(TENANT, form | {"client_secret": "wrong"})
    assert answer.status == 401
    assert answer.json["error"] == "invalid_client"
    assert answer.json["error_codes"] == [7000215]


def test_it_refuses_the_secret_id_in_microsofts_words(client: Client, form: dict[str, str], app: App) -> None:
    answer = client.token(TENANT, form | {"client_secret": app.secrets[0].key_id})
    assert answer.json["error_codes"] == [7000215]
    assert "the client secret value, not the client secret ID" in answer.json["error_description"]


def test_it_refuses_an_expired_secret(client: Client, form: dict[str, str], app: App) -> None:
    app.secrets[0].expires = datetime.now(UTC) - timedelta(days=1)
    answer = client.token(TENANT, form)
    assert (answer.status, answer.json["error_codes"]) == (401, [7000222])


def test_any_of_two_secrets_will_do(client: Client, form: dict[str, str], app: App) -> None:
    app.secrets.append(new_secret(days=1))
    for secret in app.secrets:
        assert client.token(TENANT, form | {"client_secret": secret.value}).status == 200


def test_it_refuses_an_unknown_client(client: Client, form: dict[str, str]) -> None:
    assert code(client, form | {"client_id": names.FIRST_APP}) == 700016


def test_it_refuses_an_app_without_service_principal(client: Client, form: dict[str, str], app: App) -> None:
    app.installed = False
    assert code(client, form) == 7000229


def test_it_refuses_a_disabled_app(client: Client, form: dict[str, str], app: App) -> None:
    app.enabled = False
    assert code(client, form) == 7000112


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("grant_type", "", 900144),
        ("grant_type", "implicit", 70003),
        ("client_id", "", 900144),
        ("client_secret", "", 7000216),
        ("scope", "", 900144),
        ("scope", "https://graph.microsoft.com/Mail.Read", 1002012),
        ("scope", "https://graph.microsoft.com/.default offline_access", 1002012),
        ("scope", "https://grap.microsoft.com/.default", 500011),
    ],
)
def test_it_refuses_a_wrong_field(client: Client, form: dict[str, str], field: str, value: str, expected: int) -> None:
    assert code(client, form | {field: value}) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [(names.WRONG_TENANT, 90002), ("undefined", 900023), ("common", 50059), ("organizations", 50059)],
)
def test_it_refuses_another_tenant(client: Client, form: dict[str, str], name: str, expected: int) -> None:
    assert code(client, form, name) == expected


def test_a_government_tenant_is_refused_by_the_global_cloud(
    client: Client, form: dict[str, str], halden: Tenant
) -> None:
    halden.cloud = "us"
    assert code(client, form) == 900382
    form["scope"] = "https://graph.microsoft.us/.default"
    assert client.token(TENANT, form, "login.microsoftonline.us").status == 200


def test_it_wants_a_post(client: Client) -> None:
    answer = client.get(f"/{TENANT}/oauth2/v2.0/token")
    assert (answer.status, answer.json["error_codes"]) == (405, [900561])


def test_a_long_secret_is_read_whole(client: Client, form: dict[str, str], app: App) -> None:
    app.secrets[0].value = "ä𝄞+&=%~" * 1200
    assert client.token(TENANT, form | {"client_secret": app.secrets[0].value}).status == 200
