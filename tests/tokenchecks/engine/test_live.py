"""Every check is live: no memory of msal's answers for the server, and nothing is asked more than once."""

import logging
import warnings
from dataclasses import replace

import pytest

from configurator.vault.text import Secret
from demo import names
from demo.server import DemoTenant
from demo.world import Tenant
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.microsoft.msal_http import MsalHttp, NoHttpCache, NullTokenCache
from tokenchecks.engine.microsoft.transport import TransportError
from tokenchecks.engine.stages.check import run

ANNA = "anna.lindqvist@halden-energie.example"


def test_a_secret_changed_at_the_server_is_seen_at_once(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    held = tenant.world.app(names.SERVICE_APP).secrets[0]
    subject, before = service(), held.value
    assert run(subject, gateway).status == "ok"
    held.value = "another8Q~secret"
    assert run(subject, gateway).stages[2].code == "AADSTS7000215"
    held.value = before
    assert run(subject, gateway).status == "ok"


@pytest.mark.parametrize("code", [700016, 65001, 50076, 90033, 50196])
def test_a_refusal_is_not_remembered(gateway: Gateway, user: Make, tenant: DemoTenant, code: int) -> None:
    tenant.fault(kind="aadsts", code=code, times=1)
    assert run(user(), gateway).stages[2].code == f"AADSTS{code}"
    assert run(user(), gateway).status == "ok"


def test_a_throttled_answer_is_not_given_to_another_secret(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="throttle", match={"endpoint": "token"}, retry_after=3000, times=1)
    assert run(service(secret=Secret("wrong8Q~secret")), gateway).stages[2].class_ == "throttle"
    assert run(service(), gateway).status == "ok"


def test_a_domain_that_becomes_federated_is_seen_at_once(gateway: Gateway, user: Make, halden: Tenant) -> None:
    assert run(user(), gateway).status == "ok"
    halden.federated_domains.append(halden.domains[0])
    assert run(user(), gateway).stages[2].code == "federated"


def test_a_federated_password_is_sent_nowhere(gateway: Gateway, user: Make, tenant: DemoTenant, halden: Tenant) -> None:
    halden.federated_domains.append(halden.domains[0])
    result = run(user(), gateway).stages[2]
    assert (result.class_, result.who, result.field) == ("federation", "console administrator", "account")
    assert "token" not in tenant.journal.counts
    assert not any(entry["password"] for entry in tenant.journal.entries)


def test_a_realm_that_is_missing_is_asked_again_next_time(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    entra = {"x-ms-request-id": "a"}
    tenant.fault(kind="garbage", match={"endpoint": "realm"}, status=404, headers=entra, times=1)
    assert run(user(), gateway).status == "ok"
    assert run(user(), gateway).status == "ok"
    assert tenant.journal.counts["realm"] == 2


def test_an_unknown_realm_points_at_the_account(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="document", match={"endpoint": "realm"}, fields={"account_type": "Unknown"})
    tenant.fault(kind="aadsts", code=50126)
    result = run(user(), gateway).stages[2]
    assert (result.code, result.cause, result.field) == ("AADSTS50126", "account_unknown", "account")


def test_a_wrong_password_is_sent_once(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    result = run(user(password=Secret("wrong password")), gateway).stages[2]
    assert (result.code, result.field, result.retry) == ("AADSTS50126", "password", False)
    assert tenant.journal.counts["token"] == 1


def test_a_cut_connection_does_not_repeat_a_password(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    run(user(), gateway)
    tenant.journal.clear()
    tenant.fault(kind="close", match={"endpoint": "token"}, part="before")
    assert run(user(), gateway).stages[2].code == "closed"
    assert tenant.journal.counts["token"] == 1


@pytest.mark.parametrize(
    "account", ["kärnten@halden-energie.example", "o'hara+x@halden-energie.example", "a%b@halden-energie.example"]
)
def test_the_realm_is_asked_for_this_very_name(gateway: Gateway, user: Make, tenant: DemoTenant, account: str) -> None:
    run(user(account=account, mailbox=account), gateway)
    realms = [entry["username"] for entry in tenant.journal.entries if entry["endpoint"] == "realm"]
    assert realms == ([] if "%" in account else [account])


def test_no_refresh_token_is_asked_for(gateway: Gateway, user: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies: list[bytes] = []
    request = gateway.http.request

    def note(method: str, url: str, **options: object) -> object:
        bodies.append(options.get("body") or b"")  # type: ignore[arg-type]
        return request(method, url, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(gateway.http, "request", note)
    assert run(user(), gateway).status == "ok"
    posted = b"".join(bodies)
    assert b"grant_type=password" in posted
    assert b"offline_access" not in posted
    assert b"client_secret" not in posted


@pytest.mark.parametrize("name", ["MSAL_FORCE_REGION", "REGION_NAME"])
def test_a_region_in_the_environment_changes_nothing(
    gateway: Gateway, service: Make, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "westeurope")
    assert run(service(), gateway).status == "ok"


def test_oauth_user_warns_nobody(gateway: Gateway, user: Make) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run(user(), gateway).status == "ok"


def test_many_users_do_not_wear_out_a_cache(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="aadsts", code=50034)
    codes = {run(user(account=f"user{number}@halden-energie.example"), gateway).stages[2].code for number in range(60)}
    assert codes == {"AADSTS50034"}
    assert tenant.journal.counts["token"] == 60


def test_the_caches_keep_nothing() -> None:
    http, tokens = NoHttpCache(), NullTokenCache()
    http["a"] = 1
    tokens.add({"response": {"access_token": "x"}})
    assert not http
    assert not list(tokens.search("AccessToken"))


@pytest.mark.parametrize(
    "url",
    ["https://login.microsoftonline.com/common/discovery/instance", "https://sts.halden-energie.example/mex",
     "https://login.microsoftonline.com/common/userrealm/x@y.example"],
)  # fmt: skip
def test_msal_gets_no_other_page(gateway: Gateway, service: Make, url: str) -> None:
    document = gateway.discover("login.microsoftonline.com", service().tenant)
    with pytest.raises(TransportError, match="not needed"):
        MsalHttp(gateway.http, document).get(url)


def test_msal_posts_nowhere_else(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    document = gateway.discover("login.microsoftonline.com", service().tenant)
    with pytest.raises(TransportError, match="elsewhere"):
        MsalHttp(gateway.http, document).post("https://login.microsoftonline.com/other/token", data={"a": "b"})
    assert "token" not in tenant.journal.counts


def test_logs_at_debug_level_hold_no_secret(
    gateway: Gateway, service: Make, user: Make, tenant: DemoTenant, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    subjects = [service(), user()]
    for subject in subjects:
        run(subject, gateway)
    tenant.fault(kind="garbage", match={"endpoint": "token"}, message="not json")
    for subject in subjects:
        run(subject, gateway)
    secrets = [secret.reveal() for subject in subjects for secret in subject.secrets]
    assert not [secret for secret in secrets if secret in caplog.text]
    assert "eyJ" not in caplog.text


def test_a_secret_leaves_for_no_foreign_endpoint_even_if_asked(gateway: Gateway, service: Make) -> None:
    document = replace(
        gateway.discover("login.microsoftonline.com", service().tenant), token_endpoint="https://evil.example/token"
    )
    with pytest.raises(TransportError) as caught:
        gateway.service_token(service(), document)
    assert caught.value.kind == "forbidden_host"


def test_a_token_from_msals_memory_is_none(gateway: Gateway, service: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered = [{"secret": "old", "expires_on": "9999999999", "token_type": "Bearer"}]
    monkeypatch.setattr(NullTokenCache, "search", lambda *_args, **_query: iter(remembered))
    result = run(service(), gateway).stages[2]
    assert (result.outcome, result.code) == ("broken", "garbage")
