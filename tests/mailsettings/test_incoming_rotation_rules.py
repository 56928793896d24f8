"""An incoming server's secret slots: each rule and each slip has its own message."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from mailsettings.models import IncomingServer
from mailsettings.rotation.forms import NextSecretForm, SwitchForm
from tests.mailsettings import slot_rules
from tests.mailsettings.slots import FIRST, THIRD, day, switched, with_next
from tests.mailsettings.typed import CLIENT, incoming_form, incoming_place, messages
from tests.people import incoming
from tests.rules import Rule, rule

CONFIRM = incoming_place("Yes, save it and wipe them", "confirm_wipe")
pytestmark = pytest.mark.django_db


@slot_rules.wrong_next_secrets(incoming_place, "incoming", "secret")
def test_a_wrong_next_secret_is_refused_with_its_own_message(case: Rule) -> None:
    assert messages(NextSecretForm({"next_secret": THIRD} | case.typed, server=incoming(secret=FIRST)), case) == [
        case.message
    ]


@slot_rules.previous_secret(incoming_place)
def test_the_previous_secret_is_rolled_back_to(case: Rule) -> None:
    assert messages(NextSecretForm(case.typed, server=switched(incoming(secret=FIRST))), case) == [case.message]


@slot_rules.odd_date(incoming_place)
def test_a_date_that_is_often_a_slip_is_pointed_out(case: Rule) -> None:
    form = NextSecretForm({"next_secret": THIRD} | case.typed, server=incoming(secret=FIRST))

    assert form.is_valid(), form.errors
    assert form.notices() == [case.message]


@slot_rules.wrong_switches(incoming_place, "incoming")
def test_a_wrong_switch_is_refused_with_its_own_message(case: Rule) -> None:
    typed = {"wipe_on": day(7), "untested": "on"} | case.typed

    assert messages(SwitchForm(typed, server=with_next(incoming(secret=FIRST))), case) == [case.message]


def test_the_database_refuses_it_too(past: Rule) -> None:
    stored = with_next(incoming(secret=FIRST))

    with pytest.raises(IntegrityError, match=past.constraint):
        IncomingServer.objects.filter(pk=stored.pk).update(**past.past)


@slot_rules.no_secret_in_use(
    incoming_place,
    "OAuth Service alone",
    constraint="incoming_slots_need_a_secret",
    past={"authentication_type": "oauth_user", "secret": None},
)
def test_oauth_user_has_no_slots(case: Rule) -> None:
    with pytest.raises(ValidationError) as refused:
        with_next(incoming(authentication_type="oauth_user"), case.typed["next_secret"])

    assert refused.value.message_dict == {"next_secret": [case.message]}


@rule(
    CONFIRM,
    "ticked where a save wipes the next secret",
    {"client_id": CLIENT, "confirm_wipe": ""},
    "This wipes the next secret, which is for another login address, tenant or client ID. Tick to save it all the "
    "same.",
)
@rule(
    CONFIRM,
    "ticked where OAuth User is chosen",
    {"authentication_type": "oauth_user", "secret": "", "confirm_wipe": ""},
    "This wipes the next secret, which is of no use for OAuth User. Tick to save it all the same.",
)
def test_a_save_that_wipes_a_slot_is_confirmed(case: Rule) -> None:
    server = IncomingServer.objects.get(pk=with_next(incoming(secret=FIRST)).pk)

    assert messages(incoming_form(server, **case.typed), case) == [case.message]
    confirmed = incoming_form(server, **case.typed | {"confirm_wipe": "on"})
    assert confirmed.is_valid(), confirmed.errors


def test_both_slots_are_named() -> None:
    server = with_next(switched(incoming(secret=FIRST)), THIRD)

    form = incoming_form(IncomingServer.objects.get(pk=server.pk))

    assert str(form.errors["confirm_wipe"][0]).startswith("This wipes the next and the previous secret, which are for")
