"""The tenant of the External Outgoing Mail Server: each slip has its own message."""

import pytest
from django.db import IntegrityError

from mailsettings.models import OutgoingServer
from tests.mailsettings.typed import CLIENT, LOGIN, SECRET, messages, outgoing_form, outgoing_place
from tests.people import TENANT, incoming, outgoing
from tests.rules import Rule, rule

TENANT_FIELD = outgoing_place("IP Address or Name of Mail Server", "tenant")
pytestmark = pytest.mark.django_db


@rule(
    TENANT_FIELD,
    "required when enabled",
    "",
    "Enter the tenant ID of the Office 365 system: an enabled server needs it.",
    constraint="outgoing_enabled_is_complete",
    past={"tenant": ""},
)
@rule(
    TENANT_FIELD,
    "no URL of another host",
    "https://outlook.office365.com/owa",
    "This is a URL, and none of Microsoft's login addresses. Enter the tenant ID alone, a GUID or a domain name such "
    "as contoso.onmicrosoft.com.",
)
@rule(
    TENANT_FIELD,
    "no URL of a lookalike host",
    f"https://login.micros0ftonline.com/{TENANT}",
    "This is a URL, and none of Microsoft's login addresses. Enter the tenant ID alone, a GUID or a domain name such "
    "as contoso.onmicrosoft.com.",
)
@rule(
    TENANT_FIELD,
    "no URL without a tenant",
    f"{LOGIN}/",
    "This login address names no tenant. Enter the tenant ID alone, a GUID or a domain name such as "
    "contoso.onmicrosoft.com.",
)
@rule(
    TENANT_FIELD,
    "no URL of another kind",
    "smtp://smtp.office365.com:587",
    "This is a URL, and none of Microsoft's login addresses. Enter the tenant ID alone, a GUID or a domain name such "
    "as contoso.onmicrosoft.com.",
)
@rule(
    TENANT_FIELD,
    "no login address alone",
    "login.microsoftonline.com",
    "This login address names no tenant. Enter the tenant ID alone, a GUID or a domain name such as "
    "contoso.onmicrosoft.com.",
)
@rule(
    TENANT_FIELD,
    "/common refused with the reason",
    f"{LOGIN}/common/oauth2/v2.0/token",
    "“common” stands for any tenant, but a mail server signs in at one tenant of its own. Enter the tenant ID of the "
    "Office 365 system.",
)
@rule(
    TENANT_FIELD,
    "organizations refused with the reason",
    "organizations",
    "“organizations” stands for any work tenant, but a mail server signs in at one tenant of its own. Enter the "
    "tenant ID of the Office 365 system.",
)
@rule(
    TENANT_FIELD,
    "consumers refused with the reason",
    "consumers",
    "“consumers” stands for personal accounts, but a mail server signs in at one tenant of its own. Enter the tenant "
    "ID of the Office 365 system.",
)
@rule(
    TENANT_FIELD,
    "no IP address",
    "10.20.30.40",
    "With OAuth no IP address goes here. Enter the tenant ID of the Office 365 system, a GUID or a domain name such "
    "as contoso.onmicrosoft.com.",
)
@rule(
    TENANT_FIELD,
    "no IP address with a port",
    "10.20.30.40:25",
    "With OAuth no IP address goes here. Enter the tenant ID of the Office 365 system, a GUID or a domain name such "
    "as contoso.onmicrosoft.com.",
)
@rule(
    TENANT_FIELD,
    "no IPv6 address",
    "[2001:db8::25]",
    "With OAuth no IP address goes here. Enter the tenant ID of the Office 365 system, a GUID or a domain name such "
    "as contoso.onmicrosoft.com.",
)
@rule(
    TENANT_FIELD,
    "no SMTP host",
    "smtp.office365.com",
    "With OAuth no mail server's name goes here. Enter the tenant ID of the Office 365 system, a GUID or a domain "
    "name such as contoso.onmicrosoft.com.",
)
@rule(
    TENANT_FIELD,
    "no IMAP host",
    "imap.contoso.com",
    "With OAuth no mail server's name goes here. Enter the tenant ID of the Office 365 system, a GUID or a domain "
    "name such as contoso.onmicrosoft.com.",
)
@rule(
    TENANT_FIELD,
    "no e-mail address",
    "support@contoso.com",
    "This is an e-mail address. Enter the tenant alone: contoso.com, or its GUID.",
)
@rule(
    TENANT_FIELD,
    "a secret belongs elsewhere",
    SECRET,
    "This looks like a client secret, so it is not shown again. It belongs in the field Password.",
)
@rule(
    TENANT_FIELD,
    "no placeholder GUID",
    "00000000-0000-0000-0000-000000000000",
    "This GUID of one digit over and over is a placeholder. Copy Directory (tenant) ID on the app's Overview page in "
    "Entra.",
    constraint="outgoing_tenant_is_guid_or_domain",
    past={"tenant": "00000000-0000-0000-0000-000000000000"},
)
@rule(
    TENANT_FIELD,
    "no placeholder of instructions",
    "<tenant ID>",
    "This is the placeholder of some instructions. Copy Directory (tenant) ID on the app's Overview page in Entra.",
)
@rule(
    TENANT_FIELD,
    "a whole GUID",
    TENANT[:-2],
    "A GUID has 32 digits, this has 30: some went missing or astray. Copy it anew: Directory (tenant) ID on the "
    "app's Overview page in Entra.",
)
@rule(
    TENANT_FIELD,
    "a GUID or a domain",
    "contoso",
    "This is neither a GUID nor a domain name. Enter the tenant ID of the Office 365 system, a GUID or a domain name "
    "such as contoso.onmicrosoft.com.",
    constraint="outgoing_tenant_is_guid_or_domain",
    past={"tenant": "contoso"},
)
@rule(
    TENANT_FIELD,
    "no blank inside",
    "contoso onmicrosoft.com",
    "This is neither a GUID nor a domain name. Enter the tenant ID of the Office 365 system, a GUID or a domain name "
    "such as contoso.onmicrosoft.com.",
)
@rule(TENANT_FIELD, "no NUL", "contoso\x00.com", "A control character is in here. Take it out, or type the text anew.")
def test_a_wrong_value_is_refused_with_its_own_message(case: Rule) -> None:
    assert messages(outgoing_form(**case.typed), case) == [case.message]


