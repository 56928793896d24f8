"""Secrets that end: one message a secret and band, never twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from configurator.vault.text import Secret
from health.alarms import services
from health.alarms.ending import BANDS, ENDS_SOON, ending_secrets
from health.alarms.models import Alarm
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.services import incoming_server_save
from tests.health.alarms.conftest import Told
from tests.health.alarms.standings import addresses_of, warns, watch_of
from tests.people import ACTOR, As, incoming, outgoing
from tokenchecks.engine.results import Outcome, StageResult
from tokenchecks.models import CheckRun
from tokenchecks.worker.close import write_end_dates

pytestmark = pytest.mark.django_db


def in_days(days: int) -> date:
    """Return the day that is so many days off."""
    return timezone.localdate() + timedelta(days=days)


def dated(server: IncomingServer, days: int) -> None:
    """Give the server's secret an end, as time or a person does."""
    IncomingServer.objects.filter(pk=server.pk).update(secret_expires_on=in_days(days))


def subjects(mails: list[Any]) -> list[str]:
    """Return the subject lines without what differs by day."""
    return [mail.subject.split(", on ")[0] for mail in mails]


@pytest.mark.parametrize(
    ("days", "band"),
    [(61, None), (60, 60), (31, 60), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (2, 7), (1, 1), (0, 1), (-1, 0)],
)
def test_each_day_is_in_its_band(days: int, band: int | None) -> None:
    incoming(secret_expires_on=in_days(days))

    assert [secret.band for secret in ending_secrets()] == ([] if band is None else [band])


def test_each_band_is_told_once_on_the_way_to_the_end(told: Told) -> None:
    server = incoming(name="Contoso support", secret_expires_on=in_days(70))
    said = []
    for days in range(70, -3, -1):
        dated(server, days)
        said += subjects(told())

    assert said == [
        *(f"Secret ends: Contoso support – the secret ends in {band} days" for band in BANDS[:-1]),
        "Secret ends: Contoso support – the secret ends in 1 day",
        f"Secret ended: Contoso support – the secret ended on {in_days(-1)}",
    ]
    assert Alarm.objects.count() == 1


def test_a_date_that_moves_within_its_band_is_not_told_again(told: Told) -> None:
    server = incoming(secret_expires_on=in_days(20))
    assert len(told()) == 1

    for days in (25, 18, 30, 15):
        dated(server, days)
        assert told() == []
    assert Alarm.objects.get().ends_on == in_days(15)


def test_a_new_date_begins_anew(told: Told) -> None:
    """Moved into a wider band, or out of all, and then near again."""
    server = incoming(secret_expires_on=in_days(5))
    assert len(told()) == 1

    dated(server, 45)
    assert "45 days" in told()[0].subject
    dated(server, 400)
    assert told() == []
    assert not Alarm.objects.open().exists()
    dated(server, 5)
    assert len(told()) == 1


def test_a_secret_that_several_servers_share_is_told_once_with_what_it_stops(told: Told) -> None:
    """The earliest of their dates counts, and who has typed none is named too."""
    first = incoming(name="Alpha", secret_expires_on=in_days(29))
    incoming(name="Beta", client_id=first.client_id, secret_expires_on=in_days(28))
    incoming(name="Gamma", client_id=first.client_id)
    incoming(name="Stranger")
    boxes = addresses_of(first, 3, queues=2)

    [mail] = told()

    assert "Alpha and 2 more servers – the secret ends in 28 days" in mail.subject
    assert f"Ends on: {in_days(28)}" in mail.body
    assert "On that day it stops 2 queues, 3 addresses." in mail.body
    for name in ("Alpha", "Beta", "Gamma", boxes[0].address):
        assert f"- {name}" in mail.body
    assert "Stranger" not in mail.body


def microsoft_tells(server: IncomingServer | OutgoingServer, days: int) -> None:
    """Let a check read from Microsoft when the secret ends."""
    watch = watch_of(server)
    run = CheckRun(kind=watch.kind, subject_id=server.pk, credential=watch.credential)
    write_end_dates([(run, Outcome((StageResult("expiry", "ok", ends_on=in_days(days)),)))])


def test_microsofts_date_comes_before_the_one_entered(told: Told) -> None:
    """Read by a check, of servers without a date too; it goes with the secret that it is of."""
    server = incoming(name="Contoso support", secret_expires_on=in_days(3))
    undated = incoming(name="Undated", secret="another~secret~of-the-app")
    microsoft_tells(server, 400)
    microsoft_tells(undated, 12)

    assert subjects(told()) == ["Secret ends: Undated – the secret ends in 12 days"]

    fresh = Secret("the~next~secret~of-the-app")
    undated.refresh_from_db()
    undated.secret_expires_on = None
    incoming_server_save(actor=ACTOR, server=undated, secret=fresh, version=undated.version)
    assert told() == []
    assert not Alarm.objects.open().exists()


def test_the_outgoing_server_has_a_secret_too(told: Told) -> None:
    sender = outgoing()
    microsoft_tells(sender, 6)

    [mail] = told()

    assert mail.subject.startswith("Secret ends: External Outgoing Mail Server – the secret ends in 6 days")
    assert "On that day it stops all replies." in mail.body


def test_the_checks_own_warning_of_it_is_not_counted_beside_it(signed_in: As, told: Told) -> None:
    """One secret is one trouble, dismissed on the check panel or on the alarm alike."""
    server = incoming(secret_expires_on=in_days(9))
    warns([server], ENDS_SOON)
    told()

    page = signed_in("admin").get(server.get_absolute_url()).content.decode()
    assert "1 secret ends in 9 days" in page
    assert "1 warning" not in page
    assert f'action="/alarms/dismiss/secret/{Alarm.objects.get().pk}/"' in page


def test_a_replaced_secret_ends_the_alarm_and_has_a_past_of_its_own(told: Told) -> None:
    server = incoming(name="Contoso support", secret_expires_on=in_days(10))
    assert len(told()) == 1

    server.secret_expires_on = in_days(12)
    incoming_server_save(
        actor=ACTOR, server=server, secret=Secret("the~next~secret~of-the-app"), version=server.version
    )

    assert "12 days" in told()[0].subject
    assert Alarm.objects.open().get().ends_on == in_days(12)


def test_looking_again_writes_nothing(told: Told) -> None:
    """The look comes every few seconds: while nothing changes it only reads."""
    incoming(secret_expires_on=in_days(10))
    told()

    with CaptureQueriesContext(connection) as made:
        services.reconcile()
    assert [query["sql"] for query in made if query["sql"].startswith("INSERT")] == []
    assert len(made) <= 16
