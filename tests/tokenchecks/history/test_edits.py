"""Which edit a subject went red after."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from configurator.vault.text import Secret
from mailsettings.models import IncomingServer
from mailsettings.rotation import services as rotation
from mailsettings.services import incoming_server_save
from tests.mailsettings.slots import FIRST, again, day, switched, with_next
from tests.people import ACTOR, As, address, incoming, person
from tests.tokenchecks.past import GOOD, MINUTES, broken, check, checks, pass_time
from tokenchecks.history.changed import changed_since_good
from tokenchecks.history.past import past_of, trouble_of
from tokenchecks.history.periods import BY_KEY

pytestmark = pytest.mark.django_db
OTHER_CLIENT = "1b671a64-40d5-491e-99b0-da01ff1f3341"


def edit(server: IncomingServer, **values: Any) -> None:
    """Save the server with these values in place of the stored ones."""
    stored = IncomingServer.objects.get(pk=server.pk)
    for name, value in values.items():
        setattr(stored, name, value)
    secret = Secret("another~secret-of-the-app") if "client_id" in values else None
    incoming_server_save(actor=ACTOR, server=stored, secret=secret)


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
    assert (past.rows[0].edit, past.trouble.edit) == (said, said)
    assert [row.edit for row in past.rows[1:]] == [""] * (len(past.rows) - 1)
    assert [mark.edit.fields for mark in past.drawing.marks] == [[], ["Name"], ["Secret", "Client ID"]]


def test_red_from_the_beginning_came_after_the_creation() -> None:
    server = incoming()
    checks(server, broken(), 2)
    past = past_of("incoming_server", server, person("support"))

    assert past.trouble.edit == "less than a minute after it was created by tests"


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
    assert (past.rows[0].edit, past.trouble.edit) == (said, said)
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
    assert past_of("address", box, person("support")).trouble.edit == said
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

    assert past.trouble.edit == "less than a minute after an edit by tests (Secret, Client ID)"
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

    assert past.trouble.edit == past.rows[0].edit == ""


def test_an_address_went_red_after_an_edit_of_its_server() -> None:
    box = address()
    checks(box, GOOD, 2)
    edit(box.server, client_id=OTHER_CLIENT)
    pass_time(MINUTES[10])
    checks(box, broken(), 2)
    past = past_of("address", box, person("admin"))

    assert past.trouble.edit == "10\xa0minutes after an edit of its server by tests (Secret, Client ID)"
    assert changed_since_good("address", {box.pk: box.server_id}) == {box.pk: ("client_id", "secret")}


def test_another_cause_while_red_has_a_moment_and_an_edit_of_its_own(signed_in: As) -> None:
    """The head names both moments, and the edit before the cause that it names; the queue says the same."""
    box = address()
    checks(box, broken("mailbox_unknown", "mailbox", "ErrorNonExistentMailbox"), 2, MINUTES[2])
    edit(box.server, client_id=OTHER_CLIENT)
    pass_time(MINUTES[1])
    checks(box, broken("app_unknown", "client", "AADSTS700016"), 1, MINUTES[2])
    box.refresh_from_db()

    past = past_of("address", box, person("support"))
    trouble = trouble_of("address", box, person("support"))
    said = "1\xa0minute after an edit of its server by tests (Secret, Client ID)"
    assert past.trouble == trouble
    assert past.watch
    assert (trouble.edit, trouble.cause_since) == (said, past.watch.since)
    assert past.rows[0].edit == said
    assert trouble_of("address", box, person("queues")).edit == ""
    for path in (reverse("tokenchecks:history", args=["address", box.pk]), box.queue.get_absolute_url()):
        page = " ".join(signed_in("support").get(path).content.decode().split())
        moments = re.sub("<[^>]*>", "", page).partition(f", {' '.join(said.split())}")[0]
        assert re.search(r"since \w+ [0-9:]+; for this cause since \w+ [0-9:]+$", moments), moments

    checks(box, broken("app_unknown", "client", "AADSTS700016"), 1, MINUTES[2])
    assert trouble_of("address", box, person("support")).edit == said


def test_one_cause_is_told_with_one_moment() -> None:
    box = address()
    checks(box, GOOD, 1)
    checks(box, broken(), 2)
    box.refresh_from_db()

    assert trouble_of("address", box, person("support")).cause_since is None


def test_who_may_not_view_the_audit_log_sees_no_edits() -> None:
    box = address()
    checks(box, broken(), 2)
    past = past_of("address", box, person("queues"))

    assert (past.trouble.edit, past.drawing.marks, past.edits_shown) == ("", [], [])


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
