"""The timeline on the pages: well-formed, in words too, safe, and only for who may see it."""

import re
import uuid
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from configurator.audit.models import AuditEvent
from mailsettings.models import IncomingServer
from tests.people import As, address, incoming, outgoing, person, queue
from tests.tokenchecks.past import DAY, GOOD, HOUR, MINUTES, broken, check, checks, pass_time, passing
from tokenchecks.worker.retention import delete_expired

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'&amp;{{ 7 }}"
MOST = 14
SVG = re.compile(r"<svg class=\"timeline\".*?</svg>", re.DOTALL)


def history(subject: IncomingServer, period: str = "7d") -> str:
    """Return the path of the server's history."""
    return reverse("tokenchecks:history", args=["incoming_server", subject.pk]) + f"?period={period}"


def page(client: Client, path: str) -> str:
    """Return the page's text on one line."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def queries(client: Client, path: str) -> int:
    """Return how many queries opening the page makes, the second time."""
    page(client, path)
    with CaptureQueriesContext(connection) as made:
        page(client, path)
    return len(made)


@pytest.mark.parametrize("period", ["24h", "7d", "30d", "1y", "nonsense", ""])
def test_the_drawing_is_well_formed_named_and_described(signed_in: As, period: str) -> None:
    """Whatever the name: SVG that a strict parser reads, with title, description and no inline style or script."""
    server = incoming(name=HOSTILE)
    checks(server, GOOD, 3)
    checks(server, broken(), 2)
    (drawing,) = SVG.findall(signed_in("support").get(history(server, period)).content.decode())
    svg = ET.fromstring(drawing)  # noqa: S314  our own page

    assert svg.get("role") == "img"
    assert HOSTILE in (svg.findtext("title") or "")
    assert "Broken" in (svg.findtext("desc") or "")
    assert {"style", "onload"}.isdisjoint(name for node in svg.iter() for name in node.attrib)
    assert {node.tag for node in svg.iter()}.isdisjoint({"script", "style", "foreignObject"})


def test_the_same_stands_below_as_a_table(signed_in: As) -> None:
    """State, since, cause, code, samples, and the edit before red; a gap is a row of its own."""
    server = incoming()
    checks(server, GOOD, 3)
    pass_time(2 * HOUR)
    checks(server, broken(), 2)
    said = page(signed_in("support"), history(server, "24h"))
    table = said[said.index("<table") :]

    assert table.index("Broken") < table.index("Not checked") < table.index("OK")
    assert "The secret has expired" in table
    assert "<code>AADSTS7000222</code>" in table
    assert "Created" in table


def test_a_day_of_flapping_long_past_is_one_row_a_state(signed_in: As) -> None:
    """Rolled up, it says how long each state was in all that day; the year's drawing shows the day as the worst."""
    server = incoming()
    for _ in range(4):
        checks(server, GOOD, 2)
        checks(server, passing(), 2, MINUTES[2])
    pass_time(33 * DAY)
    delete_expired()
    check(server, GOOD)
    text = signed_in("support").get(history(server, "1y")).content.decode()
    (drawing,) = SVG.findall(text)

    assert text.count("in all that day") >= 3
    assert 1 <= drawing.count('class="bar broken"') <= 2
    assert "in all that day" not in page(signed_in("support"), history(server, "30d"))


def test_the_head_says_since_when_and_after_which_edit(signed_in: As) -> None:
    server = incoming()
    pass_time(MINUTES[4])
    check(server, broken(), "The secret has expired")
    said = page(signed_in("support"), server.get_absolute_url())
    verdict = said[said.index('id="verdict"') :]

    created = AuditEvent.objects.of_object("incoming_server", server.pk).get()
    link = (
        f'<a href="{created.get_absolute_url()}">4 minutes after it was created by tests</a>: The secret has expired.'
    )
    assert link in verdict[:800]


def test_an_address_has_a_strip_on_its_queue(signed_in: As) -> None:
    home, server = queue(), incoming()
    for number in range(3):
        check(address(queue=home, server=server, address=f"box-{number}@contoso.example"), passing())
    text = signed_in("support").get(home.get_absolute_url()).content.decode()

    assert len(SVG.findall(text)) == 3
    assert "box-2@contoso.example: the last 7 days" in text


