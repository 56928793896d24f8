"""The checker's own silence: found in the database, told by whoever is alive, and over when checks run again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from django.test import Client

from configurator.accounts.rights import ALL
from health.alarms import services
from health.alarms.models import Alarm
from health.alarms.silence.state import silence
from tests.console.exported import rows_in
from tests.database import together
from tests.health.alarms.conftest import Told
from tests.health.alarms.sink import MailSink
from tests.people import As, address, group_made, incoming, limited, queue
from tests.tokenchecks.runs import queued
from tests.worker import BeatProcess, WorkerProcess, wait_for
from tokenchecks.models import CheckRun, Watch

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def stand_still() -> None:
    """Let an hour pass in which nothing is checked."""
    incoming()
    CheckRun.objects.all().delete()
    Watch.objects.update(due_at=Now() - HOUR)


def test_what_is_due_for_long_is_silence() -> None:
    stand_still()

    found = silence()

    assert found
    assert (found.overdue, found.unclaimed) == (1, 0)
    assert found.sentence == "Checks stand still for 60 min: 1 are overdue"


def test_what_nobody_takes_is_silence() -> None:
    run = queued()
    CheckRun.objects.filter(pk=run.pk).update(requested_at=Now() - HOUR)

    found = silence()

    assert found
    assert found.unclaimed == 1
    CheckRun.objects.update(state="running", lease_until=Now() - HOUR)
    assert silence()
    CheckRun.objects.update(lease_until=Now())
    assert silence() is None


def test_what_waits_for_microsoft_or_is_not_watched_is_no_silence() -> None:
    """A run held back on purpose, a check that is due soon, a queue that is off."""
    run = queued()
    CheckRun.objects.filter(pk=run.pk).update(requested_at=Now() - HOUR, not_before=Now() + HOUR)
    incoming()
    Watch.objects.update(due_at=Now() - timedelta(minutes=9))
    assert silence() is None

    Watch.objects.update(due_at=None)
    assert silence() is None


def test_it_is_told_once_and_its_end_too(told: Told) -> None:
    stand_still()
    services.reconcile_silence()
    services.reconcile_silence()
    [mail] = told()
    assert mail.subject.startswith("Broken: checks stand still since ")
    assert "celery worker" in mail.body

    Watch.objects.update(due_at=Now())
    services.reconcile_silence()
    services.reconcile_silence()
    [mail] = told()
    assert mail.subject == "Recovered: checks run again, after 1 h"


def test_many_watchmen_open_one_alarm(transactional_db: None) -> None:
    stand_still()

    together(*[services.reconcile_silence] * 6)

    assert Alarm.objects.count() == 1


def test_every_page_says_so_the_loudest(signed_in: As) -> None:
    """Read from the database, so that it shows with worker and clock dead alike."""
    page = "/e-mail-settings/incoming/"
    assert b"stand still" not in signed_in("support").get(page).content
    stand_still()

    said = signed_in("support").get(page).content.decode()

    assert 'class="silence" role="alert"' in said
    assert "Checks stand still for 60 min" in said


def test_who_is_limited_is_told_no_number_of_what_he_does_not_see(signed_in: As) -> None:
    """The banner counts his own; the alarm, which counts all, says to him that checks stand still and no more."""
    north, server, client = group_made("North"), incoming(), Client()
    for group, boxes in ((north, 2), (group_made("South"), 4)):
        for _ in range(boxes):
            address(queue=queue(group=group), server=server)
    CheckRun.objects.all().delete()
    Watch.objects.update(due_at=Now() - HOUR)
    services.reconcile_silence()
    alarm = Alarm.objects.get(topic="silence")
    client.force_login(limited("of-the-north", ALL, north))

    for reader, seen, told in ((signed_in("superuser"), 7, alarm.detail), (client, 3, "Checks stand still")):
        banner = reader.get("/queues/").content.decode()
        assert f"Checks stand still for 60 min: {seen} are overdue" in banner
        [row] = rows_in(reader, "/alarms/", "json")
        assert row["What is wrong"] == told
        for page in ("/alarms/", alarm.get_absolute_url()):
            text = reader.get(page).content.decode()
            assert (": 7 are overdue" in text) == (seen == 7), page
            assert told in text, page
    assert alarm.detail.endswith("7 are overdue")


@pytest.fixture
def sink() -> Iterator[MailSink]:
    """Return a mail server for processes of the tests."""
    with MailSink() as sink:
        yield sink


@pytest.mark.parametrize("kind", [BeatProcess, WorkerProcess])
def test_the_clock_tells_of_dead_workers_and_a_worker_of_a_dead_clock(
    transactional_db: None, sink: MailSink, tmp_path: Path, kind: type[BeatProcess | WorkerProcess]
) -> None:
    """A process that is alone opens the alarm and sends its mail by itself; its end too."""
    stand_still()
    told = {"ALARM_MAIL_TO": "it@contoso.example", "EMAIL_URL": sink.url, "SILENT_AFTER": "0.02"}
    alone = kind(tmp_path / "alone.log", **told)
    alone.start()
    try:
        wait_for(sink.subjects, seconds=60)
        assert [subject[:27] for subject in sink.subjects()] == ["Broken: checks stand still "]

        Watch.objects.update(due_at=Now() + HOUR)
        wait_for(lambda: sink.subjects()[1:], seconds=60)
        assert sink.subjects()[1].startswith("Recovered: checks run again, after 1 h")
    finally:
        alone.stop()


def test_the_clock_tells_when_the_last_worker_is_killed(transactional_db: None, sink: MailSink, tmp_path: Path) -> None:
    """While the worker lives nothing is told; after kill -9 the clock's silence monitor opens the alarm."""
    told = {"ALARM_MAIL_TO": "it@contoso.example", "EMAIL_URL": sink.url, "SILENT_AFTER": "0.1"}
    beat, worker = BeatProcess(tmp_path / "beat.log", **told), WorkerProcess(tmp_path / "worker.log", **told)
    worker.start()
    beat.start()
    try:
        incoming()
        wait_for(lambda: Watch.objects.filter(checked_at__isnull=False).exists(), seconds=60)
        worker.kill()
        Watch.objects.update(due_at=Now())
        wait_for(sink.subjects, seconds=60)
        assert sink.subjects()[0].startswith("Broken: checks stand still since ")

        worker.start()
        wait_for(lambda: any(subject.startswith("Recovered") for subject in sink.subjects()), seconds=60)
    finally:
        beat.stop()
        worker.stop()
