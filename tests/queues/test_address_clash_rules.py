"""E-Mail Password, the same address twice, and notices: each has its own message."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from configurator.vault.text import Secret
from queues.models import QueueAddress
from queues.services import address_save
from tests.mailsettings.typed import messages
from tests.people import ACTOR, address, incoming, queue
from tests.queues.typed import ADDRESS, PASSWORD, address_form, address_place
from tests.rules import Rule, rule

ADDRESS_FIELD = address_place("Address", "address")
ACCOUNT = address_place("E-Mail Account", "account")
PASSWORD_FIELD = address_place("E-Mail Password", "password")
SERVER = address_place("E-Mail Server", "server")
TAKEN = {"address": "taken@contoso.example", "address_key": "taken@contoso.example"}
pytestmark = pytest.mark.django_db


@rule(
    PASSWORD_FIELD,
    "OAuth User: required",
    "",
    "Personal boxes is an OAuth User server: enter the password of the account.",
)
@rule(
    PASSWORD_FIELD,
    "no blank before",
    f" {PASSWORD}",
    "It begins or ends with a blank. Entra does not accept that in this kind of sign-in. Give the account another "
    "password.",
)
@rule(
    PASSWORD_FIELD,
    "no blank behind",
    f"{PASSWORD} ",
    "It begins or ends with a blank. Entra does not accept that in this kind of sign-in. Give the account another "
    "password.",
)
@rule(
    PASSWORD_FIELD,
    "no line break",
    f"{PASSWORD}\r\n",
    "It holds a line break or another control character. Copy it again.",
)
@rule(
    PASSWORD_FIELD, "no NUL", f"{PASSWORD}\x00", "A control character is in here. Take it out, or type the text anew."
)
@rule(
    PASSWORD_FIELD,
    "no sign at either end that is not seen",
    f"{PASSWORD}\u200b",
    "It begins or ends with a zero width space (U+200B), which is not seen. Enter the password without it.",
)
@rule(PASSWORD_FIELD, "at most 8192 bytes", "p" * 8193, "It is longer than 8192 bytes. Copy the value alone.")
def test_a_wrong_password_is_refused_with_its_own_message(case: Rule) -> None:
    server = incoming(name="Personal boxes", authentication_type="oauth_user")

    assert messages(address_form(queue(), server, **case.typed), case) == [case.message]


def test_the_database_refuses_it_too(past: Rule) -> None:
    stored = QueueAddress.objects.filter(pk=address().pk)
    address(address="taken@contoso.example")

    with pytest.raises(IntegrityError, match=past.constraint):
        stored.update(**past.past)


@rule(
    ADDRESS_FIELD,
    "on one queue",
    "taken@contoso.example",
    "taken@contoso.example is already on the queue Sales, and a mailbox is read once. Use another address, or delete "
    "it there.",
    constraint="address_on_one_queue",
    past=TAKEN,
)
@rule(
    ADDRESS_FIELD,
    "on one queue, in other capitals",
    "Taken@CONTOSO.example",
    "taken@contoso.example is already on the queue Sales, and a mailbox is read once. Use another address, or delete "
    "it there.",
    constraint="address_key_is_canonical",
    past={"address": "Other@contoso.example", "address_key": "Other@contoso.example"},
)
def test_an_address_on_another_queue_is_refused_naming_it(case: Rule) -> None:
    address(address="taken@contoso.example", queue=queue(name="Sales"))

    assert messages(address_form(queue(), incoming(), **case.typed), case) == [case.message]


@rule(
    ADDRESS_FIELD,
    "on one queue, the domain in its other form",
    "info@xn--bcher-kva.example",
    "info@Bücher.example is already on the queue Sales, and a mailbox is read once. Use another address, or delete "
    "it there.",
)
@rule(
    ADDRESS_FIELD,
    "on one queue, letters composed otherwise",
    "info@bu\u0308cher.example",
    "info@Bücher.example is already on the queue Sales, and a mailbox is read once. Use another address, or delete "
    "it there.",
)
def test_an_internationalised_address_is_the_same_in_each_form(case: Rule) -> None:
    address(address="info@Bücher.example", account="info@contoso.example", queue=queue(name="Sales"))

    assert messages(address_form(queue(), incoming(), **case.typed), case) == [case.message]


@rule(
    ADDRESS_FIELD,
    "once on its own queue",
    "taken@contoso.example",
    "taken@contoso.example is already on this queue, and a mailbox is read once. Use another address, or delete it "
    "there.",
)
def test_an_address_is_on_its_own_queue_once(case: Rule) -> None:
    taken = address(address="taken@contoso.example")

    assert messages(address_form(taken.queue, taken.server, **case.typed), case) == [case.message]


def test_the_service_refuses_the_same_address_on_its_field() -> None:
    taken = address(address="taken@contoso.example", queue=queue(name="Sales"))
    again = QueueAddress(
        queue=queue(), server=taken.server, address="Taken@contoso.example", account="a@contoso.example"
    )

    with pytest.raises(ValidationError, match="already on the queue Sales") as refused:
        address_save(actor=ACTOR, address=again)
    assert list(refused.value.message_dict) == ["address"]


def test_the_service_refuses_a_password_for_oauth_service() -> None:
    item = QueueAddress(queue=queue(), server=incoming(), **ADDRESS)

    with pytest.raises(ValidationError, match="OAuth Service takes no password"):
        address_save(actor=ACTOR, address=item, password=Secret(PASSWORD))


def test_sharp_s_and_ss_make_two_domains() -> None:
    address(address="info@straße.example", account="info@contoso.example")

    assert address_form(queue(), incoming(), address="info@strasse.example").is_valid()


@rule(
    ACCOUNT,
    "another than the Address",
    "service@contoso.example",
    "E-Mail Account and Address differ. That is right for an alias or a shared mailbox; otherwise mend one.",
    where="notice",
)
def test_an_account_unlike_the_address_is_pointed_out(case: Rule) -> None:
    form = address_form(queue(), incoming(), **case.typed)

    assert form.is_valid(), form.errors
    assert form.notices() == [case.message]


@rule(
    SERVER,
    "OAuth User",
    {"password": PASSWORD},
    "OAuth User stops as soon as the account needs MFA. OAuth Service is the safer type.",
    where="notice",
)
def test_oauth_user_is_pointed_out(case: Rule) -> None:
    form = address_form(queue(), incoming(authentication_type="oauth_user"), **case.typed)

    assert form.is_valid(), form.errors
    assert form.notices() == [case.message]


def test_account_and_address_may_differ_in_capitals() -> None:
    form = address_form(queue(), incoming(), account="Support@Contoso.example")

    assert form.is_valid(), form.errors
    assert form.notices() == []