def test_the_database_refuses_it_too(past: Rule) -> None:
    outgoing()

    with pytest.raises(IntegrityError, match=past.constraint):
        OutgoingServer.objects.update(**past.past)


@rule(
    TENANT_FIELD,
    "not an incoming server's client ID",
    CLIENT,
    "This is the client ID of an incoming server, not a tenant ID. Copy Directory (tenant) ID on the app's Overview "
    "page in Entra.",
)
def test_an_incoming_servers_client_id_is_no_tenant(case: Rule) -> None:
    incoming(client_id=CLIENT)
    typed = case.typed | {"server_user": "1b671a64-40d5-491e-99b0-da01ff1f3341"}

    assert messages(outgoing_form(**typed), case) == [case.message]


@pytest.mark.parametrize(
    ("typed", "tenant"),
    [
        (f" {TENANT.upper()} ", TENANT),
        (f"{{{TENANT}}}", TENANT),
        ("Contoso.OnMicrosoft.com", "contoso.onmicrosoft.com"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_a_bare_tenant_is_taken(typed: str, tenant: str) -> None:
    form = outgoing_form(tenant=typed)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["tenant"] == tenant
    assert form.notices() == []


@rule(
    TENANT_FIELD,
    "a login URL is reduced to its tenant",
    f"{LOGIN}/{TENANT}/oauth2/v2.0/token",
    "The login URL was reduced to its tenant: 3f2a0c1e-5b7d-4c69-9a55-0d2b6f1e8a11.",
    where="notice",
)
@rule(
    TENANT_FIELD,
    "the same without https://",
    f"login.microsoftonline.com/{TENANT}/",
    "The login URL was reduced to its tenant: 3f2a0c1e-5b7d-4c69-9a55-0d2b6f1e8a11.",
    where="notice",
)
def test_a_pasted_login_url_is_reduced_saying_so(case: Rule) -> None:
    form = outgoing_form(**case.typed)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["tenant"] == TENANT
    assert form.notices() == [case.message]


@rule(
    TENANT_FIELD,
    "another tenant than incoming",
    CLIENT,
    "These incoming servers name another tenant: Berlin, Paris, Rom and 1 more. Check that both are meant.",
    where="notice",
)
def test_another_tenant_than_incoming_is_pointed_out(case: Rule) -> None:
    for name in ("Berlin", "Paris", "Rom", "Wien"):
        incoming(name=name)
    form = outgoing_form(**case.typed, server_user="1b671a64-40d5-491e-99b0-da01ff1f3341")

    assert form.is_valid(), form.errors
    assert form.notices() == [case.message]
