"""Each list is taken away as it stands, in each format."""

import html
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from health.findings.services import reconcile
from mailsettings.models import IncomingServer
from queues.models import QueueAddress
from tests.console.export_lists import ADDRESSES, FORMATS, LIST, LISTS, OFFERED, QUEUES
from tests.console.exported import rows_in, taken
from tests.console.urls import records
from tests.people import TENANT, As, address, incoming, queue
from tests.queues.typed import PASSWORD
from tokenchecks.models import Watch

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("name", "format_"), OFFERED)
def test_each_list_is_taken_away_in_each_format(name: str, format_: str, signed_in: As) -> None:
    records()
    address(server=incoming(name="User", authentication_type="oauth_user"), password=PASSWORD)
    reconcile()

    rows = rows_in(signed_in("support"), reverse(name), format_)

    assert rows
    assert all(None not in row for row in rows)


def test_a_server_is_what_its_row_says(signed_in: As) -> None:
    server = incoming(name="Contoso", secret_expires_on=date(2099, 12, 31))
    address(server=server)
    IncomingServer.objects.update(status="broken", status_summary="It ended", checked_at=timezone.now())
    said = {
        "Id": str(server.pk),
        "Name": "Contoso",
        "Address": f"https://login.microsoftonline.com/{TENANT}",
        "Authentication Type": "OAuth Service",
        "Client ID": str(server.client_id),
        "Secret (state)": "set",
    }
    client = signed_in("support")

    read = {item: rows_in(client, LIST, item)[0] for item in FORMATS}

    assert {item: {label: row[label] for label in said} for item, row in read.items()} == dict.fromkeys(FORMATS, said)
    assert [read[item]["Secret expires on"] for item in ("csv", "json", "tab")] == ["2099-12-31"] * 3
    assert read["xlsx"]["Secret expires on"].date() == date(2099, 12, 31)
    assert (read["json"]["Queues"], read["xlsx"]["Queues"], read["csv"]["Queues"]) == (1, 1, "1")
    assert read["json"]["Status"] == "Broken"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", read["csv"]["Checked (UTC)"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", read["json"]["Checked (UTC)"])
    checked = IncomingServer.objects.get().checked_at
    assert checked
    assert abs((read["xlsx"]["Checked (UTC)"] - checked.replace(tzinfo=None)).total_seconds()) < 1


def test_scs_own_format_names_its_columns_and_matches_by_id_and_natural_key(signed_in: As) -> None:
    box = address(queue=queue(name="Sales"), server=incoming(name="Contoso"), priority=3)
    client = signed_in("support")

    [server], [item], [found] = (rows_in(client, path, "tab") for path in (LIST, QUEUES, ADDRESSES))

    for row in (server, item, found):
        assert (next(iter(row)), list(row)[-1], row["Delete"]) == ("Id", "Delete", "")
    assert (server["Id"], server["Name"]) == (str(box.server_id), "Contoso")
    assert (item["Id"], item["Name"], item["Preferred Agent"]) == (str(box.queue_id), "Sales", "")
    assert (found["Id"], found["Address"], found["Priority"]) == (str(box.pk), box.address, "3")
    assert (found["Queue Id"], found["Queue"]) == (str(box.queue_id), "Sales")
    assert (found["E-Mail Server Id"], found["E-Mail Server"]) == (str(box.server_id), "Contoso")


@pytest.mark.parametrize("format_", FORMATS)
def test_the_filters_decide_what_is_taken(format_: str, signed_in: As) -> None:
    incoming(name="Alpha")
    incoming(name="Beta", authentication_type="oauth_user")
    address(queue=queue(name="Sales"), address="sales@contoso.example")
    address(queue=queue(name="Support"), address="support@contoso.example")
    client = signed_in("support")

    assert [row["Name"] for row in rows_in(client, LIST, format_, authentication_type="oauth_user")] == ["Beta"]
    assert [row["Name"] for row in rows_in(client, LIST, format_, q="alp")] == ["Alpha"]
    assert rows_in(client, LIST, format_, status="nonsense") == []
    assert [row["Address"] for row in rows_in(client, ADDRESSES, format_, q="Sales")] == ["sales@contoso.example"]


