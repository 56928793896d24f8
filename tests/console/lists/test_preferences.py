"""How a person likes a list is kept for him and that list; what the URL says wins."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from configurator.audit.models import AuditEvent
from configurator.console.models import SavedView
from tests.people import As, incoming, person, queue

KEEP, FORGET = "/lists/columns/", "/lists/columns/forget/"
QUEUES = "/queues/"
pytestmark = pytest.mark.django_db


def keep(client: Client, back: str = QUEUES, **chosen: object) -> str:
    """Keep a taste and return where that leads."""
    told = {"columns": ["name"], "sort": "", "per_page": "50"} | chosen
    answer = client.post(KEEP, told | {"back": back})
    assert answer.status_code == 302
    return answer["Location"]


def heads(client: Client, path: str = QUEUES) -> list[str]:
    """Return the headings of the table."""
    said = client.get(path).content.decode()
    return re.findall(r'scope="col"[^>]*>\s*(?:<a [^>]*>)?([^<\n]+)', said)


def names(client: Client, path: str = QUEUES) -> list[str]:
    """Return the queues in the order in which they are listed."""
    return re.findall(r'<a href="/queues/[0-9a-f-]+/">([^<]+)</a>', client.get(path).content.decode())


def test_columns_sort_and_size_are_kept_for_him_alone(signed_in: As) -> None:
    for name in "abc":
        queue(name=name)
    support, before = signed_in("support"), AuditEvent.objects.count()

    assert keep(
        support, f"{QUEUES}?q=&page=last&sort=name&enabled=true", columns=["name", "enabled"], sort="-name"
    ) == (f"{QUEUES}?q=&enabled=true")

    assert heads(support) == ["Name", "Enabled"]
    assert names(support) == ["c", "b", "a"]
    assert names(signed_in("admin")) == ["a", "b", "c"]
    assert AuditEvent.objects.count() == before


def test_the_url_wins_and_what_is_forgotten_is_as_before(signed_in: As) -> None:
    for name in "abc":
        queue(name=name)
    support = signed_in("support")
    usual = heads(support)
    keep(support, columns=["name"], sort="-name")

    assert heads(support, f"{QUEUES}?columns=status,name") == ["Status", "Name"]
    assert heads(support, f"{QUEUES}?columns=nonsense") == usual
    assert names(support, f"{QUEUES}?sort=name") == ["a", "b", "c"]
    support.post(FORGET, {"back": QUEUES})
    assert heads(support) == usual
    assert names(support) == ["a", "b", "c"]


def test_the_page_size_is_kept_and_the_url_wins(signed_in: As) -> None:
    for number in range(30):
        queue(name=f"Queue {number:02}")
    support = signed_in("support")
    keep(support, per_page="25")

    assert len(names(support)) == 25
    assert len(names(support, f"{QUEUES}?per_page=50")) == 30
    assert len(names(support, f"{QUEUES}?per_page=7")) == 30


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("", 404),
        ("/", 404),
        ("/healthz", 404),
        ("nonsense", 404),
        ("//elsewhere.example/queues/", 302),
        ("https://elsewhere.example/queues/", 302),
        ("/users/x/", 404),
    ],
)
def test_an_act_leads_to_a_list_of_the_console_alone(signed_in: As, path: str, status: int) -> None:
    answer = signed_in("support").post(KEEP, {"back": path, "per_page": "50"})
    assert answer.status_code == status
    if status == 302:
        assert answer["Location"] == QUEUES


def test_who_may_not_see_the_list_keeps_nothing(signed_in: As) -> None:
    client = signed_in("queues")
    person("queues").groups.clear()

    assert client.post(KEEP, {"back": QUEUES, "per_page": "50"}).status_code == 403
    assert not SavedView.objects.exists()


def test_rubbish_is_not_kept(signed_in: As) -> None:
    support = signed_in("support")
    for told in ({"sort": "password"}, {"columns": ["secret"]}, {"per_page": "1000000"}, {"per_page": ""}):
        keep(support, **told)
    assert not SavedView.objects.exists()


def test_every_list_has_the_control(signed_in: As) -> None:
    server = incoming()
    client = signed_in("superuser")
    for path in (
        reverse("mailsettings:incoming_list"),
        reverse("queues:secret_list"),
        reverse("queues:impact", args=[server.pk]),
        reverse("tokenchecks:standing_list"),
        reverse("tokenchecks:run_list"),
        reverse("tokenchecks:risk_list"),
        reverse("tokenchecks:address_list"),
        reverse("findings:list"),
        reverse("alarms:list"),
        reverse("console:audit_log"),
        reverse("console:user_list"),
    ):
        said = client.get(path).content.decode()
        columns = re.findall(r'name="columns" value="(\w+)"', said)
        assert keep(client, path, columns=columns[:2]) == path
        assert client.get(path).status_code == 200
