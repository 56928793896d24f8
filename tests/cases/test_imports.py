"""Files that were imported.

``file`` is the kind: incoming_server, queue or address. The content is ``csv`` (``encoding`` when it is not UTF-8) or
``sheets``, each with ``name``, ``rows`` and, where it is so, ``hidden``; a cell that begins with ``=`` is a formula
without a result, and one like ``#N/A`` an error. ``{queue}``, ``{server}`` and ``{address}`` stand for the ids of the
objects that are there. ``says`` occurs in what is said of the file or of its rows. After Apply, ``becomes`` are
values of the object of that kind that was there, and ``created`` the names of those that were not.
"""

import io
import uuid
from typing import Any

import openpyxl
import pytest

from imports.models import Import, ImportRow
from imports.reading import BadFile
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tests.cases.rows import name_of, rows
from tests.imports.files import applied, looked_at
from tests.people import address, incoming, queue

pytestmark = pytest.mark.django_db
Model = type[Queue] | type[IncomingServer] | type[QueueAddress]
MODELS: dict[str, Model] = {"queue": Queue, "incoming_server": IncomingServer, "address": QueueAddress}
ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?")


@pytest.mark.parametrize("row", rows("imports"), ids=name_of)
def test_the_file_is_read_as_meant(row: dict[str, Any]) -> None:
    there = _there()
    model = MODELS[row["file"]]
    before = set(model.objects.values_list("pk", flat=True))
    try:
        found = looked_at(row["file"], _body(row, there))
    except BadFile as bad:
        said = str(bad)
    else:
        said = _said(found)
        if found.to_write:
            applied(found)
    assert row["says"] in said
    if not row["says"]:
        assert not said
    now = model.objects.get(pk=there[row["file"].removeprefix("incoming_")])
    assert {name: str(getattr(now, name)) for name in row.get("becomes", {})} == row.get("becomes", {})
    created = model.objects.exclude(pk__in=before)
    assert sorted(map(str, created)) == sorted(row.get("created", []))


def _there() -> dict[str, str]:
    """Store the objects that the files are about, and return their ids."""
    server = incoming(name="Contoso support", secret_expires_on="2027-11-05")
    item = queue(name="Customer Service UK", description="Sales")
    box = address(queue=item, server=server, address="help@contoso.example")
    return {"queue": str(item.pk), "server": str(server.pk), "address": str(box.pk)}


def _said(found: Import) -> str:
    """Return what is said of the file and of its rows."""
    told = [[*row.errors, *row.notes] for row in ImportRow.objects.filter(of=found)]
    return " ".join([found.said, *(message for row in told for _, message in row)]).strip()


def _body(row: dict[str, Any], there: dict[str, str]) -> bytes:
    """Return the bytes of the file."""
    if "csv" in row:
        return _filled(row["csv"], there).encode(row.get("encoding", "utf-8"))
    book, body = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for number, described in enumerate(row["sheets"]):
        sheet = book.create_sheet(described["name"])
        sheet.sheet_state = "hidden" if described.get("hidden") else "visible"
        if not described.get("hidden") and all(one.get("hidden") for one in row["sheets"][:number]):
            book.active = number
        for cells in described["rows"]:
            sheet.append([_filled(cell, there) if isinstance(cell, str) else cell for cell in cells])
        for cell in (cell for line in sheet.iter_rows() for cell in line if cell.value in ERRORS):
            cell.data_type = "e"
    book.save(body)
    return body.getvalue()


def _filled(text: str, there: dict[str, str]) -> str:
    for name, key in there.items():
        text = text.replace(f"{{{name}}}", key)
    return text.replace("{new}", str(uuid.uuid4()))
