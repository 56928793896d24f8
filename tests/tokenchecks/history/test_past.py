"""What a past tells: uptime, beginnings, strips, and the state of a queue."""

from datetime import timedelta

import pytest

from configurator.audit.models import AuditEvent
from configurator.status import Status
from mailsettings.models import IncomingServer
from mailsettings.services import incoming_server_save
from queues.models import Queue, QueueAddress
from queues.services import address_delete, address_save
from tests.database import triggers_off
from tests.people import ACTOR, address, incoming, person, queue
from tests.tokenchecks.past import DAY, GOOD, HOUR, MINUTES, broken, check, checks, pass_time, states, warned
from tokenchecks.history.past import past_of, strips_of
from tokenchecks.history.periods import BY_KEY
from tokenchecks.models import Span

pytestmark = pytest.mark.django_db


def test_uptime_counts_what_was_checked_and_a_warning_as_good() -> None:
    server = incoming()
    checks(server, GOOD, 4)
    checks(server, warned(), 4)
    checks(server, broken(), 2, HOUR)
    uptime = past_of("incoming_server", server, person("support")).uptime

    assert round(uptime.good / HOUR) == 2
    assert round(uptime.checked / HOUR) == 4
    assert uptime.share == pytest.approx(0.5, abs=0.01)
    assert uptime.unchecked == timedelta()


def test_the_past_of_a_young_subject_begins_with_its_creation() -> None:
    """Checked at once, it was never unchecked: not in the intervals, nor in the shares, nor in the uptime."""
    server = incoming()
    check(server, broken())
    pass_time(MINUTES[4])
    past = past_of("incoming_server", server, person("support"))

    assert past.uptime.unchecked == timedelta()
    assert [interval.status for interval in past.intervals] == [Status.BROKEN]
    assert past.drawing.shares == [(Status.BROKEN, "100 %")]
    assert [bar.status for bar in past.drawing.bars] == [Status.BROKEN]
    assert past.drawing.is_cut
    assert past.drawing.has_room
    assert [edit.what for edit in past.edits_shown] == ["Created"]


@pytest.mark.parametrize("username", ["support", "queues"])
def test_what_waits_long_for_its_first_check_was_not_checked_since_its_creation(username: str) -> None:
    """Whether or not the user may see who created it."""
    box = address()
    pass_time(HOUR)
    never = past_of("address", box, person(username))
    assert (never.drawing.shares, never.rows[0].since) == ([(Status.UNCHECKED, "100 %")], never.drawing.born)
    assert [interval.lasted // HOUR for interval in never.intervals] == [1]

    check(box, GOOD)
    pass_time(HOUR / 6)
    assert states(box, username=username) == ["unchecked", "ok"]


def test_what_the_trail_does_not_know_begins_with_its_first_span() -> None:
    server = incoming()
    check(server, GOOD)
    pass_time(HOUR / 6)
    with triggers_off():
        AuditEvent.objects.all().delete()

    assert states(server) == ["ok"]
    assert past_of("incoming_server", server, person("support")).drawing.born == Span.objects.get().since


def test_what_is_older_than_the_period_fills_it() -> None:
    server = incoming()
    pass_time(2 * DAY)
    check(server, GOOD)
    drawing = past_of("incoming_server", server, person("support"), BY_KEY["24h"]).drawing

    assert not drawing.is_cut
    assert drawing.bars[0].left == "0.000%"


def test_a_young_address_has_a_strip_that_begins_with_it() -> None:
    """And what was edited on its server before is no mark on its timeline."""
    server = incoming()
    pass_time(HOUR)
    box = address(server=server)
    check(box, GOOD)
    pass_time(MINUTES[4])
    strip = strips_of("address", [box.pk])[box.pk]
    past = past_of("address", box, person("support"))

    assert (strip.is_cut, strip.shares) == (True, [(Status.OK, "100 %")])
    assert [edit.what for edit in past.edits_shown] == ["Created"]


def test_a_queue_is_as_bad_as_its_worst_address() -> None:
    """Written when a check ends, an address comes, and an address goes."""
    home = queue()
    one, other = address(queue=home), address(queue=home)

    def status() -> str:
        return Queue.objects.get(pk=home.pk).status

    assert status() == "unchecked"
    check(one, GOOD)
    assert status() == "unchecked"
    check(other, warned())
    assert status() == "warning"
    check(one, broken())
    assert status() == "broken"
    check(one, GOOD)
    assert status() == "warning"
    address_delete(actor=ACTOR, address=QueueAddress.objects.get(pk=other.pk))
    assert status() == "ok"
    address(queue=home)
    assert status() == "unchecked"


def test_a_moved_address_takes_its_state_along() -> None:
    box, home = address(), queue(name="New home")
    check(box, broken())
    left = box.queue_id
    box = QueueAddress.objects.get(pk=box.pk)
    box.queue = home
    address_save(actor=ACTOR, address=box)

    assert Queue.objects.get(pk=left).status == "unchecked"
    assert Queue.objects.get(pk=home.pk).status == "broken"


def test_a_save_does_not_write_back_what_a_check_found_meanwhile() -> None:
    """The form read the record before the check ended."""
    server = incoming()
    read_before = IncomingServer.objects.get(pk=server.pk)
    check(server, broken(), "The secret has expired")
    read_before.name = "Renamed"
    incoming_server_save(actor=ACTOR, server=read_before)
    stored = IncomingServer.objects.get(pk=server.pk)

    assert (stored.name, stored.status, stored.status_summary) == ("Renamed", "broken", "The secret has expired")
    assert AuditEvent.objects.of_object("incoming_server", server.pk).count() == 2
