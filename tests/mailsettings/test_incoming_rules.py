"""Name, Authentication Type, Secret and its date: each rule and each slip has its own message."""

import pytest
from django.db import IntegrityError

from mailsettings.identifiers.pasted_secrets import NEW_VALUE
from mailsettings.models import IncomingServer
from tests.mailsettings.typed import CLIENT, LOGIN, SECRET, incoming_form, incoming_place, messages
from tests.people import TENANT, incoming, outgoing
from tests.rules import Rule, rule

NAME = incoming_place("Name", "name")
TYPE = incoming_place("Authentication Type", "authentication_type")
SECRET_FIELD = incoming_place("Secret", "secret")
EXPIRES = incoming_place("Secret expires on", "secret_expires_on")
USER = {"authentication_type": "oauth_user", "secret": ""}
pytestmark = pytest.mark.django_db


@rule(
    NAME, "required", "  ", "Name is required: fill it in.", constraint="incoming_name_on_one_line", past={"name": " "}
)
@rule(NAME, "at most 200 characters", "x" * 201, "Shorten it: at most 200 characters fit, this has 201.")
@rule(
    NAME,
    "on one line",
    "one\ntwo",
    "The 4th sign is a line break (U+000A). Take it out.",
    constraint="incoming_name_on_one_line",
    past={"name": "one\ntwo"},
)
@rule(NAME, "no NUL", "a\x00b", "The 2nd sign is a null character (U+0000). Take it out.")
@rule(TYPE, "required", "", "Choose OAuth Service (recommended) or OAuth User.")
@rule(
    TYPE,
    "one of the two",
    "basic",
    "Choose OAuth Service (recommended) or OAuth User.",
    constraint="incoming_type_known",
    past={"authentication_type": "basic", "secret_id": None},
)
@rule(
    SECRET_FIELD,
    "OAuth Service: required",
    "",
    "OAuth Service needs the client secret: enter it. Without it anyone could use the registration.",
    constraint="incoming_service_has_secret",
    past={"secret_id": None},
)
@rule(
    SECRET_FIELD,
    "OAuth User: refused if sent",
    {"authentication_type": "oauth_user", "secret": SECRET},
    "OAuth User takes no secret: clear it. The password stands on the queue's address.",
    constraint="incoming_user_has_no_secret",
    past={"authentication_type": "oauth_user"},
)
@rule(
    SECRET_FIELD,
    "not the Secret ID",
    CLIENT,
    "This is the Secret ID, not the secret. In Entra, Certificates & secrets, copy the column Value; it is shown "
    "only right after the secret is made, so you may have to make a new one.",
)
@rule(
    SECRET_FIELD,
    "not the masked secret",
    "abc****************",
    "This is the secret as it is masked later. In Entra, Certificates & secrets, copy the column Value; it is "
    "shown only right after the secret is made, so you may have to make a new one.",
)
@rule(
    SECRET_FIELD,
    "no blank before",
    f" {SECRET}",
    "It begins or ends with a blank. Entra's secrets never do. Copy the Value again, without the blanks.",
)
@rule(
    SECRET_FIELD,
    "no blank behind",
    f"{SECRET} ",
    "It begins or ends with a blank. Entra's secrets never do. Copy the Value again, without the blanks.",
)
@rule(
    SECRET_FIELD, "no line break", f"{SECRET}\n", "It holds a line break or another control character. Copy it again."
)
@rule(SECRET_FIELD, "no NUL", f"{SECRET}\x00", "A control character is in here. Take it out, or type the text anew.")
@rule(
    SECRET_FIELD,
    "no reference to a secret",
    "@Microsoft.KeyVault(SecretUri=https://contoso-kv.vault.azure.net/secrets/mail/)",
    f"This is a reference to a key vault, which this console does not follow. {NEW_VALUE}",
)
@rule(
    SECRET_FIELD,
    "no line copied with its name",
    f"client_secret={SECRET}",
    f"This is a line with a name before the secret. {NEW_VALUE}",
)
@rule(
    SECRET_FIELD,
    "no sign that Entra's secrets never hold",
    f"{SECRET}\u200b",
    f"The {len(SECRET) + 1}th sign is a zero width space (U+200B), and no client secret holds such a sign. Copy the "
    "Value again.",
)
@rule(SECRET_FIELD, "at most 256 characters", "s" * 257, f"This is longer than any client secret. {NEW_VALUE}")
@rule(EXPIRES, "a date", "in spring", "This is no date. Write it as year-month-day, such as 2027-03-31.")
@rule(EXPIRES, "no NUL", "2027-03-31\x00", "This is no date. Write it as year-month-day, such as 2027-03-31.")
@rule(
    EXPIRES,
    "year-month-day, where two countries would read two days",
    "03/04/2027",
    "03/04/2027 is 2027-03-04 in some countries and 2027-04-03 in others. Write the one that is meant, as "
    "year-month-day.",
)
@rule(
    EXPIRES,
    "year-month-day, where only one day can be meant",
    "3/31/2027",
    "Dates are written as year-month-day: write 2027-03-31.",
)
@rule(
    EXPIRES,
    "four digits of the year",
    "31.03.27",
    "The year has to have four digits. Write it as year-month-day, such as 2027-03-31.",
)
@rule(EXPIRES, "in the calendar", "2027-02-30", "There is no 2027-02-30: the last day of that month is 2027-02-28.")
@rule(
    EXPIRES,
    "no number of a spreadsheet",
    "46477",
    "This is a number, as spreadsheets keep days. Format the cell as a date. Write it as year-month-day, such as "
    "2027-03-31.",
)
@rule(
    EXPIRES,
    "in a year that can be meant",
    "0027-03-31",
    "The year 0027 cannot be meant: it has to be from 1900 to 2999.",
)
def test_a_wrong_value_is_refused_with_its_own_message(case: Rule) -> None:
    assert messages(incoming_form(**case.typed), case) == [case.message]


