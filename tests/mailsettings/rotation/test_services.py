"""The rotation's acts: what stands in which slot afterwards, who may, one event each, nothing left behind."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import Settings

from configurator.accounts.actor import Actor
from configurator.audit.models import AuditEvent
from configurator.console.records.record import StaleVersion
from configurator.vault.keys import new_entry
from configurator.vault.models import SealedSecret
from configurator.vault.text import Secret
from mailsettings.models import OutgoingServer
from mailsettings.rotation import services as rotation
from mailsettings.rotation.slots import Server
from mailsettings.services import outgoing_server_save
from tests.database import together
from tests.mailsettings.slots import FIRST, KINDS, SECOND, THIRD, again, day, server_of, switched, texts, with_next
from tests.people import ACTOR, address, incoming, person
from tests.trail import trailed
from tokenchecks.models import CheckRun

pytestmark = pytest.mark.django_db
every_kind = pytest.mark.parametrize("kind", KINDS)
ACTS: dict[str, Callable[..., Server]] = {
    "set": lambda **given: rotation.next_secret_set(secret=Secret(THIRD), **given),
    "discard": rotation.next_secret_discard,
    "switch": rotation.secret_switch,
    "roll back": rotation.secret_roll_back,
    "wipe": rotation.previous_secret_wipe,
}
every_act = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)


@every_kind
def test_the_next_secret_stands_beside_the_current_one(kind: str) -> None:
    server = with_next(server_of(kind), expires_on=day(90))

    assert texts(server) == (FIRST, SECOND, "")
    assert again(server).next.days_left == 90
    assert SealedSecret.objects.count() == 2


@every_kind
def test_one_entered_again_replaces_it(kind: str) -> None:
    server = with_next(with_next(server_of(kind)), THIRD)

    assert texts(server) == (FIRST, THIRD, "")
    assert SealedSecret.objects.count() == 2


@every_kind
def test_a_switch_moves_the_secrets_with_their_dates_and_opens_none(kind: str, settings: Settings) -> None:
    server = with_next(server_of(kind), expires_on=day(90))
    before = set(SealedSecret.objects.values_list("pk", "envelope"))
    keys, settings.VAULT_KEYS = settings.VAULT_KEYS, new_entry("another")

    rotation.secret_switch(actor=ACTOR, server=server)

    settings.VAULT_KEYS = keys
    assert set(SealedSecret.objects.values_list("pk", "envelope")) == before
    assert texts(server) == (SECOND, "", FIRST)
    stored = again(server)
    assert (stored.current.expires_on, stored.next.expires_on) == (day(90), None)
    assert stored.previous_wiped_on == day(7)


@every_kind
@pytest.mark.parametrize("days", [0, -1])
def test_a_switch_can_wipe_the_old_secret_at_once(kind: str, days: int) -> None:
    server = rotation.secret_switch(actor=ACTOR, server=with_next(server_of(kind)), wipe_on=day(days))

    assert texts(server) == (SECOND, "", "")
    assert SealedSecret.objects.count() == 1


@every_kind
def test_a_second_switch_wipes_the_secret_before_the_last(kind: str) -> None:
    server = rotation.secret_switch(actor=ACTOR, server=with_next(switched(server_of(kind)), THIRD))

    assert texts(server) == (THIRD, "", SECOND)
    assert SealedSecret.objects.count() == 2


@every_kind
def test_a_roll_back_loses_nothing_and_can_be_switched_again(kind: str) -> None:
    server = rotation.secret_roll_back(actor=ACTOR, server=switched(server_of(kind)))

    assert texts(server) == (FIRST, SECOND, "")
    assert again(server).previous_wiped_on is None
    assert texts(rotation.secret_switch(actor=ACTOR, server=server)) == (SECOND, "", FIRST)


@every_kind
def test_a_roll_back_takes_no_next_secret_away(kind: str) -> None:
    server = with_next(switched(server_of(kind)), THIRD)

    with pytest.raises(ValidationError, match="discard it or switch to it first"):
        rotation.secret_roll_back(actor=ACTOR, server=server)

    assert texts(server) == (SECOND, THIRD, FIRST)


@every_kind
def test_discarding_and_wiping_leave_the_current_one_alone(kind: str) -> None:
    server = with_next(switched(server_of(kind)), THIRD)

    assert texts(rotation.next_secret_discard(actor=ACTOR, server=server)) == (SECOND, "", FIRST)
    assert texts(rotation.previous_secret_wipe(actor=ACTOR, server=server)) == (SECOND, "", "")
    assert SealedSecret.objects.count() == 1


@every_kind
@pytest.mark.parametrize("act", ["discard", "switch", "roll back", "wipe"])
def test_what_is_not_there_is_refused(kind: str, act: str) -> None:
    server = server_of(kind)

    with trailed() as events, pytest.raises(ValidationError):
        ACTS[act](actor=ACTOR, server=server)

    assert events == []


def test_without_a_secret_in_use_there_is_no_next_one() -> None:
    for server in (incoming(authentication_type="oauth_user"), outgoing_without_password()):
        with pytest.raises(ValidationError, match="No secret is in use"):
            with_next(server)
    assert not SealedSecret.objects.exists()


def outgoing_without_password() -> OutgoingServer:
    """Store an outgoing server that is off."""
    return outgoing_server_save(actor=ACTOR, server=OutgoingServer(pk=OutgoingServer.SINGLE))


@every_kind
@every_act
def test_nobody_acts_without_the_right_to_modify(kind: str, act: Callable[..., Server]) -> None:
    server = switched(server_of(kind))
    before = texts(server)

    for actor in (Actor.of(person("support")), Actor.of(person("queues"))):
        with pytest.raises(PermissionDenied):
            act(actor=actor, server=server)

    assert texts(server) == before


@every_kind
@every_act
def test_the_second_of_two_at_one_version_is_refused(kind: str, act: Callable[..., Server]) -> None:
    server = switched(server_of(kind))
    seen = again(server).version
    with_next(server, THIRD)
    before = texts(server)

    with trailed() as events, pytest.raises(StaleVersion):
        act(actor=ACTOR, server=server, version=seen)

    assert events == []
    assert texts(server) == before


@pytest.mark.django_db(transaction=True)
@every_kind
def test_two_who_switch_in_the_same_moment_switch_once(kind: str) -> None:
    server = with_next(server_of(kind))
    version, outcomes = server.version, []

    def switch() -> None:
        try:
            rotation.secret_switch(actor=ACTOR, server=again(server), version=version)
            outcomes.append("switched")
        except StaleVersion:
            outcomes.append("stale")

    together(switch, switch)

    assert sorted(outcomes) == ["stale", "switched"]
    assert texts(server) == (SECOND, "", FIRST)
    assert AuditEvent.objects.filter(action="secret switched").count() == 1


@every_kind
def test_each_act_leaves_one_event_that_says_what_was_done_and_no_secret(kind: str) -> None:
    server, secret = server_of(kind), "secret" if kind == "incoming" else "password"

    with trailed() as events:
        with_next(server, expires_on=date(2031, 1, 31))
        rotation.secret_switch(actor=ACTOR, server=server, wipe_on=day(1))
        rotation.secret_roll_back(actor=ACTOR, server=server)
        rotation.next_secret_discard(actor=ACTOR, server=server)
        switched(server)
        rotation.previous_secret_wipe(actor=ACTOR, server=server)

    expires, until = f"{secret}_expires_on", day(1).isoformat()
    assert [(event.action, event.after) for event in events[:4]] == [
        ("changed", {"next_secret": "set", "next_secret_expires_on": "2031-01-31"}),
        (
            "secret switched",
            {
                secret: "changed",
                expires: "2031-01-31",
                "next_secret": "removed",
                "next_secret_expires_on": None,
                "previous_secret": "set",
                "previous_wiped_on": until,
            },
        ),
        (
            "secret rolled back",
            {
                secret: "changed",
                expires: None,
                "next_secret": "set",
                "next_secret_expires_on": "2031-01-31",
                "previous_secret": "removed",
                "previous_wiped_on": None,
            },
        ),
        ("changed", {"next_secret": "removed", "next_secret_expires_on": None}),
    ]
    assert (events[-1].action, events[-1].after) == (
        "secret wiped",
        {"previous_secret": "removed", "previous_wiped_on": None},
    )
    said = str(list(AuditEvent.objects.values()))
    assert FIRST not in said
    assert SECOND not in said


def test_a_switch_and_a_roll_back_queue_a_check_of_server_and_addresses() -> None:
    server = incoming(secret=FIRST)
    box = address(server=server)
    with_next(server)

    for act in (rotation.secret_switch, rotation.secret_roll_back):
        CheckRun.objects.all().delete()
        act(actor=ACTOR, server=server)
        assert set(CheckRun.objects.values_list("subject_id", flat=True)) == {server.pk, box.pk}


@every_kind
def test_a_test_of_the_next_secret_counts_for_that_secret_alone(kind: str) -> None:
    tested = with_next(server_of(kind))
    with_next(tested, THIRD)

    rotation.next_secret_passed(tested)
    assert again(tested).next_secret_tested_at is None

    rotation.next_secret_passed(again(tested))
    assert again(tested).next_secret_tested_at is not None
    assert again(rotation.secret_switch(actor=ACTOR, server=tested)).next_secret_tested_at is None


@every_kind
def test_a_copy_as_after_the_switch_is_tested_with_the_next_secret(kind: str) -> None:
    server = with_next(server_of(kind), expires_on=day(30))

    copy = rotation.after_switch(again(server))

    assert copy.current == again(server).next
    assert copy.may_use(copy.current)
    assert texts(server) == (FIRST, SECOND, "")