def test_a_queue_names_the_address_that_is_broken_before_it_says_how_it_is(signed_in: As) -> None:
    box = address(address="press@contoso.example")
    pass_time(MINUTES[4])
    check(box, broken(), "The secret has expired")
    said = page(signed_in("support"), box.queue.get_absolute_url())
    words = " ".join(re.sub(r"<[^>]+>", " ", said[said.index('id="verdict"') :]).split())

    sentence = (
        r"press@contoso\.example ✕ Broken since .{5,60}, 4 minutes after it was created by tests : The secret has"
    )
    assert re.search(sentence, words[:400]), words[:400]


def test_a_queue_says_how_many_of_its_addresses_are_broken(signed_in: As) -> None:
    home, server = queue(), incoming()
    boxes = [address(queue=home, server=server, address=f"box-{number}@contoso.example") for number in range(3)]
    client, said = signed_in("support"), "addresses are broken."

    check(boxes[0], broken(), "The secret has expired")
    assert said not in page(client, home.get_absolute_url())
    check(boxes[1], broken(), "The secret has expired")
    assert f"2 of 3 {said}" in page(client, home.get_absolute_url())


def test_a_young_server_says_from_when_on_it_is_there(signed_in: As) -> None:
    """Nothing is said of the time before, in the drawing, its legend or the table."""
    server = incoming()
    check(server, broken())
    pass_time(MINUTES[4])
    said = page(signed_in("support"), history(server))
    (drawing,) = SVG.findall(said)

    assert "not there yet</text>" in drawing
    assert "Broken 100 %. Not there before " in drawing
    assert "Not checked" not in said


def test_a_server_that_is_off_has_none(signed_in: As) -> None:
    assert not SVG.findall(signed_in("support").get(outgoing(enabled=False).get_absolute_url()).content.decode())


def test_each_kind_has_its_history(signed_in: As) -> None:
    client = signed_in("support")
    for row in (incoming(), outgoing(), address()):
        check(row, GOOD)
        path = reverse("tokenchecks:history", args=[row.audit_kind, row.pk])
        assert f"History of {row}" in page(client, path)
        assert client.get(reverse("tokenchecks:subject", args=[row.audit_kind, row.pk])).status_code == 302


def test_what_is_not_there_or_not_for_this_user_is_404(signed_in: As) -> None:
    server = incoming()
    client = signed_in("support")
    for kind, pk in (("incoming_server", uuid.uuid4()), ("address", server.pk), ("queue", server.pk)):
        assert client.get(reverse("tokenchecks:history", args=[kind, pk])).status_code == 404
        assert client.get(reverse("tokenchecks:subject", args=[kind, pk])).status_code == 404


def test_who_may_view_checks_but_no_servers_sees_no_history_of_one(signed_in: As) -> None:
    """The kinds follow the rights of what they are about, in the list too."""
    server = incoming(name="Hidden server")
    check(server, broken())
    client = signed_in("queues")
    role = person("queues").groups.get()
    role.permissions.remove(*role.permissions.filter(content_type__model="incomingserver"))

    assert client.get(history(server)).status_code == 404
    assert "Hidden server" not in page(client, reverse("tokenchecks:standing_list"))


def test_a_role_without_checks_sees_no_timeline(signed_in: As) -> None:
    server = incoming()
    check(server, broken())
    client = signed_in("queues")
    role = person("queues").groups.get()
    role.permissions.remove(*role.permissions.filter(content_type__model="checkrun"))

    assert not SVG.findall(page(client, server.get_absolute_url()))
    assert client.get(history(server)).status_code == 403


def test_a_history_makes_few_queries_however_long_it_is(signed_in: As) -> None:
    box = address()
    check(box, broken())
    client = signed_in("superuser")
    pages = [
        reverse("tokenchecks:history", args=["address", box.pk]),
        box.queue.get_absolute_url(),
        box.server.get_absolute_url(),
    ]
    few = [queries(client, path) for path in pages]
    for outcome in (GOOD, passing()) * 10:
        checks(box, outcome, 1)
        checks(box.server, outcome, 1)
    check(box, broken())
    many = [queries(client, path) for path in pages]

    assert max(few + many) <= MOST, (few, many)
    assert many[0] == few[0]
