"""Files that wait are re-keyed with the secrets; one whose key is gone says so."""

import io
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from configurator.vault.keys import new_entry
from imports.models import Import, ImportPiece, State
from imports.services import ask_to_read, upload
from imports.services.reading import KEY_GONE
from imports.services.uploading import PIECE
from imports.services.working import work
from tests.imports.books import workbook
from tests.imports.files import looked_at, tab
from tests.people import person

pytestmark = pytest.mark.django_db
NAMES = ["Name", "Priority"]


def waiting() -> Import:
    """Upload a file that nobody reads yet."""
    body = tab(NAMES, ["A", "5"], *([[" " * (PIECE // 8), ""]] * 9))
    return upload(user=person("admin"), kind="queue", name="queues.txt", file=io.BytesIO(body))


def test_a_file_that_waits_is_read_after_its_key_was_dropped(settings: Settings) -> None:
    stored, count = waiting(), ImportPiece.objects.count()
    assert count > 1
    new = new_entry("newer")
    settings.VAULT_KEYS = f"{new},{settings.VAULT_KEYS}"

    said = StringIO()
    call_command("vault_rotate", stdout=said)
    assert f"Uploaded files that wait: {count} pieces re-keyed, 0 unreadable" in said.getvalue()
    again = StringIO()
    call_command("vault_rotate", stdout=again)
    assert "Uploaded" not in again.getvalue()

    settings.VAULT_KEYS = new
    work(stored.pk)
    stored.refresh_from_db()
    assert (stored.state, stored.counts) == (State.READY, {"created": 1})


def test_a_file_whose_key_is_gone_says_so_and_offers_no_sheet_of_it(settings: Settings) -> None:
    stored, book = waiting(), looked_at("queue", workbook(NAMES, ["A", 5], More=[NAMES, ["B", 6]]))
    settings.VAULT_KEYS = new_entry("other")

    work(stored.pk)
    assert ask_to_read(user=person("admin"), pk=book.pk, sheet="More")
    work(book.pk)

    for found in (stored, book):
        found.refresh_from_db()
        assert (found.state, found.said, found.sheets) == (State.NOT_READ, KEY_GONE, [])
    assert not ImportPiece.objects.exists()
