"""An incoming mail server's page: create, edit, copy, delete, and what happens to its secret."""

import html
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from configurator.console.records.record import Record
from configurator.vault.models import SealedSecret
from configurator.vault.services import open_sealed
from mailsettings.models import IncomingServer
from tests.mailsettings.typed import CLIENT, INCOMING, LOGIN, SECRET, save_page
from tests.people import TENANT, address, incoming, queue
from tests.trail import trailed

NEW = "/e-mail-settings/incoming/new/"
RETYPE = "Enter it again: the stored one was given for another login address, tenant or client ID"
OTHER = "1b671a64-40d5-491e-99b0-da01ff1f3341"


def secret_of(server: IncomingServer) -> str:
    """Return the stored secret's text."""
    server.refresh_from_db()
    assert server.secret is not None
    return open_sealed(server.secret, server.secret_context).reveal()


def text_of(response: Any) -> str:
    """Return what the page says."""
    return html.unescape(response.content.decode())


def test_it_creates_a_server_with_one_event(admin: Client) -> None:
    with trailed() as events:
        response = admin.post(reverse("mailsettings:incoming_new"), INCOMING)

    server = IncomingServer.objects.get()
    assert (response.status_code, response["Location"]) == (302, server.get_absolute_url())
    assert (server.name, server.address, server.version) == ("Contoso support", f"{LOGIN}/{TENANT}", 1)
    assert server.changed_by == "admin"
    assert secret_of(server) == SECRET
    [event] = events
    assert (event.action, event.kind, event.object_id) == ("created", "incoming_server", str(server.pk))
    assert event.request_id == response["X-Request-Id"]
    assert event.after["secret"] == "set"


def test_save_and_close_goes_back_to_the_list(admin: Client) -> None:
    response = admin.post(reverse("mailsettings:incoming_new") + "?then=close", INCOMING)

    assert response["Location"] == reverse("mailsettings:incoming_list")


def test_a_blank_secret_keeps_the_stored_one(admin: Client) -> None:
    server = incoming(secret=SECRET)

    with trailed() as events:
        response = save_page(admin, server, name="Renamed", secret="")

    assert response.status_code == 302
    assert secret_of(server) == SECRET
    assert [(event.before, event.after) for event in events] == [({"name": "Contoso support"}, {"name": "Renamed"})]


def test_a_new_secret_replaces_the_old_and_leaves_no_copy(admin: Client) -> None:
    server = incoming(secret=SECRET)

    with trailed() as events:
        save_page(admin, server, secret="another~secret")

    assert secret_of(server) == "another~secret"
    assert SealedSecret.objects.count() == 1
    assert [event.after for event in events] == [{"secret": "changed"}]


def test_saving_what_is_stored_already_writes_nothing(admin: Client) -> None:
    server = incoming()

    with trailed() as events:
        response = save_page(admin, server)

    assert response.status_code == 302
    assert events == []
    assert IncomingServer.objects.get().version == server.version


@pytest.mark.parametrize(
    "moved",
    [
        {"address": f"https://login.microsoftonline.us/{TENANT}"},
        {"address": f"{LOGIN}/{OTHER}"},
        {"client_id": OTHER},
    ],
    ids=["login host", "tenant", "client ID"],
)
def test_the_secret_is_typed_again_where_it_would_go_elsewhere(admin: Client, moved: dict[str, str]) -> None:
    server = incoming(secret=SECRET)

    with trailed() as events:
        refused = save_page(admin, server, **moved)

    assert refused.status_code == 422
    assert RETYPE in refused.context["form"].errors["secret"][0]
    assert events == []
    assert save_page(admin, server, **moved, secret=SECRET).status_code == 302
    assert secret_of(server) == SECRET


def test_what_was_typed_stays_after_an_error_but_never_a_secret(admin: Client) -> None:
    response = admin.post(reverse("mailsettings:incoming_new"), INCOMING | {"client_id": "none", "name": "Typed name"})

    assert response.status_code == 422
    assert 'value="Typed name"' in response.content.decode()
    assert 'value="none"' in response.content.decode()
    assert SECRET not in response.content.decode()
    assert "type it again" in text_of(response)


@pytest.mark.parametrize("field", ["client_id", "address"])
def test_a_secret_in_the_wrong_field_is_not_sent_back(admin: Client, field: str) -> None:
    response = admin.post(reverse("mailsettings:incoming_new"), INCOMING | {field: SECRET, "secret": ""})

    assert response.status_code == 422
    assert SECRET not in text_of(response)


def test_turning_to_oauth_user_removes_the_secret_and_its_date(admin: Client) -> None:
    server = incoming(secret_expires_on="2031-01-31")

    with trailed() as events:
        save_page(admin, server, authentication_type="oauth_user", secret_expires_on="2031-01-31")

    server.refresh_from_db()
    assert (server.secret, server.secret_expires_on) == (None, None)
    assert not SealedSecret.objects.exists()
    assert [event.after for event in events] == [
        {"authentication_type": "oauth_user", "secret": "removed", "secret_expires_on": None}
    ]


