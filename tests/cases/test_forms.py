"""Values that were typed into the forms.

``form`` is incoming, outgoing, address or queue, and ``typed`` differs from values that are right. ``says`` occurs in
a message on ``field``, or with the field "notice" in what is said after the save; where there is none, the form takes
the values, and ``stored`` is what it keeps.
"""

from typing import Any

import pytest

from configurator.console.objects.forms import RecordForm, notices_of
from tests.cases.rows import name_of, rows
from tests.mailsettings.typed import incoming_form, outgoing_form
from tests.people import incoming, queue
from tests.queues.typed import address_form, queue_form

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", rows("forms"), ids=name_of)
def test_the_form_answers(row: dict[str, Any]) -> None:
    form = _form(row["form"], row["typed"])
    form.is_valid()
    if row.get("field") == "notice":
        assert row["says"] in " ".join(notices_of(form))
        return
    if row["says"]:
        assert row["says"] in " ".join(map(str, form.errors.get(row["field"], [])))
        return
    assert not form.errors
    for name, value in row.get("stored", {}).items():
        assert str(getattr(form.instance, name)) == value


def _form(name: str, typed: dict[str, str]) -> RecordForm:
    match name:
        case "incoming":
            return incoming_form(**typed)
        case "outgoing":
            return outgoing_form(**typed)
        case "address":
            return address_form(queue(), incoming(), **typed)
        case _:
            return queue_form(**typed)
