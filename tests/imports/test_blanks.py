"""What a blank cell says in each format, and the word that empties a value."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from configurator.accounts.models import QueueGroup
from imports.kinds import KINDS
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tests.console.export_lists import ADDRESSES, LIST, QUEUES
from tests.console.exported import rows_in, taken
from tests.imports.files import applied, errors_of, looked_at, rows_of, tab
from tests.people import As, address, group_made, incoming, queue
from tests.queues.typed import QUEUE

pytestmark = pytest.mark.django_db
SETTINGS: dict[str, Any] = {
    "description": "Sales",
    "language": "de",
    "enabled": True,
    "priority": 7,
    "queue_size": 5,
    "pick_timeout_ms": 60_000,
    "max_email_kb": 100,
    "preferred_agent": 1,
    "accept_time_limit": 60,
    "required_agent": 1,
    "required_agent_expiry": 600,
    "picking_by_others": 0,
}
AT = datetime(2031, 3, 31, 10, 15)  # noqa: DTZ001  as a date cell has it
# What an import can empty, and what it is then.
EMPTIED = {"description": "", "language": "", "group": None, **dict.fromkeys(list(SETTINGS)[6:])}


def comma(labels: Sequence[str], *rows: Iterable[str]) -> bytes:
    """Return a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows([labels, *rows])
    return text.getvalue().encode()


def workbook(labels: Sequence[str], *rows: Iterable[object]) -> bytes:
    """Return a workbook."""
    book, body = openpyxl.Workbook(), io.BytesIO()
    for row in (labels, *rows):
        book.worksheets[0].append(list(row))
    book.save(body)
    return body.getvalue()


def filled_queue() -> Queue:
    """Store a queue in which each field holds something."""
    return queue(name="Support", group=group_made("North"), **SETTINGS)


def values(row: Queue) -> dict[str, Any]:
    """Return what the stored queue holds."""
    stored = Queue.objects.get(pk=row.pk)
    return {name: getattr(stored, name) for name in Queue.audit_fields}


@pytest.mark.parametrize("write", [comma, workbook])
def test_a_blank_cell_leaves_every_column_of_every_kind_as_it_is(write: Any) -> None:
    server = incoming(name="Contoso", secret_expires_on="2031-03-31")
    box = address(queue=filled_queue(), server=server, priority=3, extension_language="fr")

    for kind, pk in (("queue", box.queue_id), ("address", box.pk), ("incoming_server", server.pk)):
        labels = KINDS[kind].columns.kept
        found = looked_at(kind, write(labels, [str(pk), *[" "] * (len(labels) - 1)]))

        assert found.counts == {"unchanged": 1}, errors_of(found)


@pytest.mark.parametrize("write", [tab, comma, workbook])
def test_the_word_empties_what_may_be_empty(write: Any) -> None:
    server = incoming(name="Contoso", secret_expires_on="2031-03-31")
    box = address(queue=filled_queue(), server=server, priority=3, extension_language="fr")
    labels = KINDS["queue"].labels

    cleared = looked_at("queue", write(["Name", *(labels[name] for name in EMPTIED)], ["Support", *["[clear]"] * 9]))
    applied(cleared)
    assert {name: value for name, value in values(box.queue).items() if name in EMPTIED} == EMPTIED
    applied(
        looked_at("address", write(["Id", "Priority", "Extension Language"], [str(box.pk), "[CLEAR]", " [clear] "]))
    )
    box = QueueAddress.objects.get()
    assert (box.priority, box.extension_language) == (None, "")
    applied(looked_at("incoming_server", write(["Id", "Secret expires on"], [str(server.pk), "[clear]"])))
    assert IncomingServer.objects.get().secret_expires_on is None


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        *(("queue", column) for column in ("Name", "Enabled", "Priority", "Queue Size", "Id")),
        *(
            ("address", column)
            for column in ("Address", "E-Mail Account", "E-Mail Server", "E-Mail Server Id", "Queue")
        ),
        *(("incoming_server", column) for column in ("Name", "Address", "Authentication Type", "Client ID")),
    ],
)
def test_the_word_is_refused_where_a_value_has_to_be(kind: str, column: str) -> None:
    box = address(queue=queue(name="Support"), server=incoming(name="Contoso"))
    ids = {"queue": box.queue_id, "address": box.pk, "incoming_server": box.server_id}
    named = {"Name": "Support"} if column == "Id" else {"Id": str(ids[kind])}

    found = looked_at(kind, comma([*named, column], [*named.values(), "[clear]"]))

    assert errors_of(found) == [[[column, "It cannot be cleared, since it has to have a value. Enter one."]]]


