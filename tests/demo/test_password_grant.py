"""The password grant, decided from the world."""

import pytest

from demo import lockout, names
from demo.seed import new_secret
from demo.server import DemoTenant
from demo.world import Account, App, Tenant
from tests.demo.client import Client, claims

TENANT = names.HALDEN


@pytest.fixture
def account(halden: Tenant, password_form: dict[str, str]) -> Account:
    return halden.accounts[password_form["username"]]


@pytest.fixture
def user_app(halden: Tenant) -> App:
    return halden.apps[names.USER_APP]


def code(client: Client, form: dict[str, str], tenant: str = TENANT) -> int:
    answer = client.token(tenant, form)
    assert answer.status in {400, 401}
    found: int = answer.json["error_codes"][0]
    return found


def test_it_issues_a_users_token(client: Client, password_form: dict[str, str]) -> None:
    answer = client.token(TENANT, password_form)
    read = claims(answer.json["access_token"])
    assert read["upn"] == password_form["username"]
    assert read["scp"] == "Mail.ReadWrite Mail.Send User.Read"
    assert (read["idtyp"], read["appidacr"], read["tid"]) == ("user", "0", TENANT)
    assert "roles" not in read
    assert "https://graph.microsoft.com/Mail.ReadWrite" in answer.json["scope"].split(" ")
    assert "refresh_token" not in answer.json


def test_openid_and_offline_access_add_their_tokens(client: Client, password_form: dict[str, str]) -> None:
    password_form["scope"] += " offline_access"
    answer = client.token(TENANT, password_form | {"client_info": "1"}).json
    assert claims(answer["id_token"])["aud"] == names.USER_APP
    assert answer["refresh_token"]
    assert answer["client_info"]


def test_it_grants_a_single_permission(client: Client, password_form: dict[str, str]) -> None:
    password_form["scope"] = "https://graph.microsoft.com/Mail.Send"
    assert claims(client.token(TENANT, password_form).json["access_token"])["scp"] == "Mail.Send"


def test_organizations_takes_the_tenant_from_the_account(client: Client, password_form: dict[str, str]) -> None:
    assert claims(client.token("organizations", password_form).json["access_token"])["tid"] == TENANT
    assert code(client, password_form | {"username": "x@elsewhere.example"}, "organizations") == 50128


def test_common_is_refused(client: Client, password_form: dict[str, str]) -> None:
    assert code(client, password_form, "common") == 9001023


def test_it_refuses_a_wrong_password(client: Client, password_form: dict[str, str]) -> None:
    answer = client.token(TENANT, password_form | {"password": "wrong"})
    assert (answer.status, answer.json["error"], answer.json["error_codes"]) == (
        400,
        "invalid_grant",
        [50126],
    )


def test_it_refuses_an_unknown_account(client: Client, password_form: dict[str, str]) -> None:
    assert code(client, password_form | {"username": "nobody@halden-energie.example"}) == 50034


def test_mfa_stops_the_right_password_with_a_challenge(
    client: Client, password_form: dict[str, str], account: Account
) -> None:
    account.mfa = True
    answer = client.token(TENANT, password_form).json
    assert (answer["error_codes"], answer["suberror"]) == ([50076], "basic_action")
    assert "capolids" in answer["claims"]


def test_a_policy_stops_the_right_password(client: Client, password_form: dict[str, str], account: Account) -> None:
    account.policy = 53003
    assert code(client, password_form) == 53003
    assert code(client, password_form | {"password": "wrong"}) == 50126


@pytest.mark.parametrize(("field", "value", "expected"), [("enabled", False, 50057), ("password_expired", True, 50055)])
def test_the_state_of_the_account_counts(
    client: Client, password_form: dict[str, str], account: Account, field: str, value: object, expected: int
) -> None:
    setattr(account, field, value)
    assert code(client, password_form) == expected


def test_missing_consent(client: Client, password_form: dict[str, str], user_app: App) -> None:
    user_app.consented = False
    answer = client.token(TENANT, password_form).json
    assert (answer["error_codes"], answer["suberror"]) == ([65001], "consent_required")


def test_a_permission_that_was_not_given_lacks_consent(client: Client, password_form: dict[str, str]) -> None:
    assert code(client, password_form | {"scope": "https://graph.microsoft.com/Calendars.Read"}) == 65001


def test_two_resources_are_refused(client: Client, password_form: dict[str, str]) -> None:
    password_form["scope"] = "https://graph.microsoft.com/Mail.Send https://outlook.office365.com/SMTP.Send"
    assert code(client, password_form) == 700022


def test_a_public_app_must_be_allowed_and_sends_no_secret(
    client: Client, password_form: dict[str, str], user_app: App
) -> None:
    assert code(client, password_form | {"client_secret": "some"}) == 700025
    user_app.public_client_flows = False
    assert code(client, password_form) == 7000218


def test_a_confidential_app_sends_its_secret(client: Client, password_form: dict[str, str], user_app: App) -> None:
    user_app.secrets.append(new_secret(days=1))
    answer = client.token(TENANT, password_form | {"client_secret": user_app.secrets[0].value})
    assert claims(answer.json["access_token"])["appidacr"] == "1"
    assert code(client, password_form | {"client_secret": "wrong"}) == 7000215


def test_ten_different_wrong_passwords_lock_the_account(client: Client, password_form: dict[str, str]) -> None:
    for number in range(lockout.ALLOWED):
        assert code(client, password_form | {"password": f"wrong{number}"}) == 50126
    assert code(client, password_form) == 50053


def test_the_same_wrong_password_repeated_locks_nothing(
    client: Client, password_form: dict[str, str], tenant: DemoTenant
) -> None:
    for _ in range(lockout.ALLOWED + 1):
        assert code(client, password_form | {"password": "wrong"}) == 50126
    assert client.token(TENANT, password_form).status == 200
