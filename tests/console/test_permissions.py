"""Who may open and save what: nobody, Support, and those whose role says so."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from tests.console.urls import FORGED, URLS, Url, records, rows
from tests.people import As, person
from tests.queues.typed import QUEUE

# What saves, adds or deletes: a form that posts to a record, a link to one that is made or copied.
BUTTON = re.compile(
    r"<(?:button|a)\b[^>]*>\s*(?:Save|Add|Delete|Copy|Edit)\b[^<]*<|id=\"record-form\"|id=\"address-form\""
)
every_url = pytest.mark.parametrize("url", URLS, ids=str)
pytestmark = pytest.mark.django_db


@every_url
def test_nobody_is_sent_to_sign_in(url: Url) -> None:
    path, before = url.path(records()), rows()

    for answer in (Client().get(path), Client().post(path, FORGED)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("accounts:sign_in"))
    assert rows() == before


@every_url
def test_support_saves_nothing(url: Url, signed_in: As) -> None:
    path = url.path(records())
    support = signed_in("support")
    before = rows()

    answer = support.post(path, FORGED).status_code
    if url.reads:
        assert answer in (200, 302, 422)
    else:
        assert answer == (403 if url.post or url.for_editors else 405)
    assert rows() == before


@every_url
def test_support_sees_everything_without_a_button_to_save_it(url: Url, signed_in: As) -> None:
    answer = signed_in("support").get(url.path(records()))
    said = answer.getvalue().decode()

    if not url.get:
        assert answer.status_code == (403 if url.for_editors else 405)
    elif url.for_editors:
        assert answer.status_code == 403
    else:
        assert answer.status_code == (302 if url.back else 200)
        assert not BUTTON.search(said), BUTTON.findall(said)


@every_url
def test_an_administrator_may(url: Url, signed_in: As) -> None:
    path, admin = url.path(records()), signed_in("admin")

    opened = admin.get(path)
    assert opened.status_code == (302 if url.back else 200 if url.get else 405)
    if url.back:
        assert admin.get(opened["Location"]).status_code == 200


@every_url
def test_a_user_without_a_role_sees_nothing(url: Url) -> None:
    nobody = person("support")
    nobody.groups.clear()
    client = Client()
    client.force_login(nobody)

    path = url.path(records())
    assert client.get(path).status_code in (403, 405)
    assert client.post(path, FORGED).status_code in (403, 405)


@pytest.mark.parametrize("url", [url for url in URLS if url.about], ids=str)
def test_what_is_not_there_is_404(url: Url, signed_in: As) -> None:
    path, admin = url.path({key: 10**9 if key == "event" else uuid.uuid4() for key in url.about}), signed_in("admin")

    assert admin.get(path).status_code == (404 if url.get else 405)
    assert admin.post(path, FORGED).status_code == (404 if url.post else 405)
    assert admin.get(path.replace(path.split("/")[-2], "nonsense") + "x").status_code == 404


def test_the_queue_administrator_saves_queues_and_no_server(signed_in: As) -> None:
    known, client = records(), signed_in("queues")
    server = reverse("mailsettings:incoming", args=[known["server"]])

    assert client.post(server, FORGED).status_code == 403
    assert client.get(server).status_code == 200
    assert client.post(reverse("mailsettings:outgoing"), FORGED).status_code == 403
    assert client.post(reverse("queues:queue", args=[known["queue"]]), QUEUE | {"version": "1"}).status_code == 302


def test_no_page_is_left_out() -> None:
    spaces = get_resolver().namespace_dict
    names = {
        f"{space}:{name}"
        for space in ("mailsettings", "queues", "imports", "findings", "alarms", "support")
        for name in plain_names(spaces[space][1])
    }

    assert names == {url.name for url in URLS if not url.name.startswith("tokenchecks:")}


def plain_names(resolver: Any) -> list[str]:
    """Return the URL names of one app."""
    return [name for name in resolver.reverse_dict if isinstance(name, str)]
