"""Nobody gives what he does not have, nobody makes himself more, nobody takes over one who may do more."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from configurator.accounts.actor import Actor
from configurator.accounts.models import Role, User
from configurator.accounts.rights import manage, view
from configurator.console.people.grant_rules import LAST
from configurator.console.people.services import HELD, OWN, role_delete, role_save, user_password_set, user_save
from tests.console.people.test_role_views import errors, ticked
from tests.console.people.test_views import OTHER, ids, save
from tests.database import together
from tests.people import As, person, role_made, user_made

# May manage users and roles, and queues beside; no server, no log.
CLERK = manage("user", "role", "queue")
pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    """Return one who manages users and roles without every right."""
    role_made("Clerks", held=CLERK)
    user = user_made("clerk", "Clerks")
    User.objects.filter(pk=user.pk).update(password_is_initial=False)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def client(clerk: User) -> Client:
    """Return his client."""
    client = Client()
    client.force_login(clerk)
    return client


def test_a_role_with_more_is_not_given(client: Client) -> None:
    kim = user_made("kim")
    [said] = errors(save(client, kim, groups=ids("Support")))["groups"]

    assert said.startswith(
        "You cannot give Support: it has rights that you do not have (E-Mail Server (Incoming): View"
    )
    assert not kim.groups.exists()
    new = {"username": "lee", "groups": ids("Superuser"), "password1": OTHER, "password2": OTHER}
    assert list(errors(client.post("/users/new/", new))) == ["groups"]
    assert save(client, kim, groups=ids("Clerks")).status_code == 302


def test_a_right_that_he_lacks_is_put_into_no_role(client: Client) -> None:
    role = role_made(held={"queue.view"})
    sent = ticked("queue.view", "alarm.view", "audit_log.view", version=role.version)

    for path in (role.get_absolute_url(), "/roles/new/"):
        said = errors(client.post(path, sent | ({} if path != "/roles/new/" else {"name": "Another"})))
        assert said["alarm"] == ["You do not have Alarm: View yourself, so you cannot give it."]
        assert list(said) == ["alarm", "audit_log"]
    assert Role.roles.get(pk=role.pk).rights_held() == {"queue.view"}
    copy = Role.roles.get(name="Superuser")
    assert client.get(f"/roles/new/?copy={copy.pk}").status_code == 200
    everything = ticked(*manage("incoming_server"), name="Mine")
    assert list(errors(client.post("/roles/new/", everything))) == ["incoming_server"]


def test_he_gives_himself_no_role_and_his_role_no_right(client: Client, clerk: User) -> None:
    role_made("Spare", held={"queue.view"})
    assert errors(save(client, clerk, groups=ids("Clerks", "Spare"))) == {"groups": [OWN]}

    part = role_made("Part", held={"queue.view"})
    clerk.groups.add(part)
    sent = ticked("queue.view", "queue.modify", name="Part", version=part.version)
    assert errors(client.post(part.get_absolute_url(), sent)) == {"queue": [HELD]}
    assert Role.roles.get(pk=part.pk).rights_held() == {"queue.view"}
    assert save(client, clerk, groups=ids("Clerks")).status_code == 302


def test_who_may_do_more_is_out_of_his_reach(client: Client, clerk: User) -> None:
    mighty = user_made("mighty", "Superuser")
    page = mighty.get_absolute_url()

    assert save(client, mighty, is_active=None).status_code == 403
    assert save(client, mighty, groups=[]).status_code == 403
    password = {"password1": OTHER, "password2": OTHER}
    assert client.post(reverse("console:user_password", args=[mighty.pk]), password).status_code == 403
    shown = client.get(page).content.decode()
    assert "You cannot change this user" in shown
    assert "record-form" not in shown
    mighty.refresh_from_db()
    assert (mighty.is_active, mighty.check_password(OTHER)) == (True, False)
    # Not even while he is asleep, since he may be woken.
    User.objects.filter(pk=mighty.pk).update(is_active=False)
    assert client.post(reverse("console:user_password", args=[mighty.pk]), password).status_code == 403


def test_a_role_with_more_is_out_of_his_reach(client: Client) -> None:
    role = role_made(held=view("queue", "alarm"))

    assert client.post(role.get_absolute_url(), ticked("queue.view", version=role.version)).status_code == 403
    assert client.post(reverse("console:role_delete", args=[role.pk])).status_code == 403
    assert "You cannot change this role" in client.get(role.get_absolute_url()).content.decode()
    assert Role.roles.get(pk=role.pk).rights_held() == view("queue", "alarm")


def test_his_own_password_is_not_set_without_the_old_one(client: Client, clerk: User) -> None:
    path = reverse("console:user_password", args=[clerk.pk])

    assert client.post(path, {"password1": OTHER, "password2": OTHER}).status_code == 403
    assert not User.objects.get(pk=clerk.pk).check_password(OTHER)


@pytest.mark.parametrize("held", [set(), view("user", "role"), manage("queue", "alarm")], ids=["none", "view", "other"])
def test_the_services_refuse_whoever_has_not_the_right(held: set[str]) -> None:
    role, kim = role_made(held={"queue.view"}), user_made("kim")
    actor = Actor(id="1", name="nobody", may=lambda right: right in held)
    acts: list[Any] = [
        lambda: user_save(actor=actor, user=kim, roles=[]),
        lambda: user_save(actor=actor, user=User(username="x"), roles=[], password=OTHER),
        lambda: user_password_set(actor=actor, user=kim, password=OTHER),
        lambda: role_save(actor=actor, role=role, held=set()),
        lambda: role_save(actor=actor, role=Role(name="x"), held=set()),
        lambda: role_delete(actor=actor, role=role),
    ]

    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def test_what_is_sent_beside_the_form_counts_for_nothing(signed_in: As) -> None:
    kim = user_made("kim")
    more = {"is_superuser": "on", "is_staff": "on", "user_permissions": ["1"], "password": "x", "id": "x"}

    assert save(signed_in("superuser"), kim, **more).status_code == 302

    kim.refresh_from_db()
    assert (kim.is_superuser, kim.is_staff, kim.user_permissions.count()) == (False, False, 0)
    assert kim.password != "x"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_deactivate_each_other_at_once_one_is_refused() -> None:
    one, two = person("superuser"), user_made("second", "Superuser")
    refused: list[str] = []

    # Both have their rights when they begin: whoever reads his after the other is done is refused for another reason.
    actors = [Actor.of(User.objects.get(pk=user.pk)) for user in (one, two)]
    assert all(actor.may("user.modify") for actor in actors)

    def deactivate(actor: Actor, other: User) -> None:
        row = User.objects.get(pk=other.pk)
        row.is_active = False
        try:
            user_save(actor=actor, user=row, roles=list(Role.roles.filter(user=other)))
        except (ValidationError, PermissionDenied) as error:
            refused.append(str(error))
        finally:
            connection.close()

    together(lambda: deactivate(actors[0], two), lambda: deactivate(actors[1], one))

    assert len(refused) == 1
    assert LAST in refused[0] or "do not have" in refused[0]
    assert User.people.superusers().count() == 1
