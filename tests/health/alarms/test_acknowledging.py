"""Warnings are acknowledged with a reason and an end date; what is broken cannot be."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from configurator.accounts.actor import Actor
from health.acknowledgements.services import acknowledge, take_back
from health.alarms import services
from health.alarms.models import Alarm
from health.alarms.services.warnings import WarningSubject
from health.models import Acknowledgement
from tests.health.alarms.conftest import Told
from tests.health.alarms.standings import breaks, warns, watch_of, works
from tests.people import ACTOR, As, address, incoming, outgoing
from tests.trail import trailed

REASON = "Sales reads with its own client until May"
pytestmark = pytest.mark.django_db


def in_days(days: int) -> date:
    """Return the day that is so many days off."""
    return timezone.localdate() + timedelta(days=days)


def acknowledged(row: Any, *, days: int = 30, actor: Actor = ACTOR) -> Acknowledgement:
    """Acknowledge the warning of the row."""
    warning = WarningSubject(row.audit_kind, row.pk)
    return acknowledge(actor=actor, subject=warning, reason=REASON, until=in_days(days))


def page(signed_in: As, path: str, username: str = "support") -> str:
    """Return the page."""
    return signed_in(username).get(path).content.decode()


def url(row: Any) -> str:
    """Return where the row's warning is dismissed."""
    return reverse("alarms:dismiss", args=[row.audit_kind, row.pk])


def test_an_acknowledged_warning_counts_no_more_and_says_why(signed_in: As) -> None:
    """In the banner, on the start page and on its own page."""
    box = address()
    warns([box])
    assert "1 warning" in page(signed_in, "/")
    assert "may read mail" in page(signed_in, "/")

    acknowledged(box)

    start = page(signed_in, "/")
    assert "1 warning" not in start
    assert "may read mail" not in start
    shown = page(signed_in, box.queue.get_absolute_url())
    assert f"Dismissed until {in_days(30)} by tests: {REASON}" in shown


def test_what_is_broken_cannot_be_acknowledged(signed_in: As) -> None:
    """Refused by the service, by the page and by the database."""
    box = address()
    breaks([box])

    with pytest.raises(ValidationError, match="Only a warning"):
        acknowledged(box)
    answer = signed_in("admin").post(url(box), {"reason": REASON, "until": in_days(3)})
    assert answer.status_code == 422
    assert "what is broken has to be mended" in answer.content.decode()
    values = {"kind": "address", "subject_id": box.pk, "name": "x", "cause": "x", "reason": REASON, "until": in_days(3)}
    with transaction.atomic(), pytest.raises(IntegrityError, match="acknowledgement_of_warning"):
        Acknowledgement.objects.create(status="broken", **values)


def test_a_warning_that_breaks_counts_whatever_was_acknowledged(signed_in: As, told: Told) -> None:
    box = address()
    warns([box], "read_role_only")
    acknowledged(box)

    breaks([box], "read_role_only")

    assert len(told()) == 1
    assert "1 broken" in page(signed_in, "/")
    assert Acknowledgement.objects.get().ended_at


def test_it_ends_by_itself_when_the_cause_changes_or_passes(signed_in: As) -> None:
    box = address()
    warns([box], "read_role_only")
    acknowledged(box)

    warns([box], "send_role_missing")
    assert "1 warning" in page(signed_in, "/")
    services.reconcile()
    assert Acknowledgement.objects.get().ended_at

    works([box])
    warns([box], "read_role_only")
    assert "1 warning" in page(signed_in, "/")


def test_it_ends_at_its_date(signed_in: As) -> None:
    """Its last day is in it."""
    box = address()
    warns([box])
    found = acknowledged(box, days=0)
    services.reconcile()
    assert "1 warning" not in page(signed_in, "/")

    Acknowledgement.objects.filter(pk=found.pk).update(until=in_days(-1))
    assert "1 warning" in page(signed_in, "/")
    services.reconcile()
    assert Acknowledgement.objects.get().ended_at


def test_it_can_be_taken_back_and_both_acts_leave_an_event(signed_in: As) -> None:
    box = address()
    warns([box])
    admin = signed_in("admin")
    with trailed() as events:
        admin.post(url(box), {"reason": REASON, "until": in_days(30)})
        found = Acknowledgement.objects.get()
        answer = admin.post(reverse("alarms:take_back", args=[found.pk]))

    assert answer.status_code == 302
    assert [(event.action, event.kind, event.object_name) for event in events] == [
        ("dismissed", "warning", box.address),
        ("taken back", "warning", box.address),
    ]
    assert events[0].after["reason"] == REASON
    assert "1 warning" in page(signed_in, "/")
    assert take_back(actor=ACTOR, subject=WarningSubject("address", box.pk), pk=found.pk) is None


