"""Microsoft's own client against the demo tenant, for both kinds of sign-in."""

import os
from typing import Any

import msal
import pytest
import urllib3.util.connection

from demo import names
from demo.server import DemoTenant
from tests.demo.client import SCOPE

AUTHORITY = f"https://login.microsoftonline.com/{names.HALDEN}"


@pytest.fixture(autouse=True)
def brought_here(tenant: DemoTenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection of urllib3 goes to the demo, and no setting of the machine plays a part."""
    real = urllib3.util.connection.create_connection
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", *(name for name in os.environ if "proxy" in name.lower())):
        monkeypatch.delenv(name, raising=False)
    target = ("127.0.0.1", tenant.port)
    monkeypatch.setattr(urllib3.util.connection, "create_connection", lambda _, *a, **k: real(target, *a, **k))


def service(tenant: DemoTenant, secret: str) -> dict[str, Any]:
    app = msal.ConfidentialClientApplication(
        names.SERVICE_APP,
        client_credential=secret,
        authority=AUTHORITY,
        verify=str(tenant.ca_file),
        timeout=5,
        instance_discovery=False,
        azure_region=False,
    )
    result: dict[str, Any] = app.acquire_token_for_client([SCOPE])
    app.http_client.close()
    return result


def user(tenant: DemoTenant, form: dict[str, str]) -> dict[str, Any]:
    app = msal.PublicClientApplication(
        form["client_id"],
        authority=AUTHORITY,
        verify=str(tenant.ca_file),
        timeout=5,
        instance_discovery=False,
        exclude_scopes=["offline_access"],
    )
    with pytest.warns(DeprecationWarning, match="public client flows"):
        result: dict[str, Any] = app.acquire_token_by_username_password(form["username"], form["password"], [SCOPE])
    app.http_client.close()
    return result


def test_an_app_gets_a_token(tenant: DemoTenant, form: dict[str, str]) -> None:
    result = service(tenant, form["client_secret"])
    assert result["token_source"] == "identity_provider"
    assert tenant.journal.counts == {"connections": 1, "discovery": 1, "token": 1}


def test_an_app_is_refused(tenant: DemoTenant) -> None:
    result = service(tenant, "wrong")
    assert result["error_codes"] == [7000215]
    assert result["correlation_id"] == tenant.journal.entries[-1]["correlation_id"] != result["trace_id"]


def test_a_user_gets_a_token_without_a_refresh_token(tenant: DemoTenant, password_form: dict[str, str]) -> None:
    result = user(tenant, password_form)
    assert result["id_token_claims"]["preferred_username"] == password_form["username"]
    assert "refresh_token" not in result
    assert tenant.journal.counts == {"connections": 1, "discovery": 1, "realm": 1, "token": 1}


def test_a_user_with_mfa_is_refused(tenant: DemoTenant, password_form: dict[str, str]) -> None:
    tenant.world.account(password_form["username"]).mfa = True
    assert user(tenant, password_form)["suberror"] == "basic_action"


def test_an_unknown_tenant_breaks_the_construction(tenant: DemoTenant) -> None:
    with pytest.raises(ValueError, match="Unable to get authority configuration"):
        msal.ConfidentialClientApplication(
            names.SERVICE_APP,
            client_credential="any",
            authority=f"https://login.microsoftonline.com/{names.WRONG_TENANT}",
            verify=str(tenant.ca_file),
        )
