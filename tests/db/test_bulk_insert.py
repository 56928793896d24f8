"""Many rows written as one value: what is read back is what was given."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, transaction

from configurator.audit.models import AuditEvent
from configurator.db.bulk_insert import TOGETHER, insert_all, insert_missing, upsert_all
from imports.models import Import, ImportRow
from mailsettings.models import IncomingServer
from queues.models import Queue

pytestmark = pytest.mark.django_db


def row(of: Import, number: int, **values: Any) -> ImportRow:
    """Return a row of an import that is not stored."""
    return ImportRow(of=of, number=number, outcome="created", **values)


def test_every_kind_of_value_comes_back() -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7, 891011, tzinfo=UTC)
    server = IncomingServer(
        name='"Zürich" \\ 🔑', tenant_id=uuid.uuid4(), client_id=uuid.uuid4(), authentication_type="oauth_user",
        checked_at=moment,
    )  # fmt: skip
    insert_all([server])
    assert not server._state.adding
    stored = IncomingServer.objects.get()
    names = [field.attname for field in IncomingServer._meta.concrete_fields]
    assert {name: getattr(stored, name) for name in names} == {name: getattr(server, name) for name in names}


def test_values_of_json_keep_their_shape() -> None:
    of = Import.objects.create(kind="queue", file_name="x", user_name="x")
    after = {"name": "null", "none": None, "list": [1, "1", True], "queue": {"id": "7", "name": "é"}}
    insert_all([row(of, 1, after=after, before={}, errors=[["Name", "It is too long."]])])
    stored = ImportRow.objects.get()
    assert (stored.after, stored.before, stored.errors) == (after, {}, [["Name", "It is too long."]])


def test_more_rows_than_go_into_one_statement_are_all_stored() -> None:
    insert_all([Queue(name=f"Queue {number}") for number in range(TOGETHER + 1)])
    assert Queue.objects.count() == TOGETHER + 1


def test_nothing_is_stored_of_no_rows() -> None:
    insert_all([])
    assert insert_missing([]) == []


def test_a_row_that_a_unique_rule_refuses_is_left_out_and_not_returned() -> None:
    first, second = Queue(name="Support"), Queue(name="Sales")
    insert_all([first])
    assert insert_missing([Queue(pk=first.pk, name="Support again"), second]) == [second]
    assert set(Queue.objects.values_list("name", flat=True)) == {"Support", "Sales"}


def test_a_row_that_is_stored_already_is_updated_in_the_columns_named() -> None:
    stored = Queue(name="Support", name_key="support")
    insert_all([stored])
    upsert_all([Queue(pk=stored.pk, name="Sales", name_key="sales")], unique=["id"], update=["name"])
    assert Queue.objects.values_list("pk", "name", "name_key").get() == (stored.pk, "Sales", "support")


def test_what_the_database_has_a_default_for_is_left_to_it() -> None:
    insert_all([Import(kind="queue", file_name="x", user_name="x")])
    assert Import.objects.get().uploaded_at is not None


def test_a_text_beyond_its_column_is_refused_and_not_cut() -> None:
    with pytest.raises(DataError), transaction.atomic():
        insert_all([Queue(name="Q" * 1000)])
    assert not Queue.objects.exists()


def test_a_value_without_an_exact_form_is_refused() -> None:
    with pytest.raises(TypeError, match="No column holds a object"):
        insert_all([AuditEvent(seq=7, after={"secret": object()})])