def test_one_warning_is_acknowledged_once() -> None:
    box = address()
    warns([box])
    acknowledged(box)

    with pytest.raises(ValidationError, match="dismissed already"):
        acknowledged(box)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": ""}, "Reason is required"),
        ({"reason": "  "}, "Reason is required"),
        ({"reason": "x" * 501}, "Shorten it"),
        ({"reason": "a\x00b"}, "null character"),
        ({"until": ""}, "Dismissed until is required"),
        ({"until": "soon"}, "This is no date. Write it as year-month-day"),
        ({"until": str(in_days(-1))}, "This day is over"),
        ({"until": str(in_days(366))}, "within a year"),
    ],
)
def test_reason_and_end_date_are_needed(signed_in: As, typed: dict[str, str], said: str) -> None:
    box = address()
    warns([box])

    answer = signed_in("admin").post(url(box), {"reason": REASON, "until": str(in_days(3))} | typed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Acknowledgement.objects.exists()


def test_the_database_refuses_no_reason_no_last_day_and_more_than_a_year() -> None:
    values = {"kind": "address", "subject_id": address().pk, "name": "x", "cause": "x", "status": "warning"}
    with transaction.atomic(), pytest.raises(IntegrityError, match="acknowledgement_has_reason"):
        Acknowledgement.objects.create(**values, reason=" ", until=in_days(3))
    with transaction.atomic(), pytest.raises(IntegrityError, match="acknowledgement_within_a_year"):
        Acknowledgement.objects.create(**values, reason=REASON, until=in_days(400))
    with transaction.atomic(), pytest.raises(IntegrityError, match="acknowledgement_of_warning_has_last_day"):
        Acknowledgement.objects.create(**values, reason=REASON)


def test_who_may_change_a_thing_may_acknowledge_its_warning(signed_in: As) -> None:
    """Queue administrators those of addresses, not those of servers; Support none, and it sees no form."""
    box, sender = address(), outgoing()
    warns([box, box.server, sender])
    typed = {"reason": REASON, "until": str(in_days(3))}

    assert signed_in("support").post(url(box), typed).status_code == 403
    for row in (box.server, sender):
        assert signed_in("queues").post(url(row), typed).status_code == 403
    assert "Dismiss this warning" not in page(signed_in, box.server.get_absolute_url())
    assert "Dismiss this warning" in page(signed_in, box.server.get_absolute_url(), "admin")
    assert not Acknowledgement.objects.exists()
    assert signed_in("queues").post(url(box), typed).status_code == 302
    with pytest.raises(PermissionDenied):
        take_back(
            actor=Actor(id="1", name="nobody"),
            subject=WarningSubject("address", box.pk),
            pk=Acknowledgement.objects.get().pk,
        )
    taken = reverse("alarms:take_back", args=[Acknowledgement.objects.get().pk])
    assert signed_in("support").post(taken).status_code == 403


def test_an_ending_secret_is_acknowledged_until_the_next_band(signed_in: As, told: Told) -> None:
    """It counts again with the next message, and what has ended is an error."""
    server = incoming(secret_expires_on=in_days(20))
    assert len(told()) == 1
    alarm = Alarm.objects.get()
    assert "1 secret ends in 20 days" in page(signed_in, "/")

    shown = page(signed_in, alarm.get_absolute_url(), "admin")
    assert "Dismiss this warning" in shown
    typed = {"reason": REASON, "until": str(in_days(300))}
    answer = signed_in("admin").post(reverse("alarms:dismiss", args=["secret", alarm.pk]), typed)
    assert answer.status_code == 302
    assert "1 secret ends" not in page(signed_in, "/")
    assert "Secrets that end soon" not in page(signed_in, "/")
    assert f"Dismissed until {in_days(300)} by admin" in page(signed_in, alarm.get_absolute_url())

    type(server).objects.filter(pk=server.pk).update(secret_expires_on=in_days(12))
    assert len(told()) == 1
    assert "1 secret ends in 12 days" in page(signed_in, "/")

    type(server).objects.filter(pk=server.pk).update(secret_expires_on=in_days(-1))
    told()
    with pytest.raises(ValidationError, match="Only a warning"):
        acknowledge(actor=ACTOR, subject=WarningSubject("secret", alarm.pk), reason=REASON, until=in_days(3))


def test_what_is_well_has_no_warning_to_acknowledge() -> None:
    box = address()
    works([box])

    with pytest.raises(ValidationError, match="Only a warning"):
        acknowledged(box)
    assert watch_of(box).status == "ok"


def test_hostile_urls_are_not_found(signed_in: As) -> None:
    admin = signed_in("admin")
    for path in ("/alarms/dismiss/nonsense/00000000-0000-0000-0000-000000000001/",):
        assert admin.get(path).status_code == 404
    for kind in ("address", "secret", "incoming_server"):
        missing = reverse("alarms:dismiss", args=[kind, "00000000-0000-0000-0000-000000000001"])
        assert admin.get(missing).status_code == 404
        assert admin.post(missing, {"reason": REASON, "until": str(in_days(3))}).status_code == 404
