"""The preview says of each row what will be done, or why not, and changes nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from configurator.console.bulk.actions import ACTIONS
from configurator.console.bulk.models import State
from configurator.console.records.secrets import RETYPE
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tests.console.bulk.jobs import asked_by, begun, told
from tests.mailsettings.slots import switched
from tests.people import address, group_made, incoming, queue
from tests.queues.typed import PASSWORD
from tests.trail import trailed

WHERE = " – https://login.microsoftonline.com/3f2a0c1e-5b7d-4c69-9a55-0d2b6f1e8a11"
pytestmark = pytest.mark.django_db


def test_of_queues() -> None:
    first, second = queue(name="A", priority=1), queue(name="B", priority=5, language="de", enabled=False)
    for number in range(4):
        address(queue=first, address=f"{number}@contoso.example")
    with trailed() as events:
        assert told(begun("queues", "change-priority", first, second, priority=5)) == [
            ("ready", "1", "5"),
            ("unchanged", "5", "5"),
        ]
        assert told(begun("queues", "change-language", first, second, language="fr")) == [
            ("ready", "English – en from system default", "French – fr"),
            ("ready", "German – de", "French – fr"),
        ]
        assert told(begun("queues", "disable", first, second)) == [("ready", "Yes", "No"), ("unchanged", "No", "No")]
        assert told(begun("queues", "enable", second)) == [("ready", "No", "Yes")]
        assert told(begun("queues", "delete", first, second)) == [
            ("ready", "0@contoso.example, 1@contoso.example, 2@contoso.example and 1 more; still enabled", "Deleted"),
            ("ready", "no address", "Deleted"),
        ]
        assert told(begun("queues", "check-now", first, second)) == [
            ("ready", "", "4 checks"),
            ("refused", "", "It has no address yet: there is nothing to check."),
        ]
    assert events == []


def test_of_addresses() -> None:
    home = queue(priority=3, language="de")
    service, target = incoming(name="Old"), incoming(name="New")
    user = incoming(name="User", authentication_type="oauth_user")
    plain = address(queue=home, server=service, address="a@contoso.example")
    signing = address(queue=home, server=user, password=PASSWORD, address="b@contoso.example", priority=7)
    rows = (plain, signing)
    with trailed() as events:
        assert told(begun("addresses", "change-server", *rows, server=target)) == [
            ("ready", f"Old{WHERE}", f"New{WHERE}"),
            ("ready", f"User{WHERE}", f"New{WHERE}; the stored password is wiped"),
        ]
        another = incoming(name="Another", authentication_type="oauth_user")
        assert told(begun("addresses", "change-server", *rows, server=another)) == [
            (
                "refused",
                f"Old{WHERE}",
                "OAuth User needs the password of the account: change the server on the address itself.",
            ),
            (
                "refused",
                f"User{WHERE}",
                RETYPE.format("account, server or tenant"),
            ),
        ]
        assert told(begun("addresses", "change-server", *rows, server=user))[1] == (
            "unchanged",
            f"User{WHERE}",
            f"User{WHERE}",
        )
        assert told(begun("addresses", "change-priority", *rows, priority="")) == [
            ("unchanged", "3 from the queue's Contact Management", "3 from the queue's Contact Management"),
            ("ready", "7", "3 from the queue's Contact Management"),
        ]
        assert told(begun("addresses", "change-language", *rows, extension_language="fr"))[0] == (
            "ready",
            "German – de from the queue",
            "French – fr",
        )
        assert told(begun("addresses", "delete", *rows)) == [
            ("ready", "nothing else", "Deleted"),
            ("ready", "its stored password", "Deleted"),
        ]
        assert told(begun("addresses", "check-now", *rows)) == [("ready", "", "1 check")] * 2
    assert [event.object_name for event in events] == ["Another"]


def test_of_servers() -> None:
    used, unused = incoming(name="A"), switched(incoming(name="B"))
    user = incoming(name="C", authentication_type="oauth_user")
    for number in range(5):
        address(server=used, queue=queue(name="Sales"), address=f"{number}@contoso.example")
    rows = (used, unused, user)
    named = [f"{number}@contoso.example (Sales)" for number in range(3)]
    assert told(begun("servers", "delete", *rows)) == [
        (
            "refused",
            "",
            f"In use by {', '.join(named)} and 2 more. Give them another server or delete them first.",
        ),
        ("ready", "2 stored secrets", "Deleted"),
        ("ready", "nothing else", "Deleted"),
    ]
    assert told(begun("servers", "check-now", *rows)) == [
        ("ready", "", "6 checks"),
        ("ready", "", "1 check"),
        ("ready", "", "1 check"),
    ]


def test_two_servers_of_one_name_and_address_are_told_apart() -> None:
    box = address(server=incoming(name="Same"))
    assert told(begun("addresses", "change-server", box, server=incoming(name="Same"))) == [
        ("ready", f"Same{WHERE}", f"Same{WHERE}")
    ]


def test_all_that_the_filters_find_and_nothing_where_they_cannot_be_read() -> None:
    home, other = queue(name="Sales north"), queue(name="Sales south")
    queue(name="Support")
    box, _ = address(queue=home), address(queue=other)
    assert begun("queues", "disable", query="q=sales&page=7&sort=name").rows.count() == 2
    assert begun("queues", "disable", query="").rows.count() == 3
    assert begun("queues", "disable", query="status=nonsense").rows.count() == 0
    assert [row.object_id for row in begun("addresses", "delete", query=f"queue={home.pk}").rows.all()] == [box.pk]
    assert begun("all addresses", "delete", query="enabled=true&q=north").rows.count() == 1
    assert begun("all addresses", "delete", query=f"tenant={box.server.tenant_id}").rows.count() == 2
    for query in ("", "queue=", "queue=nonsense"):
        assert begun("addresses", "delete", query=query).rows.count() == 0


def test_what_was_ticked_and_is_gone_is_told() -> None:
    gone, there = queue(name="Gone"), queue(name="There")
    key = gone.pk
    Queue.objects.filter(pk=key).delete()
    gone.pk = key
    job = begun("queues", "disable", gone, there)
    assert told(job) == [("ready", "Yes", "No"), ("refused", "", "It was deleted meanwhile.")]
    assert job.state == State.ASKING


def fill(count: int) -> None:
    for number in range(count):
        address(server=incoming(name=f"{number}"), queue=queue(name=f"{number}"))


def test_as_many_queries_for_1_row_as_for_5() -> None:
    def queries() -> dict[str, int]:
        made_by = {}
        target = incoming()
        for model, what in ((Queue, "queues"), (QueueAddress, "addresses"), (IncomingServer, "servers")):
            for action in ACTIONS[model]:
                with CaptureQueriesContext(connection) as made:
                    begun(what, action.key, *model._default_manager.all(), **asked_by(action, target))
                made_by[f"{what} {action.key}"] = len(made)
        return made_by

    fill(1)
    group_made("West")
    begun("queues", "check-now", *Queue.objects.all())
    few = queries()
    fill(4)
    assert queries() == few
