"""The block Secret rotation on both servers' pages, and what its buttons do."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from configurator.vault.models import SealedSecret
from mailsettings.models import OutgoingServer
from mailsettings.rotation import services as rotation
from mailsettings.rotation.slots import Server
from mailsettings.services import outgoing_server_save
from tests.mailsettings.slots import FIRST, KINDS, SECOND, THIRD, again, day, server_of, switched, texts, with_next
from tests.mailsettings.typed import CLIENT
from tests.people import ACTOR, As, incoming, outgoing
from tests.trail import trailed

pytestmark = pytest.mark.django_db
every_kind = pytest.mark.parametrize("kind", KINDS)


def act(client: Client, server: Server, name: str, **typed: Any) -> Any:
    """Press a button of the block, at the version stored now unless another is given."""
    kind = "incoming" if server.audit_kind == "incoming_server" else "outgoing"
    url = reverse(f"mailsettings:{kind}_{name}", args=[server.pk] if kind == "incoming" else [])
    return client.post(url, {"version": again(server).version} | typed)


def block(client: Client, server: Server) -> str:
    """Return what the block says, without its tags; "" where there is none."""
    return block_in(client.get(server.get_absolute_url()))


def block_in(answer: Any) -> str:
    """Return what the block on the page says."""
    page = html.unescape(answer.content.decode())
    found = re.search(r'<section class="block" id="secret-rotation".*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[0]).split()) if found else ""


@every_kind
def test_an_administrator_rotates_and_rolls_back(admin: Client, kind: str) -> None:
    server = server_of(kind)
    steps: list[tuple[str, dict[str, Any], tuple[str, str, str]]] = [
        ("next_secret", {"next_secret": SECOND, "next_secret_expires_on": day(90)}, (FIRST, SECOND, "")),
        ("switch", {"wipe_on": day(7), "untested": "on"}, (SECOND, "", FIRST)),
        ("roll_back", {}, (FIRST, SECOND, "")),
        ("switch", {"wipe_on": day(7), "untested": "on"}, (SECOND, "", FIRST)),
        ("next_secret", {"next_secret": THIRD}, (SECOND, THIRD, FIRST)),
        ("next_discard", {}, (SECOND, "", FIRST)),
        ("previous_wipe", {}, (SECOND, "", "")),
    ]

    for name, typed, outcome in steps:
        with trailed() as events:
            answer = act(admin, server, name, **typed)
        assert (answer.status_code, answer["Location"]) == (302, f"{server.get_absolute_url()}#secret-rotation")
        assert texts(server) == outcome, name
        assert [event.actor_name for event in events] == ["admin"]


@every_kind
def test_the_block_shows_what_stands_where_and_offers_what_fits(admin: Client, kind: str) -> None:
    server = server_of(kind)
    buttons = {"Enter next secret", "Switch to next", "Discard next", "Roll back", "Wipe now"}

    def offered() -> set[str]:
        said = block(admin, server)
        return {
            button for button in buttons if re.search(rf"{button}(?! to it)", said.replace("so you can switch", ""))
        }

    assert offered() == {"Enter next secret"}
    with_next(server, expires_on=day(90))
    assert offered() == {"Switch to next", "Discard next"}
    said = block(admin, server)
    assert "Not tested." in said
    assert "90 days left" in said
    assert "Begins with sec" in said
    rotation.next_secret_passed(again(server))
    assert "Microsoft accepts it" in block(admin, server)
    assert "Switch although" not in block(admin, server)
    rotation.secret_switch(actor=ACTOR, server=server)
    assert offered() == {"Enter next secret", "Roll back", "Wipe now"}
    assert f"Is wiped on {day(7)}" in block(admin, server)
    for sealed in again(server).secrets:
        assert sealed.fingerprint in block(admin, server)


@every_kind
def test_a_next_secret_is_replaced_where_it_stands(admin: Client, kind: str) -> None:
    server = with_next(server_of(kind))

    page = admin.get(server.get_absolute_url()).content.decode()
    assert "Replace next" in block(admin, server)
    assert len(re.findall(r'id="id_slot_next_secret"', page)) == 1
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert {name for name in ids if ids.count(name) > 1} == set()
    act(admin, server, "next_secret", next_secret=THIRD)

    assert texts(server) == (FIRST, THIRD, "")


@every_kind
def test_support_sees_the_slots_as_text(signed_in: As, kind: str) -> None:
    server = with_next(switched(server_of(kind)), THIRD)

    page = signed_in("support").get(server.get_absolute_url())

    said = block_in(page)
    assert all(sealed.fingerprint in said for sealed in again(server).secrets)
    assert "Begins with" not in said
    part = page.content.decode().partition('id="secret-rotation"')[2].partition("</section>")[0]
    assert not re.search(r"<(form|input|button|details)", part)


def test_there_is_no_block_where_there_is_no_secret(admin: Client) -> None:
    outgoing_server_save(actor=ACTOR, server=OutgoingServer(pk=OutgoingServer.SINGLE))

    assert block(admin, incoming(authentication_type="oauth_user")) == ""
    assert block(admin, OutgoingServer.objects.get()) == ""
    assert "secret-rotation" not in admin.get(reverse("mailsettings:incoming_new")).content.decode()


def test_before_the_outgoing_server_was_ever_saved_there_is_nothing_to_act_on(admin: Client) -> None:
    assert admin.post(reverse("mailsettings:outgoing_next_secret"), {"next_secret": SECOND}).status_code == 404


@every_kind
def test_what_was_typed_comes_back_beside_its_message_but_never_the_secret(admin: Client, kind: str) -> None:
    server = server_of(kind)

    answer = act(admin, server, "next_secret", next_secret=f"{SECOND} ", next_secret_expires_on="31.2.2027")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "It begins or ends with a blank." in block_in(answer)
    assert "There is no such day in the calendar." in block_in(answer)
    assert 'value="31.2.2027"' in page
    assert SECOND not in page
    assert '<details class="more" open>' in page
    assert texts(server) == (FIRST, "", "")


@every_kind
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (CLIENT, "This is the Secret ID"),
        (FIRST, "This is the secret already in use"),
        ("", "Enter the new client secret"),
    ],
    ids=["Secret ID", "in use", "nothing"],
)
def test_a_slip_is_refused(admin: Client, kind: str, typed: str, message: str) -> None:
    server = server_of(kind)

    answer = act(admin, server, "next_secret", next_secret=typed)

    assert answer.status_code == 422
    assert message in block_in(answer)
    assert SealedSecret.objects.count() == 1


@every_kind
def test_an_untested_switch_needs_its_tick(admin: Client, kind: str) -> None:
    server = with_next(server_of(kind))

    refused = act(admin, server, "switch", wipe_on=day(7))

    assert refused.status_code == 422
    assert "The next secret was not tested. Test it first" in block_in(refused)
    assert texts(server) == (FIRST, SECOND, "")


@every_kind
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("next_secret", {"next_secret": THIRD, "next_secret_expires_on": "2099-12-31"}),
        ("next_discard", {}),
        ("switch", {"wipe_on": day(3), "untested": "on"}),
        ("roll_back", {}),
        ("previous_wipe", {}),
    ],
)
def test_the_second_of_two_is_told_and_may_decide_again(
    admin: Client, kind: str, name: str, typed: dict[str, Any]
) -> None:
    server = with_next(switched(server_of(kind)), THIRD)
    before = texts(server)

    with trailed() as events:
        answer = act(admin, server, name, **typed, version=again(server).version - 1)

    assert answer.status_code == 409
    assert "tests changed this server meanwhile" in block_in(answer)
    assert events == []
    assert texts(server) == before
    assert answer.content.decode().count(f'name="version" value="{again(server).version}"') >= 4


@every_kind
def test_an_act_that_fits_no_more_says_why(admin: Client, kind: str) -> None:
    server = with_next(switched(server_of(kind)), THIRD)

    answer = act(admin, server, "roll_back")

    assert answer.status_code == 422
    assert "A next secret is entered, and rolling back needs its place" in block_in(answer)


@every_kind
def test_a_probable_slip_is_pointed_out(admin: Client, kind: str) -> None:
    server = server_of(kind)

    act(admin, server, "next_secret", next_secret=SECOND, next_secret_expires_on="2099-12-31")

    assert "more than 24 months away" in html.unescape(admin.get(server.get_absolute_url()).content.decode())


def test_a_change_of_where_it_is_sent_asks_before_it_wipes(admin: Client) -> None:
    server = outgoing(secret=FIRST)
    with_next(server)
    typed = {
        "enabled": "on",
        "tenant": server.tenant,
        "authentication_type": "oauth_service",
        "server_user": CLIENT,
        "set_password": "on",
        "password": THIRD,
        "version": again(server).version,
    }

    refused = admin.post(server.get_absolute_url(), typed)
    saved = admin.post(server.get_absolute_url(), typed | {"confirm_wipe": "on"})

    assert refused.status_code == 422
    assert "This wipes the next secret" in block_in(refused)
    assert saved.status_code == 302
    assert texts(server) == (THIRD, "", "")


def test_a_copy_carries_no_secret_of_any_slot(admin: Client) -> None:
    server = with_next(switched(incoming(secret=FIRST)), THIRD)
    asked = {"copy": str(server.pk), "name": "A copy", "part": "connection"}

    page = admin.get(reverse("mailsettings:incoming_new"), asked)

    assert "secret-rotation" not in page.content.decode()
    assert page.context["form"].initial.get("next_secret_expires_on") is None
