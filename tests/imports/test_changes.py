"""What a dry run says of the whole file: the columns that change, in how many rows, from what to what."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from imports.models import Import
from tests.imports.files import applied, looked_at, rows_of, tab
from tests.people import As, address, incoming, queue
from tests.queues.typed import PASSWORD

pytestmark = pytest.mark.django_db


def switched_off(count: int) -> Import:
    """Look at a file that switches off so many queues, and gives each another description."""
    names = [f"Queue {number}" for number in range(count)]
    for name in names:
        queue(name=name)
    return looked_at("queue", tab(("Name", "Enabled", "Description"), *((name, "No", f"of {name}") for name in names)))


def plain(page: str) -> str:
    """Return the text of the page, as it is read out."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_mass_change_of_enabled_stands_first_with_its_number(signed_in: As) -> None:
    found = switched_off(7)

    assert [(column["label"], column["rows"]) for column in found.changes] == [("Enabled", 7), ("Description", 7)]
    enabled, description = found.changes
    assert enabled["pairs"] == [["Yes", "No", 7]]
    assert enabled["grave"] == "Queues that are not enabled take no mail."
    assert (len(description["pairs"]), description["grave"]) == (5, "")
    page = plain(signed_in("admin").get(found.get_absolute_url()).content.decode())
    assert "What would change, by column" in page
    assert "Enabled 7 ▲ Queues that are not enabled take no mail. from Yes → to No 7 rows" in page
    assert "other values in 2 rows" in page


def test_what_is_switched_on_or_created_is_not_grave() -> None:
    queue(name="Support", enabled=False)

    found = looked_at("queue", tab(("Name", "Enabled"), ("Support", "Yes"), ("New", "No")))

    [enabled] = found.changes
    assert (enabled["rows"], enabled["pairs"], enabled["grave"]) == (1, [["No", "Yes", 1]], "")


def test_a_moved_address_and_a_password_that_goes_are_pointed_out() -> None:
    user, _ = incoming(name="User", authentication_type="oauth_user"), incoming(name="Service")
    queue(name="Elsewhere")
    box = address(queue=queue(name="Support"), server=user, password=PASSWORD)

    found = looked_at(
        "address", tab(("Id", "Queue", "E-Mail Server", "Priority"), (str(box.pk), "Elsewhere", "Service", "5"))
    )

    said = {column["label"]: (column["pairs"][0][:2], bool(column["grave"])) for column in found.changes}
    assert said == {
        "E-Mail Password": (["set", "removed"], True),
        "E-Mail Server": (["User", "Service"], True),
        "Queue": (["Support", "Elsewhere"], True),
        "Priority": (["", "5"], False),
    }


def test_what_is_deleted_is_said_first_with_what_goes_too(signed_in: As) -> None:
    address(queue=queue(name="Support"))
    found = looked_at("queue", tab(("Name", "Delete"), ("Support", "D")))

    page = plain(signed_in("admin").get(found.get_absolute_url()).content.decode())
    assert "1 row deletes what it names , and with that their addresses, with the passwords of these." in page


def test_the_rows_of_a_column_are_shown_alone(signed_in: As) -> None:
    found, admin = switched_off(3), signed_in("admin")
    queue(name="Other", priority=4)
    body = tab(("Name", "Enabled", "Priority"), ("Queue 0", "No", "9"), ("Other", "", "9"))
    found = looked_at("queue", body)

    page = admin.get(found.get_absolute_url(), {"column": "enabled"}).content.decode()
    assert "1 that change Enabled" in page
    assert ">Queue 0<" in page
    assert ">Other<" not in page
    assert ">Other<" in admin.get(found.get_absolute_url(), {"column": "nothing"}).content.decode()
    applied(found)
    assert "What was changed, by column" in admin.get(found.get_absolute_url()).content.decode()


def test_each_changed_value_is_marked_in_words_too(signed_in: As) -> None:
    found = switched_off(1)

    page = signed_in("admin").get(found.get_absolute_url()).content.decode()
    assert "<del>Yes</del>" in page
    assert "<ins>No</ins>" in page
    assert "Enabled : from Yes → to No" in plain(page)
    assert "Description : from (empty) → to of Queue 0" in plain(page)


def test_the_summary_costs_no_query_more_however_much_changes(signed_in: As) -> None:
    admin, made = signed_in("admin"), []
    for count in (1, 60):
        found = switched_off(count)
        with CaptureQueriesContext(connection) as queries:
            admin.get(found.get_absolute_url())
        made.append(len(queries))
        assert rows_of(found)

    assert made[0] == made[1] <= 8


def test_a_dry_run_that_is_asked_for_again_counts_anew(signed_in: As) -> None:
    found = switched_off(2)
    admin = signed_in("admin")
    admin.post(f"{found.get_absolute_url()}again/")
    found.refresh_from_db()
    assert found.changes == []
