"""The Address of an incoming server: each rule and each slip has its own message."""

import pytest
from django.db import IntegrityError

from mailsettings.models import IncomingServer
from tests.mailsettings.typed import LOGIN, SECRET, incoming_form, incoming_place, messages
from tests.people import TENANT, incoming
from tests.rules import Rule, rule

ADDRESS = incoming_place("Address", "address")
pytestmark = pytest.mark.django_db


@rule(ADDRESS, "required", "", "Address is required: fill it in.")
@rule(
    ADDRESS,
    "the tenant ID alone is not enough",
    TENANT,
    "This is the tenant ID alone. Here the login address stands before it: "
    "https://login.microsoftonline.com/3f2a0c1e-5b7d-4c69-9a55-0d2b6f1e8a11",
)
@rule(
    ADDRESS,
    "a domain alone is not enough",
    "contoso.onmicrosoft.com",
    "This is a domain name alone. Enter https://login.microsoftonline.com/ and behind it the tenant's GUID: copy "
    "Directory (tenant) ID on the app's Overview page in Entra.",
)
@rule(
    ADDRESS,
    "an e-mail address belongs elsewhere",
    "support@contoso.com",
    "This is an e-mail address; it belongs on a queue. Here goes https://login.microsoftonline.com/<tenant ID>.",
)
@rule(
    ADDRESS,
    "a secret belongs elsewhere",
    SECRET,
    "This looks like a client secret, so it is not shown again. It belongs in the field Secret.",
)
@rule(
    ADDRESS,
    "https is spelt out",
    f"login.microsoftonline.com/{TENANT}",
    "The address begins with https://, as in https://login.microsoftonline.com/<tenant ID>. Add it.",
)
@rule(
    ADDRESS,
    "https only",
    f"http://login.microsoftonline.com/{TENANT}",
    "http:// would send secrets unencrypted. Write https:// in its place.",
)
@rule(ADDRESS, "no blank inside", f"{LOGIN} /{TENANT}", "There is a blank, a line break or a \\ inside. Take it out.")
@rule(
    ADDRESS,
    "no line break inside",
    f"{LOGIN}/\n{TENANT}",
    "There is a blank, a line break or a \\ inside. Take it out.",
)
@rule(
    ADDRESS,
    "no NUL or control character",
    f"{LOGIN}/{TENANT}\x00",
    "A control character is in here. Take it out, or type the text anew.",
)
@rule(
    ADDRESS,
    "no user name or password",
    f"https://admin:pass@login.microsoftonline.com/{TENANT}",
    "A user name or password stands before an @ in the address. Take out everything between https:// and the login "
    "address.",
)
@rule(
    ADDRESS,
    "no port",
    f"{LOGIN}:8443/{TENANT}",
    "Take out “:8443”: the login address is always reached at its own port, 443.",
)
@rule(
    ADDRESS,
    "known login host only",
    f"https://outlook.office365.com/{TENANT}",
    "“outlook.office365.com” is where Microsoft keeps mail, but is no login address that this console takes. Write "
    "login.microsoftonline.com.",
    constraint="incoming_login_host_known",
    past={"login_host": "outlook.office365.com"},
)
@rule(
    ADDRESS,
    "no login host that is closed",
    f"https://login.microsoftonline.de/{TENANT}",
    "login.microsoftonline.de belonged to Microsoft Cloud Deutschland, which closed in October 2021: no token comes "
    "from there. Its tenants were moved; write login.microsoftonline.com in its place, or for the German sovereign "
    "cloud login.sovcloud-identity.de.",
)
@rule(
    ADDRESS,
    "no page or service that issues no tokens",
    f"https://graph.microsoft.com/{TENANT}",
    "This is Microsoft Graph, where mail is read. Tokens come from login.microsoftonline.com: write that.",
)
@rule(
    ADDRESS,
    "no other host",
    f"https://signin.contoso.example/{TENANT}",
    "“signin.contoso.example” is none of Microsoft's login addresses. Use login.microsoftonline.com, or for a national "
    "cloud login.microsoftonline.us or login.partner.microsoftonline.cn.",
)
@rule(
    ADDRESS,
    "no host of Microsoft's that is for something else",
    f"https://device.login.microsoftonline.com/{TENANT}",
    "“device.login.microsoftonline.com” registers devices, but is no login address that this console takes. Write "
    "login.microsoftonline.com.",
)
@rule(
    ADDRESS,
    "no host of Microsoft's that is for something else: a national cloud",
    f"https://partner.microsoftonline.cn/{TENANT}",
    "“partner.microsoftonline.cn” is in a domain of Microsoft's, but is no login address that this console takes. "
    "Write login.partner.microsoftonline.cn.",
)
@rule(
    ADDRESS,
    "no IP address",
    f"https://[::1]:8443/{TENANT}",
    "“[::1]” is an IP address, and Microsoft's login addresses are names. Use login.microsoftonline.com.",
)
@rule(
    ADDRESS,
    "no IP address alone",
    "[2001:db8::25]",
    "This is an IP address. Here goes https://login.microsoftonline.com/<tenant ID>.",
)
@rule(
    ADDRESS,
    "a host that can be read",
    f"https://[mail]/{TENANT}",
    "No login address can be read after https://. Write https://login.microsoftonline.com/<tenant ID>.",
)
@rule(
    ADDRESS,
    "no full stop after the host",
    f"https://login.microsoftonline.com./{TENANT}",
    "Take out the full stop after the login address.",
)
@rule(
    ADDRESS,
    "no sign that passes for another in the tenant",
    f"{LOGIN}/{TENANT.replace('-', '–', 1)}",
    "The 43rd sign is an en dash (U+2013), which looks like “-”. Type “-” in its place.",
)
@rule(
    ADDRESS,
    "no sign that is written as in a URL",
    f"{LOGIN}/{TENANT}%0A",
    "“%0a” in it stands for a line break (U+000A). Take it out.",
)
@rule(
    ADDRESS,
    "the GUID alone behind the login address",
    f"{LOGIN}/common{TENANT}",
    "“common” stands before the GUID. Leave the GUID alone.",
)
@rule(
    ADDRESS,
    "no lookalike host: another alphabet",
    f"https://login.microsоftonline.com/{TENANT}",
    "“login.microsоftonline.com” only looks like a login address: the 13th sign in it is a Cyrillic small "
    "letter o (U+043E), which looks like “o”. Do not use it; type login.microsoftonline.com by hand.",
)
@rule(
    ADDRESS,
    "no lookalike host: another alphabet as xn--",
    f"https://login.xn--microsftonline-0zl.com/{TENANT}",
    "“login.microsоftonline.com” only looks like a login address: the 13th sign in it is a Cyrillic small "
    "letter o (U+043E), which looks like “o”. Do not use it; type login.microsoftonline.com by hand.",
)
@rule(
    ADDRESS,
    "no lookalike host: nearly the same",
    f"https://login.rnicrosoftonline.com/{TENANT}",
    "“login.rnicrosoftonline.com” is not Microsoft's, it only looks like login.microsoftonline.com. Type that by hand.",
)
@rule(
    ADDRESS,
    "no lookalike host: only its beginning",
    f"https://login.microsoftonline.com.evil.example/{TENANT}",
    "“login.microsoftonline.com.evil.example” is not Microsoft's: only its beginning is. Do not use it; the login "
    "address is login.microsoftonline.com.",
)
@rule(
    ADDRESS,
    "no lookalike host: only its beginning, of a domain",
    f"https://microsoftonline.com.evil.example/{TENANT}",
    "“microsoftonline.com.evil.example” is not Microsoft's: only its beginning is. Do not use it; the login address is "
    "login.microsoftonline.com.",
)
@rule(
    ADDRESS,
    "no lookalike host: a domain nearly the same",
    f"https://sso.micros0ftonline.com/{TENANT}",
    "“sso.micros0ftonline.com” is not Microsoft's, its domain only looks like microsoftonline.com. Do not use it; type "
    "login.microsoftonline.com by hand.",
)
@rule(
    ADDRESS,
    "the tenant ID is there",
    f"{LOGIN}/",
    "The tenant ID is missing after the login address. Copy Directory (tenant) ID on the app's Overview page in Entra.",
)
@rule(
    ADDRESS,
    "/common refused with the reason",
    f"{LOGIN}/common",
    "“common” stands for any tenant, but a mail server signs in at one tenant of its own. Put your Directory "
    "(tenant) ID in its place.",
)
@rule(
    ADDRESS,
    "/organizations refused with the reason",
    f"{LOGIN}/Organizations/",
    "“organizations” stands for any work tenant, but a mail server signs in at one tenant of its own. Put your "
    "Directory (tenant) ID in its place.",
)
@rule(
    ADDRESS,
    "/consumers refused with the reason",
    f"{LOGIN}/consumers",
    "“consumers” stands for personal accounts, but a mail server signs in at one tenant of its own. Put your "
    "Directory (tenant) ID in its place.",
)
@rule(
    ADDRESS,
    "the tenant of personal accounts refused",
    f"{LOGIN}/9188040d-6c67-4c5b-b112-36a304b66dad",
    "This is the tenant of all personal accounts, but a mail server signs in at one tenant of its own. Put your "
    "Directory (tenant) ID in its place.",
)
@rule(
    ADDRESS,
    "one path segment: no /oauth2/v2.0/token",
    f"{LOGIN}/{TENANT}/oauth2/v2.0/token",
    "Nothing follows the tenant ID. Take out “/oauth2/v2.0/token” at the end.",
)
@rule(
    ADDRESS,
    "one path segment: no /v2.0",
    f"{LOGIN}/{TENANT}/v2.0",
    "Nothing follows the tenant ID. Take out “/v2.0” at the end.",
)
@rule(
    ADDRESS,
    "no query",
    f"{LOGIN}/{TENANT}?api-version=1.0",
    "Nothing follows the tenant ID. Take out “?api-version=1.0” at the end.",
)
@rule(
    ADDRESS,
    "a GUID, not a domain",
    f"{LOGIN}/contoso.onmicrosoft.com",
    "The address takes the tenant's GUID, not its domain name. Copy Directory (tenant) ID on the app's Overview page "
    "in Entra.",
)
@rule(
    ADDRESS,
    "a GUID, not some word",
    f"{LOGIN}/contoso",
    "This is not a tenant ID: that is a GUID, 32 digits in five groups. Copy Directory (tenant) ID on the app's "
    "Overview page in Entra.",
)
@rule(
    ADDRESS,
    "a whole GUID",
    f"{LOGIN}/{TENANT[:-1]}",
    "A GUID has 32 digits, this has 31: some went missing or astray. Copy it anew: Directory (tenant) ID on the "
    "app's Overview page in Entra.",
)
@rule(
    ADDRESS,
    "no placeholder GUID",
    f"{LOGIN}/00000000-0000-0000-0000-000000000000",
    "This GUID of one digit over and over is a placeholder. Copy Directory (tenant) ID on the app's Overview page in "
    "Entra.",
    constraint="incoming_guids_no_placeholder",
    past={"tenant_id": "00000000-0000-0000-0000-000000000000"},
)
@rule(
    ADDRESS,
    "no placeholder of instructions",
    f"{LOGIN}/<tenant-ID>",
    "This is the placeholder of some instructions. Copy Directory (tenant) ID on the app's Overview page in Entra.",
)
def test_a_wrong_address_is_refused_with_its_own_message(case: Rule) -> None:
    assert messages(incoming_form(**case.typed), case) == [case.message]


