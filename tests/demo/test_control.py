"""The control API, as a test in another process uses it."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from demo import names
from demo.server import DemoTenant
from tests.demo.client import SCOPE, Client

DISCOVERY = f"/{names.HALDEN}/v2.0/.well-known/openid-configuration"
ANNA = "anna.lindqvist@halden-energie.example"


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[DemoTenant]:
    """A tenant of its own, since changes made here are kept."""
    with DemoTenant(tmp_path) as tenant:
        yield tenant


def change(client: Client, **data: Any) -> int:
    return client.control("POST", "world", data).status


def test_a_fault_is_switched_on_and_off(client: Client) -> None:
    added = client.control("POST", "faults", {"kind": "status", "status": 502, "times": 5})
    assert client.get(DISCOVERY).status == 502
    [listed] = client.control("GET", "faults").json["faults"]
    assert (listed["id"], listed["hits"], listed["kind"]) == (added.json["id"], 1, "status")
    assert client.control("DELETE", "faults").json == {"faults": []}
    assert client.get(DISCOVERY).status == 200


def test_one_fault_is_taken_back_and_the_other_stays(client: Client) -> None:
    client.control("POST", "faults", {"kind": "status", "status": 502})
    second = client.control("POST", "faults", {"kind": "status", "status": 504}).json["id"]
    client.control("DELETE", f"faults/{second}")
    assert client.get(DISCOVERY).status == 502


@pytest.mark.parametrize(
    ("page", "data", "reason"),
    [
        ("faults", {"kind": "nonsense"}, "Unknown kind"),
        ("faults", {"kind": "status", "speed": 3}, "Unknown option"),
        ("faults", {"kind": "status", "status": "many"}, "wrong type"),
        ("faults", ["status"], "object"),
        ("world", {"kind": "app", "name": "nobody", "set": {}}, "no 'nobody'"),
        ("world", {"kind": "planet", "name": "x", "set": {}}, "Unknown kind"),
        ("world", {"kind": "account", "name": ANNA, "set": {"mfa": "yes"}}, "wrong type"),
        ("world", {"kind": "account", "name": ANNA, "set": {"colour": "red"}}, "colour"),
        ("world", {"kind": "account", "tenant": "nowhere.example", "add": {}}, "no tenant"),
        ("world", {}, "kind"),
    ],
)
def test_what_cannot_be_done_is_answered_with_the_reason(client: Client, page: str, data: object, reason: str) -> None:
    answer = client.control("POST", page, data)
    assert answer.status == 400
    assert reason in answer.json["error"]


def test_an_unknown_page_names_the_known_ones(client: Client) -> None:
    answer = client.control("GET", "secrets")
    assert answer.status == 404
    assert "GET requests" in answer.json["error"]


def test_the_log_counts_and_holds_no_secret(client: Client, form: dict[str, str]) -> None:
    client.get(DISCOVERY)
    client.token(names.HALDEN, form)
    answer = client.control("GET", "requests")
    assert answer.json["counts"] == {"connections": 1, "discovery": 1, "token": 1}
    entry = answer.json["entries"][-1]
    assert entry["secret"] == sha256(form["client_secret"].encode()).hexdigest()[:8]
    assert (entry["client_id"], entry["status"], entry["fault"]) == (form["client_id"], 200, "")
    assert form["client_secret"] not in answer.body.decode()


def test_the_log_holds_no_password_and_no_token(client: Client, password_form: dict[str, str]) -> None:
    token = client.token(names.HALDEN, password_form).json["access_token"]
    client.inbox(token, ANNA)
    log = client.control("GET", "requests")
    assert password_form["password"] not in log.body.decode()
    assert token not in log.body.decode()
    assert log.json["entries"][-1]["mailbox"] == ANNA


def test_the_log_is_forgotten(client: Client) -> None:
    client.get(DISCOVERY)
    assert client.control("DELETE", "requests").json == {"counts": {}, "entries": []}


def test_a_secret_is_changed(client: Client, form: dict[str, str]) -> None:
    assert change(client, kind="secret", name=form["client_id"], set={"value": "another"}) == 200
    assert client.token(names.HALDEN, form).json["error_codes"] == [7000215]
    assert client.token(names.HALDEN, form | {"client_secret": "another"}).status == 200


def test_a_secret_expires(client: Client, form: dict[str, str]) -> None:
    change(client, kind="secret", name=form["client_id"], set={"expires": "2020-01-01T00:00:00+00:00"})
    assert client.token(names.HALDEN, form).json["error_codes"] == [7000222]


def test_a_second_secret_is_added(client: Client, form: dict[str, str]) -> None:
    change(client, kind="secret", add={"client_id": form["client_id"], "value": "second"})
    assert client.token(names.HALDEN, form).status == 200
    assert client.token(names.HALDEN, form | {"client_secret": "second"}).status == 200


def test_consent_is_granted(client: Client, tenant: DemoTenant) -> None:
    secret = tenant.world.app(names.BILLING_APP).secrets[0].value
    grant = {"grant_type": "client_credentials", "client_id": names.BILLING_APP, "client_secret": secret}
    mailbox = "rechnung@halden-energie.example"
    token = client.token(names.HALDEN, grant | {"scope": SCOPE}).json["access_token"]
    assert client.inbox(token, mailbox).status == 403
    change(client, kind="app", name=names.BILLING_APP, set={"roles": ["Mail.ReadWrite"]})
    token = client.token(names.HALDEN, grant | {"scope": SCOPE}).json["access_token"]
    assert client.inbox(token, mailbox).status == 200


def test_mfa_is_asked_for(client: Client, password_form: dict[str, str]) -> None:
    change(client, kind="account", name=ANNA, set={"mfa": True})
    assert client.token(names.HALDEN, password_form).json["error_codes"] == [50076]


def test_tenants_apps_accounts_and_mailboxes_come_and_go(client: Client) -> None:
    id_ = "c9b0f2a1-2f5e-4a1c-8a54-1f1d7f3a9b10"
    assert change(client, kind="tenant", add={"id": id_, "name": "New", "domains": ["new.example"]}) == 200
    account = {"upn": "a@new.example", "password": "p", "object_id": id_}
    app = {"client_id": id_, "name": "App", "object_id": id_}
    assert change(client, kind="account", tenant="new.example", add=account) == 200
    assert change(client, kind="app", tenant="new.example", add=app) == 200
    assert change(client, kind="mailbox", tenant=id_, add={"address": "a@new.example"}) == 200
    seen = client.control("GET", "world").json[id_]
    assert seen["mailboxes"] == {"a@new.example": "ready"}
    assert seen["apps"] == {id_: "App"}
    for kind, name in (("mailbox", "a@new.example"), ("account", "a@new.example"), ("app", id_)):
        assert change(client, kind=kind, name=name, remove=True) == 200
    assert client.control("GET", "world").json[id_]["accounts"] == []
    assert change(client, kind="tenant", name=id_, remove=True) == 200
    assert id_ not in client.control("GET", "world").json


def test_the_world_is_shown_without_secrets(client: Client, tenant: DemoTenant) -> None:
    shown = client.control("GET", "world").body.decode()
    for organisation in tenant.world.tenants.values():
        for app in organisation.apps.values():
            assert not any(secret.value in shown for secret in app.secrets)
        assert not any(account.password in shown for account in organisation.accounts.values())


def test_a_change_outlives_the_process(client: Client, tenant: DemoTenant) -> None:
    change(client, kind="mailbox", name=ANNA, set={"state": "moving"})
    kept = json.loads((tenant.directory / "world.json").read_text())
    assert kept["tenants"][names.HALDEN]["mailboxes"][ANNA]["state"] == "moving"
    with DemoTenant(tenant.directory) as again:
        assert again.world.mailbox(ANNA).state == "moving"
