"""Signing in and out."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from configurator.accounts.models import User
from configurator.audit.models import AuditEvent
from tests.people import As, person

PASSWORD = "a-long-enough-passphrase"


@pytest.fixture
def alice(db: None) -> User:
    """Return a user with a password."""
    user = person("admin")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, username: str, password: str, **more: str) -> Any:
    """Send the sign-in form."""
    return client.post(reverse("accounts:sign_in"), {"username": username, "password": password} | more)


def test_the_right_password_leads_to_the_start_page_and_leaves_an_event(client: Client, alice: User) -> None:
    """A new session key, the start page, one event."""
    client.get(reverse("accounts:sign_in"))
    answer = sign_in(client, alice.username, PASSWORD)

    assert answer.status_code == 302
    assert answer.url == reverse("console:start")
    assert AuditEvent.objects.filter(action="signed in", actor_name="admin").count() == 1


@pytest.mark.parametrize("username", ["admin", "nobody-of-that-name"])
def test_unknown_user_and_wrong_password_are_refused_in_the_same_words(
    client: Client, alice: User, username: str
) -> None:
    """The page does not tell who exists; the refusal leaves an event."""
    answer = sign_in(client, username, "wrong")

    assert answer.status_code == 422
    assert "do not match" in answer.content.decode()
    assert AuditEvent.objects.filter(action="refused", actor_name=username).count() == 1


@pytest.mark.parametrize("password", [PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1]])
def test_a_password_is_compared_exactly(client: Client, alice: User, password: str) -> None:
    """No trimming, no folding, no cutting (ASVS 6.2.8)."""
    assert sign_in(client, alice.username, password).status_code == 422


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_leads_nowhere_else(client: Client, alice: User, target: str) -> None:
    """Only paths of this site are followed (ASVS 3.7.2)."""
    answer = sign_in(client, alice.username, PASSWORD, next=target)

    assert answer.url == reverse("console:start")


def test_signing_out_ends_the_session(signed_in: As) -> None:
    """The old cookie opens nothing; GET does not sign out."""
    client = signed_in("admin")
    assert client.get(reverse("accounts:sign_out")).status_code == 405

    answer = client.post(reverse("accounts:sign_out"))

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get(reverse("console:start")).status_code == 302
    assert AuditEvent.objects.filter(action="signed out").count() == 1


def test_a_control_character_in_the_user_name_is_no_fault(client: Client, db: None) -> None:
    """NUL reaches neither database nor log."""
    assert sign_in(client, "a\x00b\nc", "x").status_code == 422


def test_a_disabled_user_is_out_at_once(signed_in: As) -> None:
    """The next request of a live session is refused (ASVS 7.4.2)."""
    client = signed_in("admin")
    User.objects.filter(username="admin").update(is_active=False)

    assert client.get(reverse("console:start")).status_code == 302
