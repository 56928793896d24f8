"""What people type comes back as they typed it: from the page to the database, to the page and to the check."""

import html

import pytest
from django.urls import reverse

from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue, QueueAddress
from tests.mailsettings.typed import INCOMING, OUTGOING
from tests.people import As, incoming, queue
from tests.queues.typed import ADDRESS, QUEUE
from tokenchecks.models import Kind
from tokenchecks.subjects.stored_rows import stored, subject_of

NAMES = [
    "Kundendienst Zürich – Straße",
    "カスタマーサポート",
    "دعم العملاء",
    "Queue 🧑🏽‍💻𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠮷",
    'O\'Brien & Söhne <"quoted"> {{ braces }} 100%',
    "x" * 200,
]
PASSWORDS = ["s" * 8192, "ä" * 4096, "🔑" * 2048, "pass word inside", "q~'\"<&%+=/\\"]
SECRETS = ["s" * 256, "aB3~" * 9, "+/=[]:?._-@*" * 3, "<&>;#!$%^(){}|,\\" * 2, "q~<&%+=/\\"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", NAMES)
def test_names_survive(name: str, signed_in: As) -> None:
    client = signed_in("admin")

    for url, typed in (("mailsettings:incoming_new", INCOMING), ("queues:queue_new", QUEUE)):
        saved = client.post(reverse(url), typed | {"name": name}, follow=True)
        assert name in html.unescape(saved.content.decode())
    assert (IncomingServer.objects.get().name, Queue.objects.get().name) == (name, name)


@pytest.mark.parametrize(
    ("secret", "password"),
    list(zip(SECRETS, PASSWORDS, strict=True)),
    ids=["8 KiB", "8 KiB of two", "8 KiB of four", "blank inside", "signs"],
)
def test_secrets_reach_the_check(secret: str, password: str, signed_in: As) -> None:
    client = signed_in("admin")

    client.post(reverse("mailsettings:incoming_new"), INCOMING | {"secret": secret})
    client.post(reverse("mailsettings:outgoing"), OUTGOING | {"password": secret})
    user = incoming(name="User", authentication_type="oauth_user")
    typed = ADDRESS | {"server": user.pk, "password": password}
    client.post(reverse("queues:address_new", args=[queue().pk]), typed)

    reached = [
        subject_of(Kind.INCOMING, stored(Kind.INCOMING, IncomingServer.objects.get(name="Contoso support").pk)).secret,
        subject_of(Kind.OUTGOING, stored(Kind.OUTGOING, OutgoingServer.SINGLE)).secret,
        subject_of(Kind.ADDRESS, stored(Kind.ADDRESS, QueueAddress.objects.get().pk)).password,
    ]
    assert [item.reveal() if item else None for item in reached] == [secret, secret, password]


@pytest.mark.parametrize(
    "address", ["info@bücher.example", "Info@STRASSE.example", "info@例え.テスト", "a.b+c@x--y.example"]
)
def test_addresses_survive_as_they_were_typed(address: str, signed_in: As) -> None:
    client, server, item = signed_in("admin"), incoming(), queue()

    saved = client.post(
        reverse("queues:address_new", args=[item.pk]),
        ADDRESS | {"server": server.pk, "address": address, "sender": "on"},
        follow=True,
    )

    box = QueueAddress.objects.get()
    assert (box.address, box.sender) == (address, True)
    assert address in html.unescape(saved.content.decode())
    assert subject_of(Kind.ADDRESS, stored(Kind.ADDRESS, box.pk)).mailbox == address
    assert box.address_key.isascii()