def test_the_database_refuses_it_too(past: Rule) -> None:
    stored = IncomingServer.objects.filter(pk=incoming().pk)

    with pytest.raises(IntegrityError, match=past.constraint):
        stored.update(**past.past)


def test_the_date_goes_with_the_secret() -> None:
    stored = IncomingServer.objects.filter(pk=incoming(authentication_type="oauth_user").pk)

    with pytest.raises(IntegrityError, match="incoming_user_has_no_secret"):
        stored.update(secret_expires_on="2027-03-31")


def test_oauth_user_takes_neither_secret_nor_date() -> None:
    form = incoming_form(**USER, secret_expires_on="2027-03-31")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["secret_expires_on"] is None


@rule(
    NAME,
    "used twice",
    "Contoso support",
    "Another server is named Contoso support too. Queues will show both; the address tells them apart.",
    where="notice",
)
def test_a_name_used_twice_is_pointed_out_and_never_refused(case: Rule) -> None:
    incoming()
    form = incoming_form(**case.typed)

    assert form.is_valid(), form.errors
    assert form.notices() == [case.message]


@rule(
    EXPIRES,
    "in the past",
    "2020-01-31",
    "The date in Secret expires on has passed, so Microsoft refuses the secret. Enter a new one.",
    where="notice",
)
@rule(
    EXPIRES,
    "more than 24 months ahead",
    "2099-12-31",
    "Secret expires on is more than 24 months away, longer than Entra's secrets last: check the year.",
    where="notice",
)
@rule(
    TYPE,
    "OAuth User",
    USER,
    "OAuth User stops as soon as an account needs MFA, and Microsoft advises against it. Use OAuth Service.",
    where="notice",
)
def test_what_is_often_a_slip_is_pointed_out(case: Rule) -> None:
    form = incoming_form(**case.typed)

    assert form.is_valid(), form.errors
    assert form.notices() == [case.message]


@rule(
    incoming_place("Address", "address"),
    "another tenant than outgoing",
    f"{LOGIN}/{TENANT}",
    "The External Outgoing Mail Server names the tenant 7d5c9a30-8e1f-4b62-a0d4-6c1b2e3f4a55, this server "
    "3f2a0c1e-5b7d-4c69-9a55-0d2b6f1e8a11. Replies are sent from there: check that both are meant.",
    where="notice",
)
def test_another_tenant_than_outgoing_is_pointed_out(case: Rule) -> None:
    outgoing(tenant=CLIENT)
    form = incoming_form(**case.typed, client_id="1b671a64-40d5-491e-99b0-da01ff1f3341")

    assert form.is_valid(), form.errors
    assert form.notices() == [case.message]


@pytest.mark.parametrize("tenant", [TENANT, "contoso.onmicrosoft.com"])
def test_the_same_tenant_and_one_that_cannot_be_compared_are_not(tenant: str) -> None:
    outgoing(tenant=tenant)
    form = incoming_form()

    assert form.is_valid(), form.errors
    assert form.notices() == []
