"""The outgoing server's secret slots and its password's date: each rule and each slip has its own message."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from mailsettings.models import OutgoingServer
from mailsettings.rotation.forms import NextSecretForm, SwitchForm
from mailsettings.services import outgoing_server_save
from tests.mailsettings import slot_rules
from tests.mailsettings.slots import FIRST, THIRD, day, switched, with_next
from tests.mailsettings.typed import CLIENT, messages, outgoing_form, outgoing_place
from tests.people import ACTOR, outgoing
from tests.rules import Rule, rule

CONFIRM = outgoing_place("Yes, save it and wipe them", "confirm_wipe")
DATE = outgoing_place("Password expires on", "password_expires_on")
pytestmark = pytest.mark.django_db


@slot_rules.wrong_next_secrets(outgoing_place, "outgoing", "password")
def test_a_wrong_next_secret_is_refused_with_its_own_message(case: Rule) -> None:
    assert messages(NextSecretForm({"next_secret": THIRD} | case.typed, server=outgoing(secret=FIRST)), case) == [
        case.message
    ]


@slot_rules.previous_secret(outgoing_place)
def test_the_previous_secret_is_rolled_back_to(case: Rule) -> None:
    assert messages(NextSecretForm(case.typed, server=switched(outgoing(secret=FIRST))), case) == [case.message]


@slot_rules.odd_date(outgoing_place)
def test_a_date_that_is_often_a_slip_is_pointed_out(case: Rule) -> None:
    form = NextSecretForm({"next_secret": THIRD} | case.typed, server=outgoing(secret=FIRST))

    assert form.is_valid(), form.errors
    assert form.notices() == [case.message]


@slot_rules.wrong_switches(outgoing_place, "outgoing")
def test_a_wrong_switch_is_refused_with_its_own_message(case: Rule) -> None:
    typed = {"wipe_on": day(7), "untested": "on"} | case.typed

    assert messages(SwitchForm(typed, server=with_next(outgoing(secret=FIRST))), case) == [case.message]


def test_the_database_refuses_it_too(past: Rule) -> None:
    stored = with_next(outgoing(secret=FIRST))

    with pytest.raises(IntegrityError, match=past.constraint):
        OutgoingServer.objects.filter(pk=stored.pk).update(**past.past)


@slot_rules.no_secret_in_use(
    outgoing_place,
    "beside a Password alone",
    constraint="outgoing_slots_need_a_secret",
    past={"enabled": False, "password": None},
)
def test_without_a_password_there_are_no_slots(case: Rule) -> None:
    off = outgoing_server_save(actor=ACTOR, server=OutgoingServer(pk=OutgoingServer.SINGLE))

    with pytest.raises(ValidationError) as refused:
        with_next(off, case.typed["next_secret"])

    assert refused.value.message_dict == {"next_secret": [case.message]}


@rule(
    CONFIRM,
    "ticked where a save wipes the next secret",
    {"server_user": CLIENT, "confirm_wipe": ""},
    "This wipes the next secret, which is for another tenant or Server User. Tick to save it all the same.",
)
def test_a_save_that_wipes_a_slot_is_confirmed(case: Rule) -> None:
    with_next(outgoing(secret=FIRST))

    assert messages(outgoing_form(OutgoingServer.objects.get(), **case.typed), case) == [case.message]
    confirmed = outgoing_form(OutgoingServer.objects.get(), **case.typed | {"confirm_wipe": "on"})
    assert confirmed.is_valid(), confirmed.errors


@rule(DATE, "year-month-day", "31.3.2027", slot_rules.ANOTHER_ORDER)
@rule(
    DATE,
    "with a Password alone",
    {"enabled": "", "set_password": "", "password": "", "password_expires_on": "2031-01-31"},
    "No password is stored that could expire: enter it, or clear the date.",
    constraint="outgoing_date_has_password",
    past={"enabled": False, "password": None, "password_expires_on": "2031-01-31", "next_secret": None},
)
def test_a_wrong_date_is_refused(case: Rule) -> None:
    assert messages(outgoing_form(**case.typed), case) == [case.message]


@rule(
    DATE,
    "in the past",
    "2020-01-31",
    "The date in Password expires on has passed, so Microsoft refuses the secret. Enter a new one.",
    where="notice",
)
def test_a_date_in_the_past_is_pointed_out(case: Rule) -> None:
    form = outgoing_form(**case.typed)

    assert form.is_valid(), form.errors
    assert form.notices() == [case.message]
