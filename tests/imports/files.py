"""Files as people import them, and what came of them."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from imports.models import Import, ImportPart, ImportPiece, ImportRow, State
from imports.services import ask_to_apply, upload
from imports.services.working import work
from tests.people import person


def tab(labels: Sequence[str], *rows: Iterable[str]) -> bytes:
    """Return a file in SC's own format."""
    text = io.StringIO()
    csv.writer(text, csv.excel_tab).writerows([labels, *rows])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_file(labels: Sequence[str], *rows: Iterable[str]) -> io.BytesIO:
    """Return an open file in SC's own format."""
    return io.BytesIO(tab(labels, *rows))


def send(client: Client, kind: str, body: bytes, name: str = "file.txt") -> Any:
    """Choose the file on the page and send it."""
    return client.post(reverse("imports:new"), {"kind": kind, "file": SimpleUploadedFile(name, body)})


def looked_at(kind: str, body: bytes, *, by: str = "admin", name: str = "file.txt") -> Import:
    """Upload the file, have it read and make its dry run here."""
    stored = upload(user=person(by), kind=kind, name=name, file=io.BytesIO(body))
    work(stored.pk)
    stored.refresh_from_db()
    return stored


def refused(kind: str, body: bytes, *, name: str = "file.txt") -> str:
    """Upload a file that cannot be read, and return what is said of it; nothing of it is kept."""
    found = looked_at(kind, body, name=name)
    assert found.state == State.NOT_READ
    assert (found.rows, found.labels, found.counts) == (0, [], {})
    assert not ImportPart.objects.filter(of=found).exists()
    assert not ImportPiece.objects.filter(of=found).exists()
    return found.said


def applied(found: Import, *, by: str = "admin") -> Import:
    """Apply the import here."""
    assert ask_to_apply(user=person(by), pk=found.pk)
    work(found.pk)
    found.refresh_from_db()
    return found


def rows_of(found: Import) -> list[ImportRow]:
    """Return what the dry run found, row by row."""
    return list(ImportRow.objects.filter(of=found))


def errors_of(found: Import) -> list[list[list[str]]]:
    """Return the messages of each row with their columns."""
    return [row.errors for row in rows_of(found)]
