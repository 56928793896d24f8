"""Queue groups, and the roles that are limited to them: each rule has its own message."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from configurator.accounts.actor import Actor
from configurator.accounts.models import QueueGroup
from configurator.accounts.rights import ALL
from configurator.console.people import services
from configurator.console.people.forms import QueueGroupForm
from tests.console.people.test_role_views import errors, ticked
from tests.mailsettings.typed import messages
from tests.people import ACTOR, NOWHERE, OUTSIDE, As, limited, own_group, queue, role_made, user_made
from tests.rules import Place, Rule, rule

NAME = Place("Queue Groups", "Name", "name")
DELETE = Place("Queue Groups", "Delete", "delete")
TICKED = Place("Roles", "Queue groups", "queue_groups")
ON_LINE, ONCE = "queue_group_name_on_one_line", "queue_group_name_once"
TAKEN = "There is a queue group of this name already: choose another."
ON_ONE_LINE = "Enter a name, on one line."
OUT_OF_REACH = "One of these groups is not there any more, or not yours: tick anew."
LIMITED = "form of whoever is limited to queue groups"
STANDS = "Give these queues another group, or none, and limit these roles to other groups first."
OWN_GROUPS = "You have this for your own queue groups alone (Queue: View): tick some of them, and no others."
SERVICE = "service"
pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> QueueGroup:
    """Return a group, beside another one."""
    return own_group()


@pytest.fixture
def clerk(own: QueueGroup) -> Client:
    """Return the client of one who may do everything for the queues of the group."""
    client = Client()
    client.force_login(limited("clerk", ALL, own))
    return client


@rule(NAME, "required", " ", "Name is required: fill it in.", constraint=ON_LINE, past={"name": " "})
@rule(
    NAME,
    "on one line",
    "a\nb",
    "The 2nd sign is a line break (U+000A). Take it out.",
    constraint=ON_LINE,
    past={"name": "a\nb"},
)
@rule(NAME, "once", "Own", TAKEN, constraint=ONCE, past={"name": "Own"})
@rule(NAME, "once in whatever spelling", "oWN", TAKEN, constraint=ONCE, past={"name": "oWN"})
@rule(NAME, "at most 150 characters", "x" * 151, "Shorten it: at most 150 characters fit, this has 151.")
@rule(NAME, "no NUL", "a\x00b", "The 2nd sign is a null character (U+0000). Take it out.")
def test_a_wrong_name_is_refused_with_its_own_message(own: QueueGroup, case: Rule) -> None:
    form = QueueGroupForm(case.typed, instance=QueueGroup())

    assert messages(form, case) == [case.message]


def test_the_database_refuses_it_too(own: QueueGroup, past: Rule) -> None:
    other = QueueGroup.objects.filter(pk=OUTSIDE)

    with pytest.raises(IntegrityError, match=past.constraint):
        other.update(**past.past)


@rule(DELETE, "not while a queue is in it", {"in it": "a queue"}, STANDS, where=SERVICE)
@rule(DELETE, "not while a role is limited to it", {"in it": "a role"}, STANDS, where=SERVICE)
def test_a_group_in_use_stays(own: QueueGroup, signed_in: As, case: Rule) -> None:
    made: dict[str, Callable[[], Any]] = {
        "a queue": lambda: queue(group=own),
        "a role": lambda: role_made(held={"queue.view"}, groups=[own]),
    }
    made[case.typed["in it"]]()

    with pytest.raises(ProtectedError):
        services.queue_group_delete(actor=ACTOR, group=own)
    answer = signed_in("superuser").post(reverse("console:queue_group_delete", args=[own.pk]))
    assert answer.status_code == 409
    assert case.message in answer.content.decode()


@rule(TICKED, "those that are there", NOWHERE, OUT_OF_REACH)
def test_what_is_no_group_is_not_ticked(own: QueueGroup, signed_in: As, case: Rule) -> None:
    sent = ticked("queue.view", **case.typed)

    assert errors(signed_in("superuser").post(reverse("console:role_new"), sent)) == {"queue_groups": [case.message]}


@rule(TICKED, "of one's own; a hidden one is as one that is not there", OUTSIDE, OUT_OF_REACH, where=LIMITED)
@rule(TICKED, "at least one, or the rights would reach farther", "", OWN_GROUPS, where=LIMITED)
def test_who_is_limited_gives_no_more_queues_than_his_own(clerk: Client, own: QueueGroup, case: Rule) -> None:
    groups = [text for text in case.typed.values() if text]

    sent = ticked("queue.view", queue_groups=groups)
    assert errors(clerk.post(reverse("console:role_new"), sent)) == {"queue_groups": [case.message]}
    sent = ticked("queue.view", queue_groups=[str(own.pk)])
    assert clerk.post(reverse("console:role_new"), sent).status_code == 302


@rule(TICKED, "no more in a role that one has oneself", OUTSIDE, services.HELD, where=SERVICE)
def test_nobody_widens_a_role_of_his_own(own: QueueGroup, case: Rule) -> None:
    boss, part = user_made("boss", "Superuser"), role_made("Part", held={"queue.view"}, groups=[own])
    boss.groups.add(part)
    more = [own, QueueGroup.objects.get(pk=case.typed["queue_groups"])]

    with pytest.raises(ValidationError) as refused:
        services.role_save(actor=Actor.of(boss), role=part, held={"queue.view"}, groups=more)
    assert refused.value.message_dict == {"queue_groups": [case.message]}
