"""The past of a subject, through real ends of checks: spans, damping, gaps, edits, uptime."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from configurator.audit.models import AuditEvent
from configurator.console.status import Status
from configurator.vault.text import Secret
from mailsettings import rotation
from mailsettings.models import IncomingServer
from mailsettings.services import incoming_server_save
from queues.models import Queue, QueueAddress
from queues.services import address_delete, address_save, queue_save
from tests.database import triggers_off
from tests.mailsettings.slots import FIRST, again, day, switched, with_next
from tests.people import ACTOR, address, incoming, person, queue
from tests.tokenchecks.past import DAY, GOOD, HOUR, MINUTES, broken, check, checks, pass_time, passing, warned
from tokenchecks.history.changed import changed_since_good
from tokenchecks.history.past import past_of, strips_of
from tokenchecks.history.periods import BY_KEY
from tokenchecks.models import Span

pytestmark = pytest.mark.django_db
OTHER_CLIENT = "1b671a64-40d5-491e-99b0-da01ff1f3341"


def edit(server: IncomingServer, **values: Any) -> None:
    """Save the server with these values in place of the stored ones."""
    stored = IncomingServer.objects.get(pk=server.pk)
    for name, value in values.items():
        setattr(stored, name, value)
    secret = Secret("another~secret-of-the-app") if "client_id" in values else None
    incoming_server_save(actor=ACTOR, server=stored, secret=secret)


def states(subject: Any, period: str = "24h", username: str = "superuser") -> list[str]:
    """Return the states of the subject's stretches, oldest first."""
    past = past_of(subject.audit_kind, subject, person(username), BY_KEY[period])
    return [stretch.status.value for stretch in past.stretches]


def spans() -> list[tuple[str, int]]:
    """Return status and number of samples of each span, oldest first."""
    return list(Span.objects.order_by("since").values_list("status", "samples"))


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


def test_red_names_the_edit_it_came_after() -> None:
    """The edit between the last good check and the first bad one, with its fields, on the row and in the head."""
    server = incoming()
    checks(server, GOOD, 3)
    edit(server, name="Sales (new)")
    pass_time(MINUTES[15])
    checks(server, GOOD, 1)
    edit(server, client_id=OTHER_CLIENT)
    pass_time(MINUTES[4])
    checks(server, broken(), 2)
    past = past_of("incoming_server", server, person("support"), BY_KEY["24h"])

    said = "4\xa0minutes after an edit by tests (Secret, Client ID)"
    assert (past.rows[0].edit, past.edit) == (said, said)
    assert [row.edit for row in past.rows[1:]] == [""] * (len(past.rows) - 1)
    assert [mark.edit.fields for mark in past.drawing.marks] == [[], ["Name"], ["Secret", "Client ID"]]


def test_red_from_the_beginning_came_after_the_creation() -> None:
    server = incoming()
    checks(server, broken(), 2)
    past = past_of("incoming_server", server, person("support"))

    assert past.edit == "less than a minute after it was created by tests"


def test_a_next_secret_that_is_only_stored_is_not_blamed_but_the_switch_to_it_is() -> None:
    """On the row and in the head; all acts are marks and edits, and going back may break as well."""
    server = incoming(secret=FIRST)
    checks(server, GOOD, 2)
    with_next(again(server), expires_on=day(90))
    pass_time(MINUTES[1])
    rotation.secret_switch(actor=ACTOR, server=again(server))
    checks(server, broken(), 1, MINUTES[1])
    past = past_of("incoming_server", server, person("support"), BY_KEY["24h"])

    said = "less than a minute after tests switched to the next secret"
    assert (past.rows[0].edit, past.edit) == (said, said)
    done = ["Switched to the next secret", "Next secret, Next secret expires on", "Created"]
    assert [edit.what for edit in past.edits_shown] == done

    rotation.secret_roll_back(actor=ACTOR, server=again(server))
    checks(server, broken("client_unknown", "client", "AADSTS700016"), 1)
    past = past_of("incoming_server", server, person("support"), BY_KEY["24h"])
    assert past.rows[0].edit == "less than a minute after tests rolled back to the previous secret"
    assert past.edits_shown[0].what == "Rolled back to the previous secret"


