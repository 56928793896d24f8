"""Who is limited to queue groups gives nothing that reaches farther; nobody lets his own role reach farther."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from configurator.accounts.actor import Actor
from configurator.accounts.models import QueueGroup, Role, User
from configurator.accounts.rights import ALL
from configurator.accounts.scope import Scope
from configurator.console.people import services
from configurator.console.people.services import HELD
from tests.console.people.test_role_views import errors, ticked
from tests.people import limited, role_made, user_made

pytestmark = pytest.mark.django_db


def test_he_gives_no_more_queues_than_his_own(north: QueueGroup, south: QueueGroup) -> None:
    clerk = limited("clerk", ALL, north)
    client = Client()
    client.force_login(clerk)
    new = reverse("console:role_new")

    for groups in ([], [str(south.pk)], [str(north.pk), str(south.pk)]):
        assert "queue_groups" in errors(client.post(new, ticked("queue.view", name="More", queue_groups=groups)))
    assert client.post(new, ticked("queue.view", name="Same", queue_groups=[str(north.pk)])).status_code == 302
    wide = role_made("Wide", held={"queue.view"})
    assert client.post(wide.get_absolute_url(), ticked("queue.view", version=wide.version)).status_code == 403
    kim = user_made("kim")
    kept = {"username": "kim", "is_active": "on", "version": kim.version}
    assert "groups" in errors(client.post(kim.get_absolute_url(), kept | {"groups": [str(wide.pk)]}))
    own = Role.roles.get(user=clerk)
    both = role_made("Both", held={"queue.view"}, groups=[north, south])
    User.objects.get(pk=clerk.pk).groups.add(both)
    sent = ticked(*ALL, name=own.name, version=own.version, queue_groups=[str(north.pk), str(south.pk)])
    assert "queue_groups" in errors(client.post(own.get_absolute_url(), sent))
    assert Role.roles.get(pk=own.pk).scope() == Scope(frozenset({north.pk}))


def test_nobody_widens_a_role_of_his_own(north: QueueGroup, south: QueueGroup) -> None:
    boss = user_made("boss", "Superuser")
    part = role_made("Part", held={"queue.view"}, groups=[north])
    boss.groups.add(part)
    with pytest.raises(ValidationError, match=HELD):
        services.role_save(actor=Actor.of(boss), role=part, held={"queue.view"}, groups=[north, south])


def test_the_last_who_may_do_everything_is_not_limited(north: QueueGroup) -> None:
    user_made("boss", "Superuser")
    limited("nearly", ALL, north)
    assert [user.username for user in User.people.superusers()] == ["boss"]
