"""Texts in files survive, and none is a formula."""

import io
import zipfile

import pytest
from django.db import connection
from django.urls import reverse

from configurator.audit.models import AuditEvent
from queues.models import Queue
from tests.console.export_lists import ADDRESSES, FORMATS, QUEUES
from tests.console.exported import from_csv, rows_in, taken
from tests.people import As, address, queue
from tests.trail import trailed

LONG = "ä🔑" * 4096
NAMES = [
    "Kundendienst Zürich – Straße",
    "カスタマーサポート",
    "دعم العملاء",
    "Queue 🧑🏽‍💻𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠮷",
    'O\'Brien & Söhne <"quoted"> {{ braces }} 100%; a,b',
    "<r><t>x</t></r></is></c><c><f>1+1</f></c></r>",
    "_x0041_ stays",
]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", '=HYPERLINK("http://evil.example")']
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("format_", FORMATS)
def test_texts_survive(format_: str, signed_in: As) -> None:
    for name in NAMES:
        queue(name=name, description='first\tline\nsecond "line" ')
    box = address(address="info@bücher.example", account="info@bücher.example", queue=Queue.objects.first())
    client = signed_in("support")

    rows = rows_in(client, QUEUES, format_)

    assert sorted(unescaped(row["Name"]) for row in rows) == sorted(NAMES)
    assert {row["Description"] for row in rows} == {'first\tline\nsecond "line" '}
    assert rows_in(client, ADDRESSES, format_)[0]["Address"] == box.address


def unescaped(text: str) -> str:
    """Return a text as Excel reads it, which openpyxl leaves to others."""
    return text.replace("_x005F_", "_")


@pytest.mark.parametrize("format_", ["csv", "json", "xlsx"])
def test_long_texts_survive(format_: str, signed_in: As) -> None:
    with trailed():
        queue(name="Long")
    event = AuditEvent.objects.head().seq
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditevent SET object_name = %s WHERE seq = %s", [LONG, event])

    rows = rows_in(signed_in("support"), reverse("console:audit_log"), format_, kind="queue")

    assert rows[0]["Name"] == LONG


@pytest.mark.parametrize("name", FORMULAS)
def test_no_text_is_a_formula(name: str, signed_in: As) -> None:
    queue(name=name, description=f"\t{name}")
    client = signed_in("support")

    [in_csv] = from_csv(taken(client, QUEUES, "csv"))
    [in_xlsx], [in_tab], [in_json] = (rows_in(client, QUEUES, item) for item in ("xlsx", "tab", "json"))

    assert (in_csv["Name"], in_csv["Description"]) == (f"'{name}", f"'\t{name}")
    assert in_csv["Queue Size"] == "-1"  # a number, no text
    for row in (in_xlsx, in_tab, in_json):
        assert row["Name"] == name


def test_a_workbook_holds_texts_and_no_formula(signed_in: As) -> None:
    for name in (*FORMULAS, *NAMES):
        queue(name=name)

    sheet = zipfile.ZipFile(io.BytesIO(taken(signed_in("support"), QUEUES, "xlsx"))).read("xl/worksheets/sheet1.xml")

    assert b"<f>" not in sheet
    assert sheet.count(b"<row>") == 1 + len(FORMULAS) + len(NAMES)
