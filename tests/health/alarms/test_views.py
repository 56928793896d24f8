"""The list of alarms, an alarm's page, and what can be done there."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from configurator.vault.text import Secret
from health.alarms import services
from health.alarms.models import Alarm, Notice
from tests.console.test_query_counts import MOST, queries
from tests.health.alarms.conftest import Told
from tests.health.alarms.receiver import PATH
from tests.health.alarms.standings import addresses_of, breaks, works
from tests.people import As, address, incoming, outgoing, person
from tests.trail import trailed
from tokenchecks.engine.microsoft.proxy import Proxy

pytestmark = pytest.mark.django_db


def text(signed_in: As, path: str, username: str = "support") -> str:
    """Return the page as text on one line."""
    return " ".join(signed_in(username).get(path).content.decode().split())


def test_the_list_says_what_since_when_who_and_what_it_stops(signed_in: As, told: Told) -> None:
    """Open ones first."""
    gone, server = incoming(name="Alpha", secret="another~secret~of-the-app"), incoming(name="Contoso support")
    breaks([gone, server, *addresses_of(server, 31, queues=9)])
    told()
    works([gone])
    told()

    page = text(signed_in, reverse("alarms:list"))

    assert page.index("Contoso support") < page.index("Alpha")
    for said in (
        "The secret has expired",
        "Entra administrator",
        "9 queues, 31 addresses",
        "1 sent",
        "2 sent",
    ):
        assert said in page
    assert "Told by E-mail, after two bad checks in a row." in page
    only = text(signed_in, f"{reverse('alarms:list')}?state=open")
    assert "Alpha" not in only
    assert "Contoso support" in text(signed_in, f"{reverse('alarms:list')}?q=contoso")


def test_the_list_says_when_nobody_is_told(signed_in: As) -> None:
    assert "Nobody is told: set ALARM_MAIL_TO" in text(signed_in, reverse("alarms:list"))


def test_it_names_the_proxy_to_the_webhook(signed_in: As, settings: Settings) -> None:
    settings.OUTBOUND_PROXY = Proxy("proxy.contoso.example", 3128, "svc", Secret("Pr0xy~word"))
    assert "proxy.contoso" not in text(signed_in, reverse("alarms:list"))
    settings.ALARM_WEBHOOK_URL = Secret(f"https://hooks.example{PATH}")
    page = text(signed_in, reverse("alarms:list"))
    assert "(hooks.example, through the proxy proxy.contoso.example:3128)" in page
    assert "Pr0xy" not in page


def test_of_the_webhook_it_shows_the_host_alone(signed_in: As, settings: Settings) -> None:
    settings.ALARM_WEBHOOK_URL = Secret(f"https://prod-7.westeurope.logic.azure.com{PATH}")

    page = text(signed_in, reverse("alarms:list"), "superuser")

    assert "Webhook (prod-7.westeurope.logic.azure.com)" in page
    assert "c4nary" not in page


def test_an_alarms_page_says_all_there_is_to_say(signed_in: As, told: Told) -> None:
    server = incoming(name="Contoso support")
    boxes = addresses_of(server, 2)
    breaks([server, *boxes])
    told()
    alarm = Alarm.objects.get()

    page = text(signed_in, alarm.get_absolute_url())

    for said in ("The secret has expired", "Entra administrator", "1 queue, 2 addresses", "Still concerned", "Sent"):
        assert said in page
    rows: list[Any] = [server, *boxes]
    for row in rows:
        assert f'href="{row.get_absolute_url()}"' in page

    works([server, *boxes])
    told()
    page = text(signed_in, alarm.get_absolute_url())
    assert "Closed" in page
    assert "Recovered" in page


def test_an_alarm_that_became_another_leads_there(signed_in: As, told: Told) -> None:
    server = incoming()
    breaks([server], "secret_expired")
    told()
    breaks([server], "secret_wrong", times=1)
    told()

    old, new = Alarm.objects.get(cause="secret_expired"), Alarm.objects.get(cause="secret_wrong")

    assert f'href="{new.get_absolute_url()}"' in text(signed_in, old.get_absolute_url())


def test_an_alarm_most_of_which_recovered_is_not_said_to_have_become_another(signed_in: As, told: Told) -> None:
    """It says both, leads to the other one, and tells that most recovered."""
    server = incoming(name="Contoso support")
    boxes = addresses_of(server, 3)
    breaks([server, *boxes])
    told()
    works([server, *boxes[1:]])
    breaks(boxes[:1], "mailbox_unknown", times=1)
    mails = [mail.subject for mail in told()]

    old, new = Alarm.objects.get(cause="secret_expired"), Alarm.objects.get(cause="mailbox_unknown")
    page = text(signed_in, old.get_absolute_url())

    assert f'3 recovered, 1 broken by <a href="{new.get_absolute_url()}">another cause</a> now.' in page
    assert "Its cause became" not in page
    assert "Recovered: 3 of 4 with Contoso support, after less than a minute" in mails
    assert old.since <= old.opened_at
    assert page.index("<dt>Since</dt>") < page.index("<dt>Opened</dt>") < page.index("<dt>Closed</dt>")


def test_every_topic_has_a_page(signed_in: As, told: Told) -> None:
    incoming(secret_expires_on=timezone.localdate())
    told()
    Alarm.objects.create(topic="silence", name="Token checks", since=timezone.now(), detail="Checks stand still")
    Alarm.objects.create(topic="test", name="admin", since=timezone.now(), closed_at=timezone.now())

    for alarm in Alarm.objects.all():
        assert alarm.name in text(signed_in, alarm.get_absolute_url())
    listed = text(signed_in, reverse("alarms:list"))
    for said in ("The secret ends today", "Checks stand still", "A test: nothing is wrong"):
        assert said in listed


def test_nothing_is_shown_of_what_the_user_may_not_view(signed_in: As, told: Told) -> None:
    breaks([outgoing()])
    told()
    user = person("support")
    role = Group.objects.create(name="Alarms only")
    role.permissions.set(Group.objects.get(name="Support").permissions.filter(codename="view_alarm"))
    user.groups.set([role])

    assert signed_in("support").get(Alarm.objects.get().get_absolute_url()).status_code == 404
    assert "External Outgoing Mail Server" not in text(signed_in, reverse("alarms:list"))


def test_a_test_alarm_is_sent_by_who_may_and_leaves_an_event(signed_in: As, told: Told) -> None:
    with trailed() as events:
        answer = signed_in("admin").post(reverse("alarms:test"))
    [mail] = told()

    assert answer.status_code == 302
    assert mail.subject == "Test: an alarm sent by admin"
    assert [(event.action, event.kind, event.actor_name) for event in events] == [("tested", "alarm", "admin")]
    assert signed_in("support").post(reverse("alarms:test")).status_code == 403
    assert "Send a test alarm" not in text(signed_in, reverse("alarms:list"))
    assert "Send a test alarm" in text(signed_in, reverse("alarms:list"), "admin")


def test_a_test_without_a_way_out_says_so(signed_in: As) -> None:
    answer = signed_in("admin").post(reverse("alarms:test"), follow=True)

    assert "set ALARM_MAIL_TO or ALARM_WEBHOOK_URL first" in answer.content.decode()


def test_a_notice_that_was_given_up_is_tried_again_by_a_button(signed_in: As, told: Told) -> None:
    breaks([address()])
    services.reconcile()
    notice = Notice.objects.get()
    Notice.objects.update(state="failed", attempts=24, last_error="the mail server did not answer in time")
    page = text(signed_in, notice.alarm.get_absolute_url(), "admin")
    assert "the mail server did not answer in time" in page
    assert "Try again" in page

    signed_in("admin").post(reverse("alarms:try_again", args=[notice.pk]))

    assert len(told()) == 1


@pytest.mark.slow
def test_list_and_page_cost_the_same_however_much_there_is(signed_in: As, told: Told) -> None:
    client = signed_in("support")
    costs = []
    for count in (2, 40):
        server = incoming(name=f"Server {count}", secret=f"secret~{count}~of-the-app")
        breaks([server, *addresses_of(server, count, queues=count)])
        for number in range(count):
            breaks([incoming(name=f"{count} {number}", secret=f"secret~{count}~{number}~of-the-app")])
        told()
        alarm = Alarm.objects.get(subjects__subject_id=server.pk)
        costs.append((queries(client, reverse("alarms:list")), queries(client, alarm.get_absolute_url())))

    assert costs[0] == costs[1]
    assert costs[0][0] <= MOST
    assert costs[0][1] <= 18
