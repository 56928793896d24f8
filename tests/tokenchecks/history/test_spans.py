"""Spans: how far alike checks reach, and what ends them."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.db.models import Min
from pytest_django import DjangoAssertNumQueries

from configurator.status import Status
from queues.models import Queue
from queues.services import queue_save
from tests.people import ACTOR, address, incoming
from tests.tokenchecks.past import DAY, GOOD, HOUR, MINUTES, broken, checks, pass_time, passing, spans, states
from tokenchecks.history.past import strips_of
from tokenchecks.models import Span, Watch

pytestmark = pytest.mark.django_db


def test_a_span_reaches_over_alike_checks_and_a_new_one_begins_with_the_change() -> None:
    server = incoming()
    checks(server, GOOD, 4)
    checks(server, broken(), 2)
    checks(server, GOOD, 1)

    assert spans() == [("ok", 4), ("broken", 2), ("ok", 1)]


def test_the_first_sample_of_what_may_pass_is_a_warning_and_the_second_makes_it_red() -> None:
    server = incoming()
    checks(server, GOOD, 2)
    checks(server, passing(), 3, MINUTES[2])

    assert spans() == [("ok", 2), ("warning", 1), ("broken", 2)]


def test_a_checker_that_was_silent_begins_a_new_span() -> None:
    """The same finding before and after three silent hours are two spans, with a gap on the timeline."""
    server = incoming()
    checks(server, GOOD, 4)
    pass_time(3 * HOUR)
    checks(server, GOOD, 2)

    assert spans() == [("ok", 4), ("ok", 2)]
    assert states(server) == ["ok", "unchecked", "ok"]


def test_red_is_known_to_last_from_one_daily_look_to_the_next() -> None:
    server = incoming()
    checks(server, broken(), 2)
    pass_time(DAY)
    checks(server, broken(), 1)

    assert spans() == [("broken", 3)]


def test_the_timeline_ends_grey_when_nobody_checks_any_more() -> None:
    server = incoming()
    checks(server, GOOD, 3)
    assert states(server)[-1] == "ok"
    pass_time(2 * HOUR)
    assert states(server)[-1] == "unchecked"


def test_an_address_of_a_disabled_queue_is_not_checked_from_then_on() -> None:
    box = address()
    checks(box, broken(), 2)
    assert states(box)[-1] == "broken"
    home = Queue.objects.get(pk=box.queue_id)
    home.enabled = False
    queue_save(actor=ACTOR, queue=home)
    pass_time(HOUR)
    assert states(box)[-1] == "unchecked"
    assert strips_of("address", [box.pk])[box.pk].bars[-1].status == Status.UNCHECKED


def test_a_week_that_is_all_checked_is_drawn_from_its_spans_alone(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """When it was created is asked of what may be younger than the week."""
    old, young = address(), address()
    checks(old, broken(), 9, DAY)
    checks(young, broken(), 2)
    with django_assert_num_queries(1):
        alone = strips_of("address", [old.pk])
    with django_assert_num_queries(2):
        both = strips_of("address", [old.pk, young.pk])
    assert [bar.status for bar in both[old.pk].bars] == [bar.status for bar in alone[old.pk].bars]
    assert alone[old.pk].bars[0].status == Status.BROKEN


def test_what_was_stored_before_gets_the_moment_of_its_present_cause() -> None:
    """Where the cause became another one while it was red; what is red for one cause stays as it was."""
    changed, steady, well = incoming(), incoming(name="Steady"), incoming(name="Well")
    checks(steady, broken(), 1)
    for outcome in (broken(), broken("app_unknown", "app", "AADSTS700016"), broken("app_unknown", "app", "another")):
        checks(changed, outcome, 2)
    checks(well, GOOD, 1)
    checks(steady, broken(), 1)
    right = dict(Watch.objects.values_list("name", "since"))
    red = Span.objects.filter(subject_id=changed.pk).aggregate(red=Min("since"))["red"]
    Watch.objects.filter(subject_id=changed.pk).update(since=red - timedelta(milliseconds=5))

    with connection.cursor() as cursor:
        cursor.execute(import_module("tokenchecks.migrations.0009_since_of_causes").BEGAN)

    found = dict(Watch.objects.values_list("name", "since"))
    began, wanted = found.pop(changed.name), right.pop(changed.name)
    assert began
    assert wanted
    assert timedelta() <= began - wanted < timedelta(minutes=1)
    assert found == right
