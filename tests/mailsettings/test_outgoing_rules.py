"""The External Outgoing Mail Server: each rule and each slip has its own message."""

import uuid

import pytest
from django.db import IntegrityError

from configurator.console.records.record import StaleVersion
from mailsettings.identifiers.pasted_secrets import NEW_VALUE
from mailsettings.models import OutgoingServer
from tests.mailsettings.typed import CLIENT, OUTGOING, SECRET, messages, outgoing_form, outgoing_place
from tests.people import TENANT, incoming, outgoing
from tests.rules import Rule, rule

ENABLE = outgoing_place("Enable External Outgoing Mail Server", "enabled")
TENANT_FIELD = outgoing_place("IP Address or Name of Mail Server", "tenant")
PORT = outgoing_place("Port", "port")
TYPE = outgoing_place("Authentication Type", "authentication_type")
USER = outgoing_place("Server User", "server_user")
TICK = outgoing_place("Set Password", "set_password")
PASSWORD = outgoing_place("Password", "password")
NO_PASSWORD = {"set_password": "", "password": ""}
pytestmark = pytest.mark.django_db


@rule(
    PORT,
    "1 to 65535: not 0",
    "0",
    "A port is a whole number from 1 to 65535; leave it empty for 443.",
    constraint="outgoing_port_in_range",
    past={"port": 0},
)
@rule(
    PORT,
    "1 to 65535: not more",
    "65536",
    "A port is a whole number from 1 to 65535; leave it empty for 443.",
    constraint="outgoing_port_in_range",
    past={"port": 65536},
)
@rule(PORT, "1 to 65535: not less", "-443", "A port is a whole number from 1 to 65535; leave it empty for 443.")
@rule(PORT, "1 to 65535: nothing huge", "9" * 5000, "A port is a whole number from 1 to 65535; leave it empty for 443.")
@rule(PORT, "a whole number", "443.5", "A port is a whole number from 1 to 65535; leave it empty for 443.")
@rule(PORT, "a number", "https", "A port is a whole number from 1 to 65535; leave it empty for 443.")
@rule(PORT, "no NUL", "44\x003", "A port is a whole number from 1 to 65535; leave it empty for 443.")
@rule(
    TYPE,
    "OAuth Service alone",
    "oauth_user",
    "Choose OAuth Service: it is the type for OAuth.",
    constraint="outgoing_type_known",
    past={"authentication_type": "x"},
)
@rule(
    USER,
    "required when enabled",
    "",
    "Enter the client ID of the app: an enabled server needs it.",
    constraint="outgoing_enabled_is_complete",
    past={"server_user": None},
)
@rule(
    USER,
    "a GUID",
    "smtp-user",
    "This is not a client ID: that is a GUID, 32 digits in five groups. Copy Application (client) ID on the app's "
    "Overview page in Entra.",
)
@rule(
    USER,
    "an e-mail address belongs elsewhere",
    "support@contoso.com",
    "This is an e-mail address; it belongs on a queue's address. Copy Application (client) ID on the app's Overview "
    "page in Entra.",
)
@rule(
    USER,
    "a secret belongs elsewhere",
    SECRET,
    "This looks like a client secret, so it is not shown again. It belongs in the field Password; here goes "
    "Application (client) ID on the app's Overview page in Entra.",
)
@rule(
    USER,
    "no placeholder GUID",
    "00000000-0000-0000-0000-000000000000",
    "This GUID of one digit over and over is a placeholder. Copy Application (client) ID on the app's Overview page "
    "in Entra.",
    constraint="outgoing_user_is_no_tenant",
    past={"server_user": "00000000-0000-0000-0000-000000000000"},
)
@rule(
    USER,
    "not the tenant ID",
    TENANT,
    "This is the tenant ID again. The client ID is another GUID: copy Application (client) ID on the app's Overview "
    "page in Entra.",
    constraint="outgoing_user_is_no_tenant",
    past={"server_user": TENANT},
)
@rule(
    TICK,
    "ticked for the first password",
    NO_PASSWORD,
    "No password is stored yet: tick Set Password and enter the client secret.",
    constraint="outgoing_enabled_is_complete",
    past={"password_id": None},
)
@rule(
    TICK,
    "ticked where a password is typed",
    {"set_password": ""},
    "A password was typed but Set Password is not ticked. Tick it, or clear the password.",
)
@rule(
    PASSWORD,
    "a tick opens it: required then",
    "",
    "Set Password is ticked: enter the client secret, or clear the tick to keep the stored one.",
)
@rule(
    PASSWORD,
    "not the Secret ID",
    CLIENT,
    "This is the Secret ID, not the secret. In Entra, Certificates & secrets, copy the column Value; it is shown "
    "only right after the secret is made, so you may have to make a new one.",
)
@rule(
    PASSWORD,
    "not the masked secret",
    "abc●●●●●●●●",
    "This is the secret as it is masked later. In Entra, Certificates & secrets, copy the column Value; it is "
    "shown only right after the secret is made, so you may have to make a new one.",
)
@rule(
    PASSWORD,
    "no blanks around",
    f" {SECRET} ",
    "It begins or ends with a blank. Entra's secrets never do. Copy the Value again, without the blanks.",
)
@rule(PASSWORD, "no NUL", f"{SECRET}\x00", "A control character is in here. Take it out, or type the text anew.")
@rule(PASSWORD, "at most 256 characters", "ä" * 257, f"This is longer than any client secret. {NEW_VALUE}")
def test_a_wrong_value_is_refused_with_its_own_message(case: Rule) -> None:
    assert messages(outgoing_form(**case.typed), case) == [case.message]


@rule(
    outgoing_place("(the record)", "id"),
    "one record",
    {},
    "",
    where="service",
    constraint="outgoing_is_one_record",
    past={"id": uuid.UUID(int=2)},
)
def test_there_is_one_record(case: Rule) -> None:
    outgoing()

    with pytest.raises(StaleVersion):
        outgoing(enabled=False)
    assert OutgoingServer.objects.get().enabled


def test_the_database_refuses_it_too(past: Rule) -> None:
    outgoing()

    with pytest.raises(IntegrityError, match=past.constraint):
        OutgoingServer.objects.update(**past.past)


@rule(
    USER,
    "not an incoming server's tenant ID",
    {"tenant": CLIENT, "server_user": TENANT},
    "This is the tenant ID of an incoming server, not a client ID. Copy Application (client) ID on the app's "
    "Overview page in Entra.",
)
def test_an_incoming_servers_tenant_is_no_client_id(case: Rule) -> None:
    incoming()

    assert messages(outgoing_form(**case.typed), case) == [case.message]


def test_while_it_is_off_nothing_is_required() -> None:
    typed = dict.fromkeys(OUTGOING, "") | {"authentication_type": "oauth_service"}
    form = outgoing_form(**typed)

    assert form.is_valid(), form.errors


def test_an_empty_port_means_443() -> None:
    form = outgoing_form(port="")

    assert form.is_valid(), form.errors
    assert form.instance.port is None
    assert form.instance.effective_port == 443


def test_a_secret_pasted_elsewhere_does_not_come_back() -> None:
    form = outgoing_form(tenant=SECRET, server_user=SECRET)

    assert SECRET not in "".join(str(form[name]) for name in form.fields)
