"""Roles and rights."""

import io
import json

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from configurator.accounts.actor import Actor
from configurator.accounts.backends import RoleBackend
from configurator.accounts.models import User
from configurator.accounts.rights import ALL, DEFAULT_ROLES, EVERY_VIEW, permission
from tests.people import ROLES, As, group_made, person, role_made, user_made


@pytest.mark.parametrize(("username", "role"), ROLES.items())
def test_each_default_role_carries_exactly_its_rights(db: None, username: str, role: str) -> None:
    """What the code names is what the database gives."""
    user = person(username)

    assert {right for right in ALL if user.may(right)} == set(DEFAULT_ROLES[role])


def test_support_may_view_everything_run_checks_and_nothing_more() -> None:
    """SC's Support, in rights."""
    assert DEFAULT_ROLES["Support"] == EVERY_VIEW | {"token_check.run"}


def test_an_unknown_right_is_an_error() -> None:
    """A misspelt right is never silently refused or given."""
    with pytest.raises(KeyError):
        permission("nothing.view")
    with pytest.raises(ValueError, match="fly"):
        permission("queue.fly")


def test_a_lost_role_counts_on_the_next_request(signed_in: As) -> None:
    """A live session loses the right at once (ASVS 8.3.2)."""
    client = signed_in("admin")
    page = reverse("mailsettings:incoming_list")
    assert client.get(page).status_code == 200

    User.objects.get(username="admin").groups.clear()

    assert client.get(page).status_code == 403


def test_a_right_given_to_a_user_beside_his_roles_counts_for_nothing(signed_in: As) -> None:
    """Rights are given to roles alone."""
    user = person("queues")
    held = Group.objects.get(name="Superuser").permissions.all()
    user.user_permissions.set(held)

    assert not person("queues").may("incoming_server.modify")


def test_an_actor_without_the_right_is_refused() -> None:
    """Services ask the actor."""
    with pytest.raises(PermissionDenied):
        Actor(id="1", name="nobody").require("queue.view")
    Actor.system("tests").require("queue.view")


def test_ensure_users_makes_users_and_can_be_repeated(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Users come from standard input, with their role; a second run changes nothing."""
    wanted = [{"username": "zoë", "password": "quite-a-long-one", "role": "Support"}]
    for _ in range(2):
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(wanted)))
        call_command("ensure_users")

    user = User.objects.get(username="zoë")
    assert user.check_password("quite-a-long-one")
    assert [group.name for group in user.groups.all()] == ["Support"]


@pytest.mark.parametrize("text", ["", "{}x", '[{"username": "a"}]', '[{"nonsense": 1}]'])
def test_ensure_users_says_what_it_wants(db: None, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Anything else is refused in words."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    with pytest.raises(CommandError, match="JSON list"):
        call_command("ensure_users")


def test_the_matrix_names_each_role_and_object(signed_in: As) -> None:
    """The screen Roles shows what each role may do in SC's words."""
    page = signed_in("support").get(reverse("console:role_list")).content.decode()

    for word in (*DEFAULT_ROLES, "E-Mail Server (Incoming)", "Manage", "Token Check"):
        assert word in page


@pytest.mark.parametrize("roles", [(), ("Support",), ("Support", "North"), ("North", "South")], ids=" and ".join)
def test_a_request_reads_with_its_user_what_his_roles_give(db: None, roles: tuple[str, ...]) -> None:
    """The user of a session and one who is loaded otherwise hold the same, and the first is asked no more."""
    for name, held in {"North": {"queue.view", "queue.modify"}, "South": {"queue.view"}}.items():
        role_made(name, held=held, groups=[group_made(name)])
    pk = user_made("kim", *roles).pk
    loaded, asked = RoleBackend().get_user(pk), User.objects.get(pk=pk)

    with CaptureQueriesContext(connection) as made:
        may = {right for right in ALL if loaded.may(right)}
    assert not made.captured_queries
    assert (
        may
        == {right for right in ALL if asked.may(right)}
        == {right for right in ALL if asked.has_perm(permission(right))}
    )
    assert [loaded.scope(right) for right in ALL] == [asked.scope(right) for right in ALL]


def test_who_is_locked_out_may_nothing_and_is_no_user_of_a_session(db: None) -> None:
    user = person("superuser")
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert RoleBackend().get_user(user.pk) is None
    assert not any(User.objects.get(pk=user.pk).may(right) for right in ALL)


def test_who_is_not_stored_any_more_may_nothing(db: None) -> None:
    user = user_made("kim", "Superuser")
    User.objects.filter(pk=user.pk).delete()

    assert not any(User(pk=user.pk).may(right) for right in ALL)
