"""Inboxes behind Graph, decided from the token's claims and the world."""

import pytest

from demo import names
from demo.mailboxes import DISABLED, STATES
from demo.server import DemoTenant
from demo.world import App, Mailbox, Tenant
from tests.demo.client import GRAPH, Client

SHARED = "kundenservice@halden-energie.example"
ANNA = "anna.lindqvist@halden-energie.example"
JONAS = "jonas.weber@halden-energie.example"


@pytest.fixture
def token(client: Client, form: dict[str, str]) -> str:
    """An app-only token with the right roles."""
    return str(client.token(names.HALDEN, form).json["access_token"])


@pytest.fixture
def user_token(client: Client, password_form: dict[str, str]) -> str:
    """A user's token with the right scopes."""
    return str(client.token(names.HALDEN, password_form).json["access_token"])


def test_an_app_opens_the_inbox(client: Client, token: str, halden: Tenant) -> None:
    answer = client.inbox(token, SHARED)
    mailbox = halden.mailboxes[SHARED]
    assert answer.status == 200
    assert answer.json["totalItemCount"] == mailbox.total
    assert answer.json["unreadItemCount"] == mailbox.unread
    assert set(answer.json) == {"@odata.context", "id", "totalItemCount", "unreadItemCount"}


def test_without_a_selection_all_fields_come(client: Client, token: str) -> None:
    answer = client.get(f"/v1.0/users/{SHARED}/mailFolders/inbox", GRAPH, Authorization=f"Bearer {token}")
    assert answer.json["displayName"] == "Inbox"


