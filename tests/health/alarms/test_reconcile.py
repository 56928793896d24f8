"""When an alarm opens, what joins it, and how it ends."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from health.alarms import services
from health.alarms.models import Alarm, AlarmSubject, Notice
from health.alarms.services.reconcile import PATIENCE
from mailsettings.services import incoming_server_delete
from queues.services import queue_save
from tests.database import together
from tests.health.alarms.conftest import Told
from tests.health.alarms.standings import addresses_of, breaks, outcome, sample, watch_of, works
from tests.people import ACTOR, address, incoming, outgoing, queue
from tokenchecks.models import CheckRun, Watch

pytestmark = pytest.mark.django_db


def subjects(mails: list[Any]) -> list[str]:
    """Return the subject lines."""
    return [mail.subject for mail in mails]


def test_an_alarm_needs_two_bad_samples(told: Told) -> None:
    """One is no alarm; the second is."""
    box = address()

    breaks([box], times=1)
    assert told() == []
    assert not Alarm.objects.exists()

    breaks([box], times=1)
    assert len(told()) == 1


@pytest.mark.slow
def test_one_message_names_the_cause_and_what_it_stops(told: Told) -> None:
    """500 addresses on one secret are one message: what, why, who, where, since, and the queues."""
    server = incoming(name="Contoso support")
    boxes = addresses_of(server, 500, queues=9)

    breaks([server, *boxes])
    [mail] = told()

    assert mail.subject == "Broken: Contoso support – the secret has expired (9 queues stopped)"
    assert mail.to == ["it@contoso.example", "night@contoso.example"]
    assert "Who mends it: Entra administrator" in mail.body
    assert "entra.microsoft.com" in mail.body
    assert f"https://console.contoso.example{server.get_absolute_url()}#id_secret" in mail.body
    assert "Queues that stop (9):" in mail.body
    assert "Addresses that stop (500):" in mail.body
    assert "and 450 more" in mail.body
    assert "Last good: never" in mail.body
    assert mail.alternatives[0].mimetype == "text/html"
    assert told() == []


def test_what_joins_later_is_listed_and_sends_no_second_message(told: Told) -> None:
    server = incoming()
    first, second = addresses_of(server, 2)
    breaks([first])
    assert len(told()) == 1

    breaks([second])

    assert told() == []
    assert set(Alarm.objects.get().subjects.values_list("subject_id", flat=True)) == {first.pk, second.pk}


def test_one_secret_on_three_servers_is_one_alarm_that_names_all(told: Told) -> None:
    first = incoming(name="Alpha")
    others = [incoming(name=name, client_id=first.client_id) for name in ("Beta", "Gamma")]

    breaks([first, *others])
    [mail] = told()

    assert mail.subject.startswith("Broken: Alpha and 2 more servers – ")
    assert Alarm.objects.get().subjects.count() == 3


def test_two_secrets_are_two_alarms(told: Told) -> None:
    breaks([incoming(name="Alpha"), incoming(name="Beta", secret="another~secret~of-the-app")])

    assert len(told()) == 2


def test_it_closes_when_nothing_is_broken_by_it_and_says_after_how_long(told: Told) -> None:
    """The recovered notice names all, those who joined later too, and comes once."""
    server = incoming(name="Contoso support")
    boxes = addresses_of(server, 2)
    breaks([server, boxes[0]])
    told()
    breaks([boxes[1]])
    told()
    works([server])
    assert told() == []

    works(boxes)
    [mail] = told()

    assert mail.subject == "Recovered: Contoso support, after less than a minute"
    for name in ("Contoso support", boxes[0].address, boxes[1].address):
        assert f"- {name}" in mail.body
    assert told() == []
    assert Alarm.objects.get().closed_at


def test_another_cause_closes_it_without_a_word_and_the_new_one_says_what_was_before(told: Told) -> None:
    server = incoming(name="Contoso support")
    boxes = addresses_of(server, 3)
    breaks([server, *boxes], "secret_expired")
    told()

    breaks([server, *boxes], "secret_wrong", times=1)
    [mail] = told()

    assert mail.subject == "Broken: Contoso support – the secret is wrong (1 queue stopped)"
    assert "Before: The secret has expired, since" in mail.body
    old = Alarm.objects.get(cause="secret_expired")
    assert old.succeeded_by == Alarm.objects.get(cause="secret_wrong")
    assert set(old.subjects.values_list("left", flat=True)) == {"changed"}


def test_a_new_secret_that_is_wrong_again_is_no_new_alarm(told: Told) -> None:
    """The credential is another one; the server and its cause are the same."""
    server = incoming()
    box = address(server=server)
    breaks([server], "secret_wrong")
    told()
    Watch.objects.update(credential="entered anew")

    breaks([server, box], "secret_wrong")

    assert told() == []
    assert Alarm.objects.get().subjects.count() == 2


def test_the_network_is_one_cause_for_all(told: Told) -> None:
    breaks([incoming(name="Alpha"), incoming(name="Beta", secret="another~secret~of-the-app"), outgoing()], "net_dns")

    [mail] = told()

    assert mail.subject.startswith("Broken: Alpha and 2 more servers – Microsoft's host name")
    assert "Replies that stop" in mail.body


def test_single_mailboxes_are_alarms_of_their_own_and_several_of_a_server_are_one(told: Told) -> None:
    """The first stands alone; with the second the server has a common trouble, which takes the first one in."""
    server = incoming(name="Contoso support")
    first, second, third = addresses_of(server, 3)
    breaks([first], "mailbox_unknown")
    [mail] = told()
    assert mail.subject.startswith(f"Broken: {first.address} – ")

    breaks([second], "mailbox_unknown")
    [mail] = told()
    assert mail.subject.startswith("Broken: 2 addresses of Contoso support – ")
    assert Alarm.objects.open().count() == 1

    breaks([third], "mailbox_unknown")
    assert told() == []
    assert Alarm.objects.open().get().name == "3 addresses of Contoso support"


def test_mailboxes_of_two_servers_are_two_alarms(told: Told) -> None:
    boxes = [address(server=incoming(name=name)) for name in ("Alpha", "Beta")]

    breaks(boxes, "mailbox_unknown")

    assert len(told()) == 2


def test_what_may_come_back_recovers_after_two_good_samples(told: Told) -> None:
    """A network that flaps is not told of at each turn."""
    box = address()
    breaks([box], "net_timeout")
    assert len(told()) == 1

    works([box])
    assert told() == []
    breaks([box], "net_timeout")
    assert told() == []

    works([box], times=2)
    assert subjects(told())[0].startswith("Recovered: ")


def test_what_was_mended_recovers_at_once(told: Told) -> None:
    box = address()
    breaks([box])
    told()

    works([box])

    assert subjects(told())[0].startswith("Recovered: ")


def test_what_is_deleted_or_switched_off_closes_its_alarm_and_is_not_called_recovered(told: Told) -> None:
    server, box = incoming(name="Alpha"), address(server=incoming(secret="another~secret~of-the-app"))
    breaks([server, box])
    told()

    incoming_server_delete(actor=ACTOR, server=server, version=server.version)
    box.queue.enabled = False
    queue_save(actor=ACTOR, queue=box.queue, version=box.queue.version)

    said = subjects(told())
    assert "Closed: Alpha is no longer checked" in said
    assert len(said) == 2
    assert not Alarm.objects.open().exists()


def test_an_alarm_that_nobody_was_told_of_ends_untold(told: Told) -> None:
    """Broken and mended between two deliveries: neither is told."""
    box = address()
    breaks([box])
    services.reconcile()
    works([box])

    assert told() == []
    assert not Notice.objects.exists()


def test_it_waits_for_checks_of_the_same_credential_that_are_under_way(told: Told) -> None:
    """So that the one message names what they find too; but not for long."""
    server = incoming()
    first, second = addresses_of(server, 2)
    breaks([first, second], times=1)
    breaks([first], times=1)
    run = CheckRun.objects.filter(subject_id=second.pk).latest("requested_at")
    CheckRun.objects.filter(pk=run.pk).update(state="running", lease_until=Now())
    assert told() == []

    Watch.objects.update(checked_at=Now() - PATIENCE)
    assert len(told()) == 1


def test_looks_at_the_same_time_open_one_alarm(transactional_db: None, told: Told) -> None:
    server = incoming()
    breaks([server, *addresses_of(server, 5)])

    together(*[services.reconcile] * 6)

    assert Alarm.objects.count() == 1
    assert len(told()) == 1


def test_the_database_holds_one_open_alarm_for_a_cause_and_scope() -> None:
    values = {"topic": "broken", "cause": "secret_expired", "scope": "credential:x", "name": "x", "since": Now()}
    Alarm.objects.create(**values)
    with transaction.atomic(), pytest.raises(IntegrityError, match="alarm_one_open"):
        Alarm.objects.create(**values)


def test_the_words_of_others_are_in_no_message(told: Told) -> None:
    """A message is made of the catalogue's words and of names, never of an answer."""
    canary = "C4nary~in-the-providers-words"
    box = address()

    breaks([box], words=f"AADSTS7000222 {canary}")
    [mail] = told()

    assert canary not in str(mail.message())
    assert watch_of(box).status == "broken"


def test_a_warning_is_no_alarm(told: Told) -> None:
    box = address()
    sample([box], outcome("read_role_only", status="warning"), times=3)

    assert told() == []
    assert not AlarmSubject.objects.exists()


def test_a_queue_that_is_off_does_not_count_as_stopped(told: Told) -> None:
    server = incoming(name="Alpha")
    address(server=server, queue=queue(name="on"))
    address(server=server, queue=queue(name="off", enabled=False))

    breaks([server])

    assert "(1 queue stopped)" in told()[0].subject
