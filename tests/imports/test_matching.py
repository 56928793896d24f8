"""Which object a row is about."""

import pytest

from configurator.audit.models import AuditEvent
from imports.services import ask_to_apply
from tests.imports.files import applied, errors_of, looked_at, rows_of, tab
from tests.imports.states import BOX, LABELS
from tests.people import incoming, person, queue

pytestmark = pytest.mark.django_db


def test_a_file_twice_changes_nothing_and_there_is_nothing_to_apply() -> None:
    body = tab(("Name", "Priority"), ("One", "3"), ("Two", "4"))
    applied(looked_at("queue", body))
    events = AuditEvent.objects.count()

    again = looked_at("queue", body)

    assert again.counts == {"unchanged": 2}
    assert not ask_to_apply(user=person("admin"), pk=again.pk)
    assert AuditEvent.objects.count() == events


def test_the_same_object_twice_in_a_file_is_refused_the_second_time() -> None:
    stored = queue(name="Support")
    found = looked_at(
        "queue",
        tab(("Id", "Name"), (str(stored.pk), "A"), (str(stored.pk), "B"), ("", "New"), ("", "New"), ("no guid", "C")),
    )

    assert [row.outcome for row in rows_of(found)] == ["changed", "refused", "created", "refused", "refused"]
    assert errors_of(found)[1] == [["Row", "Row 2 is about the same already. Keep one of them."]]
    assert errors_of(found)[4][0][0] == "Id"


def test_names_that_stand_twice_need_an_id() -> None:
    queue(name="Twin")
    queue(name="Twin")
    incoming(name="Contoso")

    assert "2 queues bear this name" in errors_of(looked_at("queue", tab(("Name",), ("Twin",))))[0][0][1]
    row = ("Twin", BOX, BOX, "Contoso", "", "")
    assert errors_of(looked_at("address", tab(LABELS, row))) == [
        [["Queue", "2 bear the name Twin. Enter the Queue Id."]]
    ]


def test_an_id_and_a_name_of_different_ones_are_a_slip() -> None:
    one, _ = queue(name="One"), queue(name="Two")
    incoming(name="Contoso")
    row = (str(one.pk), "Two", BOX, BOX, "Contoso")
    found = looked_at("address", tab(("Queue Id", "Queue", "Address", "E-Mail Account", "E-Mail Server"), row))

    assert "name different ones: that Id is One's" in errors_of(found)[0][0][1]
