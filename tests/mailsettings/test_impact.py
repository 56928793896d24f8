"""A change of a server that queue addresses suffer from: named before it is saved, confirmed, then carried out."""

import html

from django.test import Client

from configurator.vault.models import SealedSecret
from mailsettings.models import IncomingServer
from queues.models import QueueAddress
from tests.mailsettings.typed import CLIENT, LOGIN, SECRET, save_page
from tests.people import address, incoming, queue
from tests.trail import trailed

OTHER = "1b671a64-40d5-491e-99b0-da01ff1f3341"


def boxes(server: IncomingServer, count: int = 2) -> list[QueueAddress]:
    """Put addresses on the server, each on a queue of its own; with a password where the server needs one."""
    password = "" if server.is_service else "pass-word"
    return [
        address(
            address=f"box{number}@contoso.example", queue=queue(name=f"Q{number}"), server=server, password=password
        )
        for number in range(count)
    ]


def test_oauth_user_leaves_addresses_incomplete_and_names_them_first(admin: Client) -> None:
    server = incoming()
    boxes(server)

    with trailed() as events:
        response = save_page(admin, server, authentication_type="oauth_user")

    assert response.status_code == 422
    [said] = response.context["form"].errors["confirm_impact"]
    assert said.startswith(
        "This leaves box0@contoso.example (Q0), box1@contoso.example (Q1) without an E-Mail Password."
    )
    assert said.endswith("Tick to save it all the same, then enter each password.")
    shown = html.unescape(response.content.decode())
    assert "box0@contoso.example" in shown
    assert 'name="confirm_impact"' in shown
    assert events == []
    assert IncomingServer.objects.get().is_service


def test_confirmed_it_is_saved_and_the_addresses_are_incomplete(admin: Client) -> None:
    server = incoming()
    boxes(server)

    response = save_page(admin, server, authentication_type="oauth_user", confirm_impact="on")

    assert response.status_code == 302
    assert [item.incomplete for item in QueueAddress.objects.whole()] == [True, True]


def test_many_addresses_are_named_in_part(admin: Client) -> None:
    server = incoming()
    boxes(server, 7)

    response = save_page(admin, server, authentication_type="oauth_user")

    assert "box4@contoso.example (Q4) and 2 more" in response.context["form"].errors["confirm_impact"][0]


def test_oauth_service_wipes_passwords_after_a_confirmation(admin: Client) -> None:
    server = incoming(authentication_type="oauth_user")
    first, second = boxes(server)
    typed = {"authentication_type": "oauth_service", "secret": SECRET}

    refused = save_page(admin, server, **typed)
    with trailed() as events:
        saved = save_page(admin, server, **typed, confirm_impact="on")

    assert "This wipes the E-Mail Password of box0" in refused.context["form"].errors["confirm_impact"][0]
    assert saved.status_code == 302
    assert not QueueAddress.objects.filter(password__isnull=False).exists()
    assert SealedSecret.objects.count() == 1
    assert [(event.kind, event.object_id) for event in events] == [
        ("incoming_server", str(server.pk)),
        ("address", str(first.pk)),
        ("address", str(second.pk)),
    ]
    assert [event.after for event in events[1:]] == [{"password": "removed"}] * 2
    assert {event.request_id for event in events} == {saved["X-Request-Id"]}


def test_another_tenant_wipes_passwords_after_a_confirmation(admin: Client) -> None:
    server = incoming(authentication_type="oauth_user")
    boxes(server, 1)

    refused = save_page(admin, server, address=f"{LOGIN}/{OTHER}")
    saved = save_page(admin, server, address=f"{LOGIN}/{OTHER}", confirm_impact="on")

    assert "This leaves box0" in refused.context["form"].errors["confirm_impact"][0]
    assert saved.status_code == 302
    assert not QueueAddress.objects.filter(password__isnull=False).exists()


def test_a_change_that_hurts_no_address_asks_nothing(admin: Client) -> None:
    user, service = incoming(authentication_type="oauth_user"), incoming(name="S", secret=SECRET)
    boxes(user, 1)
    address(address="shared@contoso.example", server=service)

    assert save_page(admin, user, name="Renamed").status_code == 302
    assert save_page(admin, user, name="Again", client_id=OTHER, version=2).status_code == 302
    assert save_page(admin, service, address=f"{LOGIN}/{CLIENT}", secret=SECRET).status_code == 302
    assert QueueAddress.objects.filter(password__isnull=False).count() == 1


def test_an_address_that_was_incomplete_before_is_not_asked_about_again(admin: Client) -> None:
    server = incoming()
    boxes(server, 1)
    save_page(admin, server, authentication_type="oauth_user", confirm_impact="on")

    assert save_page(admin, IncomingServer.objects.get(), name="Renamed").status_code == 302