def test_an_address_went_red_after_its_server_was_switched() -> None:
    box = address()
    checks(box, GOOD, 1)
    switched(box.server)
    check(box, broken())

    said = "less than a minute after tests switched its server to the next secret"
    assert past_of("address", box, person("support")).edit == said
    rolled_back = rotation.secret_roll_back(actor=ACTOR, server=again(box.server))
    past = past_of("address", box, person("support"))
    assert past.edits_shown[0].said == "tests rolled its server back to the previous secret"
    assert past.edits_shown[0].what == "Rolled back to the previous secret (its server)"
    assert rolled_back.next_secret


def test_of_what_was_edited_at_once_the_part_that_is_sent_is_blamed() -> None:
    """Another app takes the next secret away; that stands in the list of edits, not in the sentence."""
    server = incoming()
    with_next(server)
    checks(server, GOOD, 1)
    edit(server, secret_expires_on=day(3))
    edit(server, client_id=OTHER_CLIENT)
    check(server, broken())
    past = past_of("incoming_server", server, person("support"))

    assert past.edit == "less than a minute after an edit by tests (Secret, Client ID)"
    assert "Next secret" in past.edits_shown[0].what


def test_red_long_after_a_harmless_edit_names_none() -> None:
    """The subject was found good after the edit."""
    server = incoming()
    checks(server, GOOD, 1)
    edit(server, name="Harmless")
    pass_time(MINUTES[1])
    checks(server, GOOD, 3)
    checks(server, broken(), 2)
    past = past_of("incoming_server", server, person("support"))

    assert past.edit == past.rows[0].edit == ""


def test_an_address_went_red_after_an_edit_of_its_server() -> None:
    box = address()
    checks(box, GOOD, 2)
    edit(box.server, client_id=OTHER_CLIENT)
    pass_time(MINUTES[10])
    checks(box, broken(), 2)
    past = past_of("address", box, person("admin"))

    assert past.edit == "10\xa0minutes after an edit of its server by tests (Secret, Client ID)"
    assert changed_since_good("address", {box.pk: box.server_id}) == {box.pk: ("client_id", "secret")}


def test_who_may_not_view_the_audit_log_sees_no_edits() -> None:
    box = address()
    checks(box, broken(), 2)
    past = past_of("address", box, person("queues"))

    assert (past.edit, past.drawing.marks, past.edits_shown) == ("", [], [])


def test_what_changed_last_is_told_by_the_names_of_fields() -> None:
    """Since the last good check, and of what is sent alone; nothing for what never was good."""
    server = incoming()
    subjects = {server.pk: None}
    assert changed_since_good("incoming_server", subjects) == {}
    checks(server, GOOD, 1)
    assert changed_since_good("incoming_server", subjects) == {server.pk: ()}
    edit(server, secret_expires_on=timezone.localdate(), name="Renamed")
    assert changed_since_good("incoming_server", subjects) == {server.pk: ()}
    edit(server, client_id=OTHER_CLIENT)
    assert changed_since_good("incoming_server", subjects) == {server.pk: ("client_id", "secret")}
    checks(server, GOOD, 1)
    assert changed_since_good("incoming_server", subjects) == {server.pk: ()}


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
    """Checked at once, it was never unchecked: not in the stretches, nor in the shares, nor in the uptime."""
    server = incoming()
    check(server, broken())
    pass_time(MINUTES[4])
    past = past_of("incoming_server", server, person("support"))

    assert past.uptime.unchecked == timedelta()
    assert [stretch.status for stretch in past.stretches] == [Status.BROKEN]
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
    assert [stretch.lasted // HOUR for stretch in never.stretches] == [1]

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