def test_an_empty_file_still_names_its_columns(signed_in: As) -> None:
    client = signed_in("support")

    assert taken(client, QUEUES, "tab", q="nothing like it").decode("utf-8-sig").startswith("Id\tName\t")
    assert rows_in(client, QUEUES, "json") == []
    assert rows_in(client, QUEUES, "xlsx") == []


def test_the_addresses_of_one_queue(signed_in: As) -> None:
    box = address()
    address()

    rows = rows_in(signed_in("support"), reverse("queues:queue_address_export", args=[box.queue_id]), "json")

    assert [row["Id"] for row in rows] == [str(box.pk)]


def test_what_stops_with_a_secret_is_taken_away_for_one_server_and_for_all(signed_in: As) -> None:
    server = incoming(name="Contoso")
    boxes = {address(server=server).address for _ in range(2)}
    address(server=incoming(name="Other"))
    client = signed_in("support")

    stopped = rows_in(client, reverse("queues:impact", args=[server.pk]), "json")
    [secret] = rows_in(client, reverse("queues:secret_list"), "json", q="Contoso")

    assert {row["Address"] for row in stopped} == boxes
    assert (secret["Servers"], secret["Secret (state)"]) == ("Contoso", "set")
    assert (secret["Queues"], secret["Addresses"]) == (2, 2)


def test_what_is_wrong_reads_as_on_the_page(signed_in: As) -> None:
    box = address()
    Watch.objects.filter(subject_id=box.pk).update(status="broken", cause="secret_expired", code="AADSTS7000222")
    client = signed_in("support")

    [row] = rows_in(client, reverse("tokenchecks:standing_list"), "json", status="broken")

    assert (row["Status"], row["Name"], row["Code"]) == ("Broken", box.address, "AADSTS7000222")
    page = client.get(reverse("tokenchecks:standing_list")).content.decode()
    for words in (row["Cause"], row["Who mends it"]):
        assert words
        assert words in html.unescape(page)


def test_the_file_is_named_for_its_list_and_day(signed_in: As) -> None:
    answer = signed_in("support").get(LIST, {"format": "tab"})

    assert answer["Content-Disposition"] == (
        f'attachment; filename="incoming-mail-servers-{timezone.localdate():%Y-%m-%d}.txt"'
    )
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", LISTS)
def test_a_file_takes_as_many_queries_for_3_rows_as_for_30(name: str, signed_in: As) -> None:
    client = signed_in("superuser")

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            taken(client, reverse(name), "csv")
        return len(made)

    def more(count: int) -> None:
        for _ in range(count):
            address(password=PASSWORD, server=incoming(authentication_type="oauth_user"))

    more(3)
    few = queries()
    more(27)
    assert queries() == few
    assert few <= 12


def test_the_first_bytes_come_before_the_last_row_is_read(signed_in: As) -> None:
    queue(name="First")
    client = signed_in("support")

    for format_ in FORMATS:
        answer: Any = client.get(QUEUES, {"format": format_})
        parts = iter(answer.streaming_content)
        with CaptureQueriesContext(connection) as made:
            assert next(parts)
        assert len(made) == 0, format_
        assert b"".join(parts)


def test_each_list_offers_its_formats_in_a_menu_that_keeps_the_filters(signed_in: As) -> None:
    records()
    address(server=incoming(name="User", authentication_type="oauth_user"), password=PASSWORD)
    client = signed_in("support")

    for name, own in LISTS.items():
        if name == "queues:address_export":
            continue
        page = client.get(reverse(name), {"q": "", "page": "1"}).content.decode()
        assert "<summary" in page
        for format_ in ("csv", "xlsx", "json"):
            assert f'href="?q=&amp;format={format_}"' in page, name
        assert ('format=tab"' in page) == own, name
    page = client.get(QueueAddress.objects.all()[0].queue.get_absolute_url() + "?q=1").content.decode()
    assert 'addresses/export/?format=tab"' in page
