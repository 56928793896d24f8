"""Mail through Graph: taken for who may send it, refused as Exchange refuses it, and never gone anywhere."""

import json

import pytest

from demo import names
from demo.server import DemoTenant
from demo.world import App, Tenant
from tests.demo.client import GRAPH, Answer, Client

BOX = names.SHARED_MAILBOXES[0]
ANNA = "anna.lindqvist@halden-energie.example"


def send(client: Client, token: str, page: str, *recipients: str, body: str = "") -> Answer:
    message = {"message": {"subject": "x", "toRecipients": [{"emailAddress": {"address": to}} for to in recipients]}}
    return client.request(
        "POST", GRAPH, f"/v1.0/{page}/sendMail", body or json.dumps(message), Authorization=f"Bearer {token}"
    )


@pytest.fixture
def token(client: Client, form: dict[str, str]) -> str:
    return str(client.token(names.HALDEN, form).json["access_token"])


def test_an_app_with_the_right_sends(client: Client, token: str, tenant: DemoTenant) -> None:
    answer = send(client, token, f"users/{BOX}", "a@contoso.example", "b@contoso.example")
    assert (answer.status, answer.body) == (202, b"")
    entry = tenant.journal.entries[-1]
    assert (entry["mailbox"], entry["recipients"]) == (BOX, ["a@contoso.example", "b@contoso.example"])


def test_without_the_right_it_is_denied(client: Client, form: dict[str, str], app: App, tenant: DemoTenant) -> None:
    app.roles = ["Mail.ReadWrite"]
    token = client.token(names.HALDEN, form).json["access_token"]
    answer = send(client, token, f"users/{BOX}", "a@contoso.example")
    assert (answer.status, answer.json["error"]["code"]) == (403, "ErrorAccessDenied")
    assert tenant.journal.entries[-1]["recipients"] == []
    app.management_scope = [BOX]
    assert send(client, token, f"users/{BOX}", "a@contoso.example").status == 202


def test_a_policy_keeps_an_app_out(client: Client, token: str, app: App) -> None:
    app.access_policy = []
    assert send(client, token, f"users/{BOX}", "a@contoso.example").json["error"]["code"] == "ErrorAccessDenied"


def test_an_account_sends_as_itself_and_as_whom_it_may(
    client: Client, password_form: dict[str, str], halden: Tenant
) -> None:
    token = client.token(names.HALDEN, password_form).json["access_token"]
    assert send(client, token, "me", "a@contoso.example").status == 202
    assert send(client, token, f"users/{BOX}", "a@contoso.example").json["error"]["code"] == "ErrorSendAsDenied"
    halden.accounts[ANNA].send_as.append(BOX)
    assert send(client, token, f"users/{BOX}", "a@contoso.example").status == 202


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("no JSON", "RequestBodyRead"),
        ("[]", "RequestBodyRead"),
        ('{"message": {}}', "RequestBodyRead"),
        ('{"message": {"toRecipients": []}}', "ErrorInvalidRecipients"),
        ('{"message": {"toRecipients": [{"emailAddress": {"address": "nobody"}}]}}', "ErrorInvalidRecipients"),
    ],
)
def test_a_message_to_nobody_is_refused(client: Client, token: str, body: str, code: str) -> None:
    answer = send(client, token, f"users/{BOX}", body=body)
    assert (answer.status, answer.json["error"]["code"]) == (400, code)


def test_a_mailbox_out_of_reach(client: Client, token: str) -> None:
    answer = send(client, token, f"users/{names.UNLICENSED}", "a@contoso.example")
    assert (answer.status, answer.json["error"]["code"]) == (404, "MailboxNotEnabledForRESTAPI")


def test_nothing_is_sent_by_getting(client: Client, token: str) -> None:
    answer = client.get(f"/v1.0/users/{BOX}/sendMail", GRAPH, Authorization=f"Bearer {token}")
    assert answer.status == 400