def test_extra_fields_change_nothing(admin: Client) -> None:
    server, other = incoming(secret=SECRET), incoming(name="Other")
    extra = {
        "id": str(other.pk),
        "pk": str(other.pk),
        "secret_id": str(other.secret_id),
        "tenant_id": OTHER,
        "login_host": "login.microsoftonline.us",
        "changed_by": "somebody",
        "status": "ok",
        "status_summary": "fine",
        "is_service": "",
    }

    assert save_page(admin, server, name="Renamed", **extra).status_code == 302

    saved = IncomingServer.objects.get(pk=server.pk)
    assert (saved.name, saved.address, saved.changed_by) == ("Renamed", server.address, "admin")
    assert (saved.status, saved.status_summary) == ("unchecked", "")
    assert secret_of(saved) == SECRET
    assert IncomingServer.objects.get(pk=other.pk).name == "Other"


def test_a_copy_takes_the_ticked_parts_and_never_the_secret(admin: Client) -> None:
    server = incoming(secret=SECRET, secret_expires_on="2031-01-31")
    asked = {"copy": str(server.pk), "name": "A copy", "part": "connection"}

    form = admin.get(reverse("mailsettings:incoming_new"), asked).context["form"]
    typed = {name: value for name, value in form.initial.items() if value is not None}
    refused = admin.post(reverse("mailsettings:incoming_new"), typed)

    assert form["name"].value() == "A copy"
    assert form["address"].value() == server.address
    assert str(form["client_id"].value()) == str(server.client_id)
    assert form["secret"].value() is None
    assert form["secret_expires_on"].value() is None
    assert "OAuth Service needs the client secret" in refused.context["form"].errors["secret"][0]


def test_a_copy_without_parts_takes_the_name_alone(admin: Client) -> None:
    asked = {"copy": str(incoming().pk), "name": "A copy"}

    form = admin.get(reverse("mailsettings:incoming_new"), asked).context["form"]

    assert (form["name"].value(), form["address"].value()) == ("A copy", None)


def test_it_deletes_server_and_secret(admin: Client) -> None:
    server = incoming()

    with trailed() as events:
        response = admin.post(reverse("mailsettings:incoming_delete", args=[server.pk]))

    assert response.status_code == 302
    assert not IncomingServer.objects.exists()
    assert not SealedSecret.objects.exists()
    assert [(event.action, event.before["secret"]) for event in events] == [("deleted", "set")]


def test_a_server_in_use_is_not_deleted_and_the_refusal_lists_what_uses_it(admin: Client) -> None:
    used = address(address="box@contoso.example", queue=queue(name="Sales"))

    with trailed() as events:
        response = admin.post(reverse("mailsettings:incoming_delete", args=[used.server_id]))

    assert response.status_code == 409
    assert "box@contoso.example (Sales)" in text_of(response)
    assert events == []
    assert IncomingServer.objects.filter(pk=used.server_id).exists()


def test_the_second_of_two_editors_sees_both_versions_and_may_save_over(admin: Client) -> None:
    server = incoming(secret=SECRET)
    save_page(admin, server, name="First")

    with trailed() as events:
        second = save_page(admin, server, name="Second", secret="typed~by~the~second")

    assert second.status_code == 409
    assert events == []
    differing = [(side.label, side.typed, side.stored) for side in second.context["sides"] if side.differs]
    assert ("Name", "Second", "First") in differing
    assert "type it again" in {label: typed for label, typed, _ in differing}["Secret"]
    assert "typed~by~the~second" not in text_of(second)
    again = second.context["form"]["version"].value()
    assert save_page(admin, server, name="Second", version=again).status_code == 302
    assert IncomingServer.objects.get().name == "Second"


@pytest.mark.parametrize("version", ["", "0", "-1", "99", "abc", "1.5", "9" * 5000, "\x00"])
def test_no_version_but_the_stored_one_saves(admin: Client, version: str) -> None:
    server = incoming()

    response = save_page(admin, server, name="Over", version=version)

    assert response.status_code == 409
    assert IncomingServer.objects.get().name == "Contoso support"


def test_a_server_that_is_not_there_is_404(admin: Client) -> None:
    nobody = uuid.uuid4()

    for name in ("incoming", "incoming_copy", "incoming_delete"):
        url = reverse(f"mailsettings:{name}", args=[nobody])
        assert {admin.get(url).status_code, admin.post(url, INCOMING).status_code} <= {404, 405}


def test_a_record_has_a_version_of_its_own(admin: Client) -> None:
    server: Record = incoming()

    save_page(admin, IncomingServer.objects.get(), name="Once")
    save_page(admin, IncomingServer.objects.get(), name="Twice")

    server.refresh_from_db()
    assert server.version == 3
    assert str(server.pk) != CLIENT
