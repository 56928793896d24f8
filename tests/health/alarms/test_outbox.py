"""Notices go out at least once, one channel's trouble is no other's, and nothing is lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.mail import get_connection
from django.db.models.functions import Now
from pytest_django import Settings

from configurator.vault.text import Secret
from health.alarms import services
from health.alarms.models import Alarm, Notice
from health.alarms.services import outbox
from tests.database import together
from tests.health.alarms.conftest import Told
from tests.health.alarms.receiver import Receiver
from tests.health.alarms.sink import MailSink, in_text
from tests.health.alarms.standings import breaks, works
from tests.people import ACTOR, incoming

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(by_mail: None, settings: Settings) -> Iterator[MailSink]:
    """Return a mail server that this console sends to."""
    with MailSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


def alarm() -> Alarm:
    """Open an alarm."""
    breaks([incoming(name="Contoso support")])
    services.reconcile()
    return Alarm.objects.get()


def in_time() -> None:
    """Let the time pass after which what failed is tried again."""
    Notice.objects.filter(state="queued").update(next_at=Now() - timedelta(seconds=1))


def test_a_mail_goes_out_by_smtp_with_an_id_that_stays(sink: MailSink) -> None:
    notice = alarm().notices.get()

    assert services.deliver() == 1

    [mail] = sink.mails
    assert mail["Message-ID"] == f"<{notice.pk}@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Contoso support is broken since" in in_text(mail)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.last_error) == ("sent", 1, "")
    assert services.deliver() == 0


def test_what_fails_is_tried_again_later_with_the_same_id_until_it_is_out(sink: MailSink) -> None:
    """The error is told by its kind: the server's words may repeat what was sent."""
    notice = alarm().notices.get()
    sink.refuse = "550 no such box C4nary-of-the-server"

    assert services.deliver() == 0
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("queued", 1)
    assert notice.last_error == "the mail server did not take it (SMTPRecipientsRefused)"
    assert services.deliver() == 0

    sink.refuse = ""
    in_time()
    assert services.deliver() == 1
    assert [mail["Message-ID"] for mail in sink.mails] == [f"<{notice.pk}@localhost>"]


def test_a_mail_server_that_is_away_gives_a_reason(by_mail: None, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    notice = alarm().notices.get()

    assert services.deliver() == 0

    notice.refresh_from_db()
    assert notice.last_error == "the mail server did not take it (ConnectionRefusedError)"


def test_the_mail_server_has_a_time_limit(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    assert vars(get_connection())["timeout"] == 10


def test_the_pauses_double_and_in_the_end_it_is_given_up(sink: MailSink) -> None:
    """Given up, it is shown, and somebody may have it tried again."""
    notice = alarm().notices.get()
    sink.refuse = "451 later"
    pauses = []
    for _ in range(outbox.MOST_ATTEMPTS):
        in_time()
        services.deliver()
        notice.refresh_from_db()
        pauses.append(notice.next_at)

    assert notice.state == "failed"
    assert pauses[1] - pauses[0] < pauses[4] - pauses[0]
    in_time()
    assert services.deliver() == 0

    sink.refuse = ""
    assert services.try_again(actor=ACTOR, pk=notice.pk)
    assert services.deliver() == 1
    assert not services.try_again(actor=ACTOR, pk=notice.pk)


def test_one_channel_fails_and_the_other_is_told(sink: MailSink, receiver: Receiver) -> None:
    sink.refuse = "451 later"
    alarm()

    assert services.deliver() == 1

    assert len(receiver.posted) == 1
    assert dict(Notice.objects.values_list("channel", "state")) == {"mail": "queued", "webhook": "sent"}


def test_a_failing_channel_is_tried_once_a_delivery(sink: MailSink) -> None:
    """So that a dead mail server holds a worker up once, however many notices wait."""
    sink.refuse = "451 later"
    breaks([incoming(name=name, secret=f"secret~of~{name}") for name in ("Alpha", "Beta", "Gamma")])
    services.reconcile()

    services.deliver()

    assert sorted(Notice.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_recovered_waits_until_broken_is_out(sink: MailSink) -> None:
    """Both come late and in order."""
    server = incoming(name="Contoso support")
    breaks([server])
    services.reconcile()
    sink.refuse = "451 later"
    services.deliver()
    works([server])
    services.reconcile()
    assert services.deliver() == 0

    sink.refuse = ""
    in_time()
    services.deliver()
    services.deliver()

    assert [subject.split(":")[0] for subject in sink.subjects()] == ["Broken", "Recovered"]


def test_two_who_deliver_at_once_send_each_notice_once(transactional_db: None, sink: MailSink) -> None:
    alarm()

    together(*[services.deliver] * 5)

    assert len(sink.mails) == 1


def test_without_a_way_out_alarms_are_kept_and_nobody_is_told() -> None:
    assert alarm().notices.count() == 0
    assert services.send_test(actor=ACTOR) is None


def test_a_test_alarm_goes_over_every_way(sink: MailSink, receiver: Receiver) -> None:
    services.send_test(actor=ACTOR)

    assert services.deliver() == 2

    assert sink.subjects() == [f"Test: an alarm sent by {ACTOR.name}"]
    assert receiver.cards[0]["body"][0]["text"] == f"Test: an alarm sent by {ACTOR.name}"


def test_a_name_with_line_breaks_makes_no_header(told: Told) -> None:
    """A subject line stays one line, whatever a name holds."""
    breaks([incoming(name="Contoso")])
    services.reconcile()
    Alarm.objects.update(name="Contoso\r\nBcc: everybody@contoso.example")

    [mail] = told()

    assert mail.message()["Bcc"] is None
    assert "\n" not in mail.subject


def test_the_webhooks_address_is_in_no_text_of_the_console(receiver: Receiver, settings: Settings) -> None:
    """Neither settings nor errors show more than its host."""
    receiver.answer = (500, {}, b"no")
    notice = alarm().notices.get()

    services.deliver()

    notice.refresh_from_db()
    assert notice.last_error == "localhost: it was not taken (HTTP 500)"
    assert isinstance(settings.ALARM_WEBHOOK_URL, Secret)
    assert "c4nary" not in f"{settings.ALARM_WEBHOOK_URL!r}{notice.last_error}"