def test_the_folder_is_found_by_its_own_id(client: Client, token: str) -> None:
    id_ = client.inbox(token, SHARED).json["id"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(f"/v1.0/users/{SHARED}/mailFolders/{id_}", GRAPH, **headers).status == 200
    gone = client.get(f"/v1.0/users/{SHARED}/mailFolders/AQMkGone", GRAPH, **headers)
    assert (gone.status, gone.json["error"]["code"]) == (404, "ErrorItemNotFound")


@pytest.mark.parametrize("address", ["kundtjanst@fjällkraft.example", "kundtjanst@xn--fjllkraft-w2a.example"])
def test_an_international_domain_is_found_in_both_spellings(client: Client, token: str, address: str) -> None:
    assert client.inbox(token, address).status == 200


def test_an_alias_and_the_owner_lead_to_the_mailbox(client: Client, token: str, halden: Tenant) -> None:
    halden.add(
        Mailbox("box@halden-energie.example", owner="o.wner@halden-energie.example", aliases=["a@halden.example"])
    )
    assert client.inbox(token, "o.wner@halden-energie.example").status == 200
    assert client.inbox(token, "a@halden.example").status == 200


def test_without_a_role_access_is_denied(client: Client, form: dict[str, str], app: App) -> None:
    app.roles = []
    answer = client.inbox(client.token(names.HALDEN, form).json["access_token"], SHARED)
    assert answer.status == 403
    assert answer.json["error"]["code"] == "ErrorAccessDenied"
    assert answer.json["error"]["message"] == "Access is denied. Check credentials and try again."


def test_a_management_scope_needs_no_role(client: Client, form: dict[str, str], app: App) -> None:
    app.roles, app.management_scope = [], [SHARED]
    token = client.token(names.HALDEN, form).json["access_token"]
    assert client.inbox(token, SHARED).status == 200
    assert client.inbox(token, "service@halden-energie.example").status == 403


def test_an_access_policy_shuts_the_other_mailboxes(client: Client, token: str, app: App) -> None:
    app.access_policy = ["service@halden-energie.example"]
    answer = client.inbox(token, SHARED)
    assert (answer.status, answer.json["error"]["message"]) == (403, DISABLED)
    assert client.inbox(token, "service@halden-energie.example").status == 200


def test_an_unknown_user(client: Client, token: str) -> None:
    answer = client.inbox(token, "nobody@halden-energie.example")
    assert (answer.status, answer.json["error"]["code"]) == (404, "ErrorInvalidUser")
    assert "'nobody@halden-energie.example'" in answer.json["error"]["message"]


def test_a_user_without_a_mailbox(client: Client, token: str, halden: Tenant) -> None:
    del halden.mailboxes[ANNA]
    assert client.inbox(token, ANNA).json["error"]["code"] == "MailboxNotEnabledForRESTAPI"


@pytest.mark.parametrize("state", [state for state in STATES if state != "ready"])
def test_each_state_of_a_mailbox_has_its_answer(client: Client, token: str, tenant: DemoTenant, state: str) -> None:
    tenant.world.mailbox(SHARED).state = state
    answer = client.inbox(token, SHARED)
    assert (answer.status, answer.json["error"]["code"]) == STATES[state][:2]


def test_a_user_opens_the_own_inbox(client: Client, user_token: str) -> None:
    assert client.inbox(user_token, ANNA).status == 200
    headers = {"Authorization": f"Bearer {user_token}"}
    assert client.get("/v1.0/me/mailFolders/inbox", GRAPH, **headers).status == 200


def test_a_user_opens_another_mailbox_only_with_full_access(client: Client, user_token: str, halden: Tenant) -> None:
    assert client.inbox(user_token, JONAS).json["error"]["code"] == "ErrorAccessDenied"
    halden.accounts[ANNA].full_access = [JONAS]
    assert client.inbox(user_token, JONAS).status == 200


def test_a_user_without_the_scope_is_denied(client: Client, password_form: dict[str, str]) -> None:
    password_form["scope"] = "https://graph.microsoft.com/Mail.Send"
    token = client.token(names.HALDEN, password_form).json["access_token"]
    assert client.inbox(token, ANNA).json["error"]["code"] == "ErrorAccessDenied"


def test_me_is_nobody_for_an_app(client: Client, token: str) -> None:
    answer = client.get("/v1.0/me/mailFolders/inbox", GRAPH, Authorization=f"Bearer {token}")
    assert answer.status == 400
    assert "delegated authentication flow" in answer.json["error"]["message"]


def test_no_token_is_refused(client: Client) -> None:
    answer = client.get(f"/v1.0/users/{SHARED}/mailFolders/inbox", GRAPH)
    assert answer.status == 401
    assert answer.json["error"]["code"] == "InvalidAuthenticationToken"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("bad", ["opaque", "a.b.c", "é.é.é"])
def test_a_foreign_token_is_refused(client: Client, bad: str) -> None:
    assert client.inbox(bad, SHARED).json["error"]["code"] == "InvalidAuthenticationToken"


def test_a_changed_token_is_refused(client: Client, token: str) -> None:
    head, payload, signature = token.split(".")
    assert client.inbox(f"{head}.{payload[:-2]}AA.{signature}", SHARED).status == 401


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"aud": "https://outlook.office365.com"}, "Invalid audience"),
        ({"exp": 1}, "expired"),
        ({"tid": names.WRONG_TENANT}, "validation failure"),
    ],
)
def test_a_token_for_something_else_is_refused(
    client: Client, tenant: DemoTenant, form: dict[str, str], fields: dict[str, object], words: str
) -> None:
    tenant.fault(kind="claims", fields=fields)
    answer = client.inbox(client.token(names.HALDEN, form).json["access_token"], SHARED)
    assert answer.status == 401
    assert words in answer.json["error"]["message"]


def test_the_answer_carries_the_ids(client: Client, token: str) -> None:
    sent = "5c0b7f0e-8f0a-4a55-9a8c-1c8f5d1f6a33"
    headers = {"Authorization": f"Bearer {token}", "client_request_id": sent}
    answer = client.get(f"/v1.0/users/{SHARED}/mailFolders/outbox", GRAPH, **headers)
    assert answer.headers["client-request-id"] == sent == answer.json["error"]["innerError"]["client-request-id"]
    assert answer.headers["request-id"]
    assert "ServerInfo" in answer.headers["x-ms-ags-diagnostic"]


def test_another_resource_is_not_there(client: Client, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/v1.0/users/x/calendars", GRAPH, **headers).status == 400
    assert client.request("DELETE", GRAPH, f"/v1.0/users/{SHARED}/mailFolders/inbox", **headers).status == 405
