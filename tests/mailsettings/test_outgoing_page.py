"""The External Outgoing Mail Server's page: one record, its password, its versions."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from configurator.vault.models import SealedSecret
from configurator.vault.services import open_sealed
from mailsettings.models import OutgoingServer
from tests.mailsettings.typed import CLIENT, OUTGOING, SECRET
from tests.people import TENANT, As, outgoing
from tests.trail import trailed

OTHER = "1b671a64-40d5-491e-99b0-da01ff1f3341"


def save(client: Client, **typed: Any) -> Any:
    """Save the page with these values in place of the stored ones; without a tick at Set Password."""
    server = OutgoingServer.objects.get()
    stored = {
        "enabled": "on" if server.enabled else "",
        "tenant": server.tenant,
        "port": server.port or "",
        "authentication_type": server.authentication_type,
        "server_user": str(server.server_user or ""),
        "version": server.version,
    }
    return client.post(reverse("mailsettings:outgoing"), stored | typed)


def password() -> str:
    """Return the stored password's text."""
    server = OutgoingServer.objects.get()
    assert server.password is not None
    return open_sealed(server.password, server.secret_context).reveal()


def test_the_first_save_makes_the_record_with_one_event(admin: Client) -> None:
    with trailed() as events:
        response = admin.post(reverse("mailsettings:outgoing"), OUTGOING)

    server = OutgoingServer.objects.get()
    assert response.status_code == 302
    assert (server.tenant, str(server.server_user), server.port, server.effective_port) == (TENANT, CLIENT, None, 443)
    assert password() == SECRET
    assert [(event.action, event.after["password"]) for event in events] == [("created", "set")]


def test_without_the_tick_the_stored_password_stays(admin: Client) -> None:
    outgoing()
    before = password()

    with trailed() as events:
        assert save(admin, port="8443").status_code == 302

    assert password() == before
    assert [(event.before, event.after) for event in events] == [({"port": None}, {"port": 8443})]


def test_with_the_tick_it_is_replaced(admin: Client) -> None:
    outgoing()

    with trailed() as events:
        save(admin, set_password="on", password="new~secret")

    assert password() == "new~secret"
    assert SealedSecret.objects.count() == 1
    assert [event.after for event in events] == [{"password": "changed"}]


@pytest.mark.parametrize("moved", [{"tenant": OTHER}, {"server_user": OTHER}], ids=["tenant", "Server User"])
def test_the_password_is_typed_again_where_it_would_go_elsewhere(admin: Client, moved: dict[str, str]) -> None:
    outgoing()

    refused = save(admin, **moved)

    assert refused.status_code == 422
    assert refused.context["form"].errors["password"] == [
        "Enter it again: the stored one was given for another tenant or Server User and is never sent elsewhere."
    ]
    assert save(admin, **moved, set_password="on", password=SECRET).status_code == 302


def test_switched_off_it_needs_nothing_and_drops_a_password_for_elsewhere(admin: Client) -> None:
    outgoing()

    with trailed() as events:
        response = save(admin, enabled="", tenant="", server_user="")

    assert response.status_code == 302
    assert not SealedSecret.objects.exists()
    assert events[0].after["password"] == "removed"


def test_switched_off_and_on_again_it_keeps_the_password(admin: Client) -> None:
    outgoing()
    before = password()

    save(admin, enabled="")
    assert save(admin, enabled="on").status_code == 302

    assert password() == before


def test_a_secret_never_comes_back(admin: Client) -> None:
    response = admin.post(reverse("mailsettings:outgoing"), OUTGOING | {"port": "x"})

    assert response.status_code == 422
    assert 'value="x"' in response.content.decode()
    assert SECRET not in response.content.decode()


def test_the_second_of_two_first_editors_gets_both_versions(admin: Client) -> None:
    admin.post(reverse("mailsettings:outgoing"), OUTGOING)

    second = admin.post(reverse("mailsettings:outgoing"), OUTGOING | {"port": "8443"})

    assert second.status_code == 409
    assert ("Port", "8443", "–") in [(side.label, side.typed, side.stored) for side in second.context["sides"]]
    assert save(admin, port="8443").status_code == 302


def test_extra_fields_change_nothing(admin: Client) -> None:
    outgoing()

    save(admin, id=OTHER, password_id=OTHER, status="ok", changed_by="x")

    server = OutgoingServer.objects.get()
    assert (server.pk, server.status, server.changed_by) == (OutgoingServer.SINGLE, "unchecked", "tests")


@pytest.mark.parametrize("enabled", ["on", ""])
def test_a_check_is_announced_only_while_the_server_is_enabled(admin: Client, enabled: str) -> None:
    outgoing()
    save(admin, enabled=enabled)

    said = admin.get(reverse("mailsettings:outgoing")).content.decode()
    assert "The outgoing server was saved" in said
    assert ("a check of it is on its way" in said) is bool(enabled)


def test_the_default_port_is_shown_where_none_is_entered(signed_in: As) -> None:
    outgoing()
    for username in ("admin", "support"):
        assert "443, default" in signed_in(username).get(reverse("mailsettings:outgoing")).content.decode()
