"""The block Numbers/Addresses: each rule and each slip has its own message."""

import pytest
from django.db import IntegrityError

from queues.forms.language import CHOOSE_LANGUAGE
from queues.models import QueueAddress
from tests.mailsettings.typed import messages
from tests.people import address, incoming, queue
from tests.queues.typed import PASSWORD, address_form, address_place
from tests.rules import Rule, rule

ADDRESS_FIELD = address_place("Address", "address")
PRIORITY = address_place("Priority", "priority")
LANGUAGE = address_place("Extension Language", "extension_language")
ACCOUNT = address_place("E-Mail Account", "account")
PASSWORD_FIELD = address_place("E-Mail Password", "password")
SERVER = address_place("E-Mail Server", "server")
pytestmark = pytest.mark.django_db


@rule(
    ADDRESS_FIELD,
    "required",
    "",
    "Address is required: fill it in.",
    constraint="address_is_full",
    past={"address": "", "address_key": ""},
)
@rule(
    ADDRESS_FIELD,
    "a full address",
    "support",
    "Enter the full address with its domain, as the Microsoft 365 admin centre shows it: name@contoso.com.",
    constraint="address_is_full",
    past={"address": "support", "address_key": "support"},
)
@rule(
    ADDRESS_FIELD,
    "a full address: something before the @",
    "@contoso.com",
    "Enter the full address with its domain, as the Microsoft 365 admin centre shows it: name@contoso.com.",
)
@rule(
    ADDRESS_FIELD,
    "a full address: the domain's ending",
    "support@contoso",
    "What stands after the @ is no whole domain name. Enter it with its ending, as in name@contoso.com.",
)
@rule(
    ADDRESS_FIELD,
    "a full address: no bare IP address",
    "support@[10.0.0.1]",
    "What stands after the @ is no whole domain name. Enter it with its ending, as in name@contoso.com.",
)
@rule(
    ADDRESS_FIELD,
    "no display name",
    "Support <support@contoso.com>",
    "Enter the address alone: without a display name, quotes, angle brackets or mailto:.",
)
@rule(
    ADDRESS_FIELD,
    "no mailto:",
    "mailto:support@contoso.com",
    "Enter the address alone: without a display name, quotes, angle brackets or mailto:.",
)
@rule(
    ADDRESS_FIELD,
    "one address: no comma",
    "a@contoso.com, b@contoso.com",
    "Enter one address alone. A queue takes several, each added by itself.",
)
@rule(
    ADDRESS_FIELD,
    "one address: no semicolon",
    "a@contoso.com;b@contoso.com",
    "Enter one address alone. A queue takes several, each added by itself.",
)
@rule(ADDRESS_FIELD, "no blank inside", "sup port@contoso.com", "There is a blank inside the address. Take it out.")
@rule(
    ADDRESS_FIELD,
    "no line break inside",
    "support@contoso\n.com",
    "The 16th sign is a line break (U+000A). Take it out.",
)
@rule(
    ADDRESS_FIELD,
    "no NUL",
    "sup\x00port@contoso.com",
    "The 4th sign is a null character (U+0000). Take it out.",
)
@rule(
    ADDRESS_FIELD,
    "only signs that an address has",
    "süpport@contoso.com",
    "The 2nd sign is a Latin small letter u with diaeresis (U+00FC). It cannot stand here: copy it again.",
)
@rule(
    ADDRESS_FIELD,
    "no sign that passes for another before the @",
    "supp\u043ert@contoso.com",
    "The 5th sign is a Cyrillic small letter o (U+043E), which looks like “o”. Type “o” in its place.",
)
@rule(
    ADDRESS_FIELD,
    "no sign that passes for another in the domain",
    "support@cont\u043eso.com",
    "The 13th sign is a Cyrillic small letter o (U+043E), which looks like “o”. Type “o” in its place. If the domain "
    "is really spelt so, enter it as xn--contso-zqf.com.",
)
@rule(
    ADDRESS_FIELD,
    "no full-width letter",
    "support@\uff43ontoso.com",
    "The 9th sign is a fullwidth Latin small letter c (U+FF43), which looks like “c”. Type “c” in its place.",
)
@rule(
    ADDRESS_FIELD,
    "at most 320 characters",
    "x" * 310 + "@contoso.com",
    "Shorten it: at most 320 characters fit, this has 322.",
)
@rule(
    PRIORITY,
    "from 1",
    "0",
    "Enter a whole number from 1 to 2147483647; the lowest value is the highest priority.",
    constraint="address_priority_from_1",
    past={"priority": 0},
)
@rule(
    PRIORITY,
    "not negative",
    "-1",
    "Enter a whole number from 1 to 2147483647; the lowest value is the highest priority.",
)
@rule(
    PRIORITY,
    "a whole number",
    "2.5",
    "Enter a whole number from 1 to 2147483647; the lowest value is the highest priority.",
)
@rule(
    PRIORITY,
    "a number",
    "first",
    "Enter a whole number from 1 to 2147483647; the lowest value is the highest priority.",
)
@rule(
    PRIORITY,
    "nothing huge",
    "9" * 5000,
    "Enter a whole number from 1 to 2147483647; the lowest value is the highest priority.",
)
@rule(
    LANGUAGE,
    "a language of the list",
    "Klingonian",
    CHOOSE_LANGUAGE,
    constraint="address_language_is_tag",
    past={"extension_language": "De"},
)
@rule(
    ACCOUNT,
    "required",
    "",
    "E-Mail Account is required: fill it in.",
    constraint="address_account_is_full",
    past={"account": ""},
)
@rule(
    ACCOUNT,
    "with its domain",
    "support",
    "The domain is missing. Enter the account's full user name (User principal name): name@contoso.com.",
    constraint="address_account_is_full",
    past={"account": "support"},
)
@rule(
    ACCOUNT,
    "no guest account",
    "anna_partner.com#EXT#@contoso.onmicrosoft.com",
    "This is a guest account, which cannot be used here. Enter an account of the tenant itself.",
    constraint="address_account_is_full",
    past={"account": "anna_partner.com#Ext#@contoso.onmicrosoft.com"},
)
@rule(
    ACCOUNT,
    "no Windows sign-in name",
    "CONTOSO\\support",
    "This is a Windows sign-in name. Enter the user name that Microsoft 365 has, with its domain: name@contoso.com.",
    constraint="address_account_is_full",
    past={"account": "CONTOSO\\support@contoso.com"},
)
@rule(
    ACCOUNT,
    "no display name",
    "Support <support@contoso.com>",
    "Enter the address alone: without a display name, quotes, angle brackets or mailto:.",
)
@rule(
    ACCOUNT,
    "one account",
    "a@contoso.com;b@contoso.com",
    "Enter one address alone. A queue takes several, each added by itself.",
)
@rule(ACCOUNT, "no blank inside", "sup port@contoso.com", "There is a blank inside the address. Take it out.")
@rule(ACCOUNT, "no NUL", "support@contoso.com\x00", "The 20th sign is a null character (U+0000). Take it out.")
@rule(SERVER, "required", "", "Choose the server that the mailbox is read through, by name and address.")
@rule(
    SERVER,
    "one of those stored",
    "3f2a0c1e-5b7d-4c69-9a55-0d2b6f1e8a11",
    "Choose the server that the mailbox is read through, by name and address.",
)
@rule(
    SERVER,
    "one of those stored: no text",
    "Contoso\x00",
    "Choose the server that the mailbox is read through, by name and address.",
)
@rule(
    PASSWORD_FIELD,
    "OAuth Service: refused if sent",
    PASSWORD,
    "Contoso support is an OAuth Service server, which takes no password: clear it. The secret stands on the server.",
)
def test_a_wrong_value_is_refused_with_its_own_message(case: Rule) -> None:
    assert messages(address_form(queue(), incoming(), **case.typed), case) == [case.message]


def test_the_database_refuses_it_too(past: Rule) -> None:
    stored = QueueAddress.objects.filter(pk=address().pk)
    address(address="taken@contoso.example")

    with pytest.raises(IntegrityError, match=past.constraint):
        stored.update(**past.past)
