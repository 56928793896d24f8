"""The group of a queue in files: given, taken away, kept, and held to the rights of the form."""

import uuid
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from configurator.accounts.actor import Actor
from configurator.accounts.models import QueueGroup, User
from configurator.accounts.rights import ALL
from imports.kinds import Line, Verdict
from imports.kinds.queues import Queues
from imports.models import Outcome, State
from queues.models import Queue
from tests.imports.files import applied, errors_of, looked_at, rows_of, tab
from tests.people import group_made, limited, queue

pytestmark = pytest.mark.django_db
CHOOSE = "Choose one of your queue groups."


@pytest.fixture
def north(db: None) -> QueueGroup:
    """Return a group."""
    return group_made("North")


def groups() -> dict[str, str]:
    """Return the name of the group of each queue, "" for none."""
    return {row.name: str(row.group or "") for row in Queue.objects.select_related("group")}


def test_a_file_gives_takes_and_keeps_the_group(north: QueueGroup) -> None:
    south = group_made("South")
    for name, group in (("Given", None), ("Moved", north), ("Taken", north), ("Kept", south)):
        queue(name=name, group=group)
    rows = (("Given", "North"), ("Moved", " South "), ("Taken", ""), ("Kept", "South"), ("New", "North"), ("Bare", ""))

    found = looked_at("queue", tab(("Name", "Queue Group"), *rows))

    assert found.counts == {"changed": 3, "unchanged": 1, "created": 2}, errors_of(found)
    assert rows_of(found)[1].after == {"group": {"id": str(south.pk), "name": "South"}}
    assert applied(found).state == State.APPLIED
    assert groups() == {"Given": "North", "Moved": "South", "Taken": "", "Kept": "South", "New": "North", "Bare": ""}
    applied(looked_at("queue", tab(("Name", "Priority"), ("Given", "7"), ("Newer", "7"))))
    assert (groups()["Given"], groups()["Newer"]) == ("North", "")


def test_a_group_that_is_not_there_is_refused_and_one_that_goes_meanwhile_too(north: QueueGroup) -> None:
    queue(name="Support")
    rows = [("Support", name) for name in ("Nowhere", "north", str(north.pk))]
    for row in rows:
        assert errors_of(looked_at("queue", tab(("Name", "Queue Group"), row))) == [[["Queue Group", CHOOSE]]]
    found = looked_at("queue", tab(("Name", "Queue Group"), ("Support", "North")))
    north.delete()

    assert applied(found).state == State.REFUSED
    assert groups() == {"Support": ""}


def test_groups_cost_no_more_questions_for_many_rows(north: QueueGroup) -> None:
    def asked(count: int) -> int:
        rows = [(f"Queue {uuid.uuid4()}", "North") for _ in range(count)]
        with CaptureQueriesContext(connection) as made:
            assert applied(looked_at("queue", tab(("Name", "Queue Group"), *rows))).state == State.APPLIED
        return len(made)

    asked(2)
    assert asked(60) == asked(3)


# Whoever is limited to queue groups imports nothing; an import that began before is judged by what he may by then.


def judged(user: User, *rows: Sequence[str]) -> list[Verdict]:
    """Return the verdicts on rows of names and groups in a file of the user's."""
    lines = [Line(number, dict(zip(("Name", "Queue Group"), row, strict=False))) for number, row in enumerate(rows, 1)]
    return list(Queues(Actor.of(user)).judge(lines))


def verdicts(user: User, *rows: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Return the messages on each row."""
    return [verdict.errors for verdict in judged(user, *rows)]


def test_who_is_limited_names_one_of_his_groups_and_learns_of_no_other(north: QueueGroup) -> None:
    south = group_made("South")
    queue(name="Own", group=north)
    queue(name="Outside", group=south)
    user = limited("northerner", ALL, north)
    refused = [("Queue Group", CHOOSE)]

    assert verdicts(user, ("Own", "North"), ("New", "North")) == [[], []]
    assert verdicts(user, ("Own", "South")) == verdicts(user, ("Own", "Nowhere")) == [refused]
    assert verdicts(user, ("New", "South")) == verdicts(user, ("New", "Nowhere")) == [refused]
    assert verdicts(user, ("Own", ""), ("New", ""), ("Newer",)) == [refused, refused, refused]
    # He takes no queue from elsewhere: to him there is none of that name, and this is a new one.
    assert [one.outcome for one in judged(user, ("Outside", "North"))] == [Outcome.CREATED]
    assert [one.outcome for one in judged(user, ("Own", "North"))] == [Outcome.UNCHANGED]