def test_the_database_refuses_it_too(past: Rule) -> None:
    stored = IncomingServer.objects.filter(pk=incoming().pk)

    with pytest.raises(IntegrityError, match=past.constraint):
        stored.update(**past.past)


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        (f"  {LOGIN}/{TENANT}/ ", "login.microsoftonline.com"),
        (f"\ufeff{LOGIN}/{TENANT}\u200b", "login.microsoftonline.com"),
        (f"HTTPS://Login.MicrosoftOnline.com/{TENANT.upper()}", "login.microsoftonline.com"),
        (f"https://login.microsoftonline.us/{{{TENANT}}}", "login.microsoftonline.us"),
        (f"https://login.partner.microsoftonline.cn/{TENANT}", "login.partner.microsoftonline.cn"),
        (f"https://sts.windows.net/{TENANT}/", "sts.windows.net"),
    ],
)
def test_a_right_address_is_taken_and_trimmed(typed: str, host: str) -> None:
    form = incoming_form(address=typed)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["address"] == f"https://{host}/{TENANT}"


def test_nothing_secret_comes_back_with_the_address() -> None:
    pasted, signed = incoming_form(address=SECRET), incoming_form(address=f"https://admin:pass@host/{TENANT}")

    assert pasted["address"].value() == ""
    assert signed["address"].value() == f"https://host/{TENANT}"
