"""The page of a queue group: its name, and its deletion."""

import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from configurator.accounts.models import QueueGroup
from configurator.audit.models import AuditEvent
from configurator.console.people import services
from tests.people import ACTOR, As, group_made, queue, role_made

pytestmark = pytest.mark.django_db


def test_a_group_in_use_stays(north: QueueGroup, south: QueueGroup, signed_in: As) -> None:
    role_made("Of the north", held={"queue.view"}, groups=[north])
    queue(name="Southern", group=south)
    for group, user in ((north, "the role Of the north"), (south, "Southern")):
        with pytest.raises(ProtectedError):
            services.queue_group_delete(actor=ACTOR, group=group)
        answer = signed_in("superuser").post(reverse("console:queue_group_delete", args=[group.pk]))
        assert answer.status_code == 409
        assert user in answer.content.decode()
    spare = group_made("Spare")
    assert signed_in("superuser").post(reverse("console:queue_group_delete", args=[spare.pk])).status_code == 302


def test_a_group_is_named_once_in_whatever_spelling(north: QueueGroup, signed_in: As) -> None:
    client, new = signed_in("superuser"), reverse("console:queue_group_new")
    for name in ("north", "", " ", "a\nb"):
        assert client.post(new, {"name": name}).status_code == 422, name
    made = client.post(new, {"name": "East"}, follow=True)
    assert made.status_code == 200
    event = AuditEvent.objects.order_by("-seq")[0]
    assert (event.kind, event.action, event.after) == ("queue_group", "created", {"name": "East"})
    stale = {"name": "West", "version": "1"}
    assert client.post(made.context["object"].get_absolute_url(), stale).status_code == 409
