"""The Client ID of an incoming server, and the GUIDs that get swapped: each slip has its own message."""

import pytest
from django.db import IntegrityError

from mailsettings.models import IncomingServer
from tests.mailsettings.typed import CLIENT, LOGIN, SECRET, incoming_form, incoming_place, messages
from tests.people import TENANT, incoming
from tests.rules import Rule, rule

ADDRESS = incoming_place("Address", "address")
CLIENT_ID = incoming_place("Client ID", "client_id")
pytestmark = pytest.mark.django_db


@rule(CLIENT_ID, "required", "", "Client ID is required: fill it in.")
@rule(
    CLIENT_ID,
    "a GUID",
    "Contact Centre Mail",
    "This is not a client ID: that is a GUID, 32 digits in five groups. Copy Application (client) ID on the app's "
    "Overview page in Entra.",
)
@rule(
    CLIENT_ID,
    "a whole GUID",
    CLIENT + "0",
    "A GUID has 32 digits, this has 33: some went missing or astray. Copy it anew: Application (client) ID on the "
    "app's Overview page in Entra.",
)
@rule(
    CLIENT_ID,
    "no sign that passes for another",
    CLIENT.replace("a", "\u0430", 1),
    f"The {CLIENT.index('a') + 1}th sign is a Cyrillic small letter a (U+0430), which looks like “a”. Type “a” in its "
    "place.",
)
@rule(
    CLIENT_ID,
    "the GUID alone",
    f"client_id={CLIENT}",
    "“client_id=” stands before the GUID. Leave the GUID alone.",
)
@rule(
    CLIENT_ID,
    "no placeholder GUID",
    "11111111-1111-1111-1111-111111111111",
    "This GUID of one digit over and over is a placeholder. Copy Application (client) ID on the app's Overview page "
    "in Entra.",
    constraint="incoming_guids_no_placeholder",
    past={"client_id": "00000000-0000-0000-0000-000000000000"},
)
@rule(
    CLIENT_ID,
    "no placeholder of instructions",
    "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
    "This is the placeholder of some instructions. Copy Application (client) ID on the app's Overview page in Entra.",
)
@rule(
    CLIENT_ID,
    "a secret belongs elsewhere",
    SECRET,
    "This looks like a client secret, so it is not shown again. It belongs in the field Secret; here goes "
    "Application (client) ID on the app's Overview page in Entra.",
)
@rule(
    CLIENT_ID,
    "an e-mail address belongs elsewhere",
    "support@contoso.com",
    "This is an e-mail address; it belongs on a queue's address. Copy Application (client) ID on the app's Overview "
    "page in Entra.",
)
@rule(
    CLIENT_ID,
    "not the Application ID URI",
    f"api://{CLIENT}",
    "This is the Application ID URI. The client ID is a GUID alone: copy Application (client) ID on the app's "
    "Overview page in Entra.",
)
@rule(
    CLIENT_ID,
    "no web address",
    f"{LOGIN}/{TENANT}",
    "This is a web address. The client ID is a GUID alone: copy Application (client) ID on the app's Overview page "
    "in Entra.",
)
@rule(
    CLIENT_ID,
    "no NUL or control character",
    f"{CLIENT[:8]}\x00{CLIENT[9:]}",
    "A control character is in here. Take it out, or type the text anew.",
)
@rule(
    CLIENT_ID,
    "not the tenant ID",
    TENANT,
    "This is the tenant ID again. The client ID is another GUID: copy Application (client) ID on the app's Overview "
    "page in Entra.",
    constraint="incoming_tenant_is_not_client",
    past={"client_id": TENANT},
)
def test_a_wrong_client_id_is_refused_with_its_own_message(case: Rule) -> None:
    assert messages(incoming_form(**case.typed), case) == [case.message]


def test_the_database_refuses_it_too(past: Rule) -> None:
    stored = IncomingServer.objects.filter(pk=incoming().pk)

    with pytest.raises(IntegrityError, match=past.constraint):
        stored.update(**past.past)


def test_a_secret_in_client_id_does_not_come_back() -> None:
    assert incoming_form(client_id=SECRET)["client_id"].value() == ""
    assert incoming_form(client_id="Contact Centre Mail")["client_id"].value() == "Contact Centre Mail"


@rule(
    CLIENT_ID,
    "not swapped with the tenant ID: another server has both",
    {"address": f"{LOGIN}/{CLIENT}", "client_id": TENANT},
    "Tenant ID and Client ID look swapped: Contoso support has them the other way round. Change places.",
)
def test_swapped_guids_are_found_by_another_server(case: Rule) -> None:
    incoming(client_id=CLIENT)

    assert messages(incoming_form(**case.typed), case) == [case.message]


@rule(
    CLIENT_ID,
    "not another server's tenant ID",
    {"address": f"{LOGIN}/{CLIENT}", "client_id": TENANT},
    "This is the tenant ID of another server, not a client ID. Copy Application (client) ID on the app's Overview "
    "page in Entra.",
)
def test_another_servers_tenant_is_no_client_id(case: Rule) -> None:
    incoming()

    assert messages(incoming_form(**case.typed), case) == [case.message]


@rule(
    ADDRESS,
    "not another server's client ID",
    {"address": f"{LOGIN}/{CLIENT}"},
    "The GUID in it is the client ID of another server, not a tenant ID. Copy Directory (tenant) ID on the app's "
    "Overview page in Entra.",
)
def test_another_servers_client_id_is_no_tenant(case: Rule) -> None:
    incoming(client_id=CLIENT)
    typed = case.typed | {"client_id": "1b671a64-40d5-491e-99b0-da01ff1f3341"}

    assert messages(incoming_form(**typed), case) == [case.message]


def test_swapped_guids_can_be_mended() -> None:
    wrong = incoming(tenant_id=CLIENT, client_id=TENANT)
    incoming(tenant_id=CLIENT, client_id=TENANT)
    IncomingServer.objects.update(status="broken")

    form = incoming_form(wrong)

    assert form.is_valid(), form.errors