def test_in_scs_own_format_a_blank_is_empty_where_that_can_be_and_refused_where_not() -> None:
    box = filled_queue()
    labels = KINDS["queue"].labels

    applied(looked_at("queue", tab(["Name", *(labels[name] for name in EMPTIED)], ["Support", *[""] * 9])))
    assert {name: value for name, value in values(box).items() if name in EMPTIED} == EMPTIED
    assert looked_at("queue", tab(["Name", "Enabled"], ["Support", ""])).counts == {"unchanged": 1}
    refused = looked_at("queue", tab(["Name", "Priority"], ["Support", ""]))
    assert [column for column, _ in errors_of(refused)[0]] == ["Priority"]


@pytest.mark.parametrize("write", [tab, comma, workbook])
def test_a_blank_of_a_new_row_takes_what_the_form_begins_with(write: Any) -> None:
    labels = ("Name", "Enabled", "Priority", "Queue Size", "Preferred Agent", "Description")

    applied(looked_at("queue", write(labels, ["New", *[""] * 5])))

    row = Queue.objects.get()
    assert (row.enabled, row.priority, row.queue_size, row.preferred_agent, row.description) == (True, 1, -1, None, "")


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_what_is_exported_comes_back_over_what_holds_something(format_: str, signed_in: As) -> None:
    admin = signed_in("admin")
    server = incoming(name="Contoso")
    box = address(queue=queue(name="Support", enabled=False), server=server)
    exports = {"queue": QUEUES, "address": ADDRESSES, "incoming_server": LIST}
    before = {kind: rows_in(admin, path, format_) for kind, path in exports.items()}
    files = {kind: taken(admin, path, format_) for kind, path in exports.items()}
    assert before["queue"][0]["Description"] == before["address"][0]["Extension Language"] == "[clear]"
    assert looked_at("queue", files["queue"]).counts == {"unchanged": 1}
    Queue.objects.update(group=group_made("North"), **SETTINGS)
    QueueAddress.objects.update(priority=3, extension_language="fr")
    IncomingServer.objects.update(secret_expires_on="2031-03-31")

    for kind, body in files.items():
        found = looked_at(kind, body, name=f"file.{format_}")
        assert found.counts == {"changed": 1}, errors_of(found)
        applied(found)

    assert {kind: rows_in(admin, path, format_) for kind, path in exports.items()} == before
    assert QueueAddress.objects.get().pk == box.pk


def test_json_and_scs_own_format_say_nothing_of_what_is_empty(signed_in: As) -> None:
    queue(name="Support")
    admin = signed_in("admin")

    assert rows_in(admin, QUEUES, "json")[0]["Max. E-Mail Size (KB)"] is None
    assert rows_in(admin, QUEUES, "tab")[0]["Max. E-Mail Size (KB)"] == ""
    assert rows_in(admin, QUEUES, "csv")[0]["Status"] == "Not checked"


def test_no_value_can_be_the_word(signed_in: As) -> None:
    admin = signed_in("admin")
    said = "[clear] empties a value in imported files. Enter another text."

    typed = admin.post(reverse("queues:queue_new"), QUEUE | {"description": " [Clear] "})
    named = signed_in("superuser").post(reverse("console:queue_group_new"), {"name": "[clear]"})
    assert said in typed.content.decode()
    assert said in named.content.decode()
    assert not Queue.objects.exists()
    assert not QueueGroup.objects.exists()


def test_of_a_date_cell_with_a_time_of_day_the_date_is_taken_and_the_row_says_so() -> None:
    incoming(name="Contoso")
    server = IncomingServer.objects.get()
    taken_as = "Taken as 2031-03-31: the time of day 10:15:00 is left out."

    for body in (
        workbook(["Id", "Secret expires on"], [str(server.pk), AT]),
        comma(["Id", "Secret expires on"], [str(server.pk), "2031-03-31 10:15:00"]),
    ):
        found = looked_at("incoming_server", body)
        [row] = rows_of(found)
        assert (row.errors, row.notes) == ([], [["Secret expires on", taken_as]])
        assert row.after == {"secret_expires_on": "2031-03-31"}
    applied(found)
    assert IncomingServer.objects.get().secret_expires_on == date(2031, 3, 31)
