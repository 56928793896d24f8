"""A finding is acknowledged with a reason, taken back, and open again when it comes back."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from configurator.accounts.actor import Actor
from configurator.audit.models import AuditEvent
from health.findings.models import Finding
from health.findings.services import acknowledge, look, look_at, take_back
from tests.people import ACTOR, address, incoming, person

pytestmark = pytest.mark.django_db
WHY = "It is kept for the move in March."


def unused() -> Finding:
    """Store a server that no address uses, and find it."""
    server = incoming()
    look()
    return Finding.objects.get(rule="server_unused", subject_id=server.pk)


def facts(finding: Finding) -> tuple[Any, ...]:
    """Return how the finding stands."""
    finding.refresh_from_db()
    return finding.acknowledged_by, bool(finding.acknowledged_at), finding.reason


def test_it_is_open_no_more_and_leaves_an_event() -> None:
    finding = unused()
    acknowledge(actor=ACTOR, pk=finding.pk, reason=WHY)

    assert facts(finding) == ("tests", True, WHY)
    assert finding not in Finding.objects.open()
    event = AuditEvent.objects.order_by("seq").last()
    assert event
    assert (event.kind, event.action, event.object_id) == ("finding", "acknowledged", str(finding.subject_id))
    assert event.after == {"finding": "No address uses the server", "reason": WHY}


def test_it_stays_acknowledged_and_old_while_the_rule_holds() -> None:
    finding = unused()
    since = finding.found_at
    acknowledge(actor=ACTOR, pk=finding.pk, reason=WHY)
    look()
    look_at("incoming_server", finding.subject_id)

    assert facts(finding) == ("tests", True, WHY)
    assert finding.found_at == since


def test_a_new_name_is_taken_over_and_nothing_else_changes() -> None:
    finding = unused()
    acknowledge(actor=ACTOR, pk=finding.pk, reason=WHY)
    type(incoming()).objects.filter(pk=finding.subject_id).update(name="Renamed")
    look()

    assert facts(finding) == ("tests", True, WHY)
    assert finding.name == "Renamed"


def test_what_went_away_and_came_back_is_open() -> None:
    finding = unused()
    acknowledge(actor=ACTOR, pk=finding.pk, reason=WHY)
    item = address(server=type(incoming()).objects.get(pk=finding.subject_id))
    look()
    item.delete()
    look()

    assert Finding.objects.open().filter(rule="server_unused", subject_id=finding.subject_id).exists()


def test_taking_back_opens_it_and_leaves_an_event_once() -> None:
    finding = unused()
    acknowledge(actor=ACTOR, pk=finding.pk, reason=WHY)
    take_back(actor=ACTOR, pk=finding.pk)
    events = AuditEvent.objects.count()
    take_back(actor=ACTOR, pk=finding.pk)

    assert facts(finding) == ("", False, "")
    assert AuditEvent.objects.count() == events
    event = AuditEvent.objects.order_by("seq").last()
    assert event
    assert (event.action, event.before) == ("taken back", {"finding": "No address uses the server", "reason": WHY})


def test_it_is_acknowledged_once() -> None:
    finding = unused()
    acknowledge(actor=ACTOR, pk=finding.pk, reason=WHY)

    with pytest.raises(ValidationError, match="meanwhile"):
        acknowledge(actor=ACTOR, pk=finding.pk, reason="mine")
    assert facts(finding) == ("tests", True, WHY)


def test_a_reason_is_asked_for() -> None:
    finding = unused()

    with pytest.raises(ValidationError, match="Say why"):
        acknowledge(actor=ACTOR, pk=finding.pk, reason="  ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(acknowledged_by="somebody", reason="known")
    assert facts(finding) == ("", False, "")


@pytest.mark.parametrize("username", ["support", "queues"])
def test_only_who_may_change_the_object_may(username: str) -> None:
    finding, actor = unused(), Actor.of(person(username))

    with pytest.raises(PermissionDenied):
        acknowledge(actor=actor, pk=finding.pk, reason=WHY)
    acknowledge(actor=ACTOR, pk=finding.pk, reason=WHY)
    with pytest.raises(PermissionDenied):
        take_back(actor=actor, pk=finding.pk)
    assert facts(finding) == ("tests", True, WHY)


def test_what_went_away_is_not_acknowledged() -> None:
    with pytest.raises(Finding.DoesNotExist):
        acknowledge(actor=ACTOR, pk=uuid.uuid4(), reason=WHY)
    with pytest.raises(Finding.DoesNotExist):
        take_back(actor=ACTOR, pk=uuid.uuid4())
