"""A finding is acknowledged with a reason, taken back, and open again when it comes back."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from configurator.accounts.actor import Actor
from configurator.audit.models import AuditEvent
from health.acknowledgements.services import acknowledge, take_back
from health.findings.models import Finding
from health.findings.services import reconcile, reconcile_objects
from health.findings.services.acknowledgements import FindingSubject
from health.models import Acknowledgement
from tests.people import ACTOR, address, incoming, person

pytestmark = pytest.mark.django_db
WHY = "It is kept for the move in March."


def unused() -> Finding:
    """Store a server that no address uses, and find it."""
    server = incoming()
    reconcile()
    return Finding.objects.get(rule="server_unused", subject_id=server.pk)


def facts(finding: Finding) -> tuple[Any, ...]:
    """Return how the finding stands."""
    finding.refresh_from_db()
    found = finding.acknowledgement
    return (found.acknowledged_by, found.ended_at is None, found.reason) if found else ("", False, "")


def opened(finding: Finding, actor: Actor = ACTOR) -> None:
    """Take the acknowledgement of the finding back."""
    found = Finding.objects.get(pk=finding.pk).acknowledgement_id
    take_back(actor=actor, subject=FindingSubject(finding.pk), pk=found)


def test_it_is_open_no_more_and_leaves_an_event() -> None:
    finding = unused()
    acknowledge(actor=ACTOR, subject=FindingSubject(finding.pk), reason=WHY)

    assert facts(finding) == ("tests", True, WHY)
    assert finding not in Finding.objects.open()
    event = AuditEvent.objects.order_by("seq").last()
    assert event
    assert (event.kind, event.action, event.object_id) == ("finding", "acknowledged", str(finding.subject_id))
    assert event.after == {"finding": "No address uses the server", "reason": WHY}


def test_it_stays_acknowledged_and_old_while_the_rule_holds() -> None:
    finding = unused()
    since = finding.found_at
    acknowledge(actor=ACTOR, subject=FindingSubject(finding.pk), reason=WHY)
    reconcile()
    reconcile_objects("incoming_server", finding.subject_id)

    assert facts(finding) == ("tests", True, WHY)
    assert finding.found_at == since


def test_a_new_name_is_taken_over_and_nothing_else_changes() -> None:
    finding = unused()
    acknowledge(actor=ACTOR, subject=FindingSubject(finding.pk), reason=WHY)
    type(incoming()).objects.filter(pk=finding.subject_id).update(name="Renamed")
    reconcile()

    assert facts(finding) == ("tests", True, WHY)
    assert finding.name == "Renamed"


def test_what_went_away_and_came_back_is_open() -> None:
    finding = unused()
    acknowledge(actor=ACTOR, subject=FindingSubject(finding.pk), reason=WHY)
    item = address(server=type(incoming()).objects.get(pk=finding.subject_id))
    reconcile()
    item.delete()
    reconcile_objects("incoming_server", finding.subject_id)

    again = Finding.objects.open().get(rule="server_unused", subject_id=finding.subject_id)
    acknowledge(actor=ACTOR, subject=FindingSubject(again.pk), reason="Again.")
    assert [found.ended_at is None for found in Acknowledgement.objects.order_by("acknowledged_at")] == [False, True]


def test_it_is_open_again_after_its_last_day() -> None:
    finding, today = unused(), timezone.localdate()
    acknowledge(actor=ACTOR, subject=FindingSubject(finding.pk), reason=WHY, until=today)
    reconcile()
    assert facts(finding) == ("tests", True, WHY)

    Acknowledgement.objects.update(until=today - timedelta(days=1))
    reconcile()
    assert facts(finding) == ("", False, "")
    assert Acknowledgement.objects.get().ended_at
    event = AuditEvent.objects.order_by("seq").last()
    assert event
    assert event.after == {"finding": "No address uses the server", "reason": WHY, "until": str(today)}


def test_taking_back_opens_it_and_leaves_an_event_once() -> None:
    finding = unused()
    acknowledge(actor=ACTOR, subject=FindingSubject(finding.pk), reason=WHY)
    opened(finding)
    events = AuditEvent.objects.count()
    opened(finding)

    assert facts(finding) == ("", False, "")
    assert AuditEvent.objects.count() == events
    event = AuditEvent.objects.order_by("seq").last()
    assert event
    assert (event.action, event.before) == ("taken back", {"finding": "No address uses the server", "reason": WHY})


def test_it_is_acknowledged_once() -> None:
    finding = unused()
    acknowledge(actor=ACTOR, subject=FindingSubject(finding.pk), reason=WHY)

    with pytest.raises(ValidationError, match="meanwhile"):
        acknowledge(actor=ACTOR, subject=FindingSubject(finding.pk), reason="mine")
    assert facts(finding) == ("tests", True, WHY)


def test_a_reason_is_asked_for() -> None:
    finding = unused()

    with pytest.raises(ValidationError, match="Say why"):
        acknowledge(actor=ACTOR, subject=FindingSubject(finding.pk), reason="  ")
    values = {"kind": finding.kind, "subject_id": finding.subject_id, "rule": finding.rule, "status": "advice"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Acknowledgement.objects.create(acknowledged_by="somebody", reason=" ", **values)
    assert facts(finding) == ("", False, "")


@pytest.mark.parametrize("username", ["support", "queues"])
def test_only_who_may_change_the_object_may(username: str) -> None:
    finding, actor = unused(), Actor.of(person(username))

    with pytest.raises(PermissionDenied):
        acknowledge(actor=actor, subject=FindingSubject(finding.pk), reason=WHY)
    acknowledge(actor=ACTOR, subject=FindingSubject(finding.pk), reason=WHY)
    with pytest.raises(PermissionDenied):
        opened(finding, actor)
    assert facts(finding) == ("tests", True, WHY)


def test_what_went_away_is_not_acknowledged() -> None:
    gone = FindingSubject(uuid.uuid4())
    with pytest.raises(Finding.DoesNotExist):
        acknowledge(actor=ACTOR, subject=gone, reason=WHY)
    with pytest.raises(Finding.DoesNotExist):
        take_back(actor=ACTOR, subject=gone, pk=uuid.uuid4())
