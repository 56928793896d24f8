"""Views of a list under a name: one's own, those that others share, and what each may see through them."""

import re

import pytest
from django.test import Client

from configurator.console.models import SavedView
from tests.people import As, incoming, person, queue
from tests.trail import trailed
from tokenchecks.models import Watch

KEEP = "/lists/views/"
QUEUES, CHECKS = "/queues/", "/token-checks/"
pytestmark = pytest.mark.django_db


def keep(client: Client, query: str = "enabled=true&sort=-name", back: str = QUEUES, **told: str) -> str:
    """Keep a view and return where that leads."""
    answer = client.post(KEEP, {"name": "Mine", "query": query, "back": back} | told)
    assert answer.status_code == 302
    return answer["Location"]


def links(client: Client, path: str = QUEUES) -> dict[str, str]:
    """Return the views above the list by name, and where each leads."""
    said = client.get(path).content.decode()
    row = re.search(r'aria-label="Saved views">(.*?)</nav>', said, re.DOTALL)
    found = re.findall(r'<a href="([^"]*)"[^>]*>([^<]+)', row[1]) if row else []
    return {name.strip(): url.replace("&amp;", "&") for url, name in found if name != "All"}


def test_a_view_keeps_filters_sort_and_columns_and_what_the_list_does_not_know_is_left_out(signed_in: As) -> None:
    support = signed_in("support")
    asked = "q=a%26b&enabled=true&sort=-name&columns=name&page=last&next=https%3A%2F%2Fevil.example&format=csv"
    assert keep(support, asked) == f"{QUEUES}?q=a%26b&enabled=true&sort=-name&columns=name"
    assert links(support) == {"Mine": f"{QUEUES}?q=a%26b&enabled=true&sort=-name&columns=name"}


def test_the_page_offers_the_list_as_it_stands(signed_in: As) -> None:
    queue()
    said = signed_in("support").get(f"{QUEUES}?q=Supp&status=&sort=-name&columns=name&per_page=25").content.decode()
    kept = said.partition("Keep as a view")[0].rpartition("<form")[2]
    (query,) = re.findall(r'name="query" value="([^"]*)"', kept)
    assert query == "q=Supp&amp;columns=name&amp;sort=-name&amp;per_page=25"


def test_others_see_what_is_shared_and_only_that(signed_in: As) -> None:
    admin, support = signed_in("admin"), signed_in("support")
    keep(admin, name="Own")
    keep(admin, name="For all", shared="on")

    assert set(links(admin)) == {"Own", "For all"}
    assert set(links(support)) == {"For all"}
    assert not links(support, CHECKS)


def test_a_shared_view_shows_its_reader_what_he_may_view(signed_in: As) -> None:
    incoming(name="Secret project")
    keep(signed_in("admin"), "kind=incoming_server", CHECKS, shared="on")
    viewer = person("queues")
    role = viewer.groups.get()
    role.permissions.remove(*role.permissions.filter(codename="view_incomingserver"))
    client = signed_in("queues")

    said = client.get(links(client, CHECKS)["Mine"]).content.decode()

    assert Watch.objects.filter(name="Secret project").exists()
    assert "Secret project" not in said


def test_only_the_owner_changes_or_deletes_and_each_act_leaves_an_event(signed_in: As) -> None:
    admin, support = signed_in("admin"), signed_in("support")
    with trailed() as events:
        keep(admin, shared="on")
        view = SavedView.objects.get()
        act = f"{KEEP}{view.pk}/"
        assert support.post(act, {"back": QUEUES, "name": "Theirs"}).status_code == 404
        assert support.post(f"{act}delete/", {"back": QUEUES}).status_code == 404
        assert admin.post(act, {"back": CHECKS, "name": "Of another list"}).status_code == 404
        admin.post(act, {"back": QUEUES, "name": "Renamed"})
        assert links(support) == {}
        assert set(links(admin)) == {"Renamed"}
        admin.post(f"{act}delete/", {"back": QUEUES})

    assert links(admin) == {}
    assert [(event.action, event.kind, event.object_name, event.actor_name) for event in events] == [
        ("created", "view", "Mine", "admin"),
        ("changed", "view", "Renamed", "admin"),
        ("deleted", "view", "Renamed", "admin"),
    ]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b"])
def test_a_view_needs_a_name(signed_in: As, name: str) -> None:
    keep(signed_in("support"), name=name)
    assert not SavedView.objects.exists()


def test_a_search_that_is_too_long_is_not_kept_in_part(signed_in: As) -> None:
    support = signed_in("support")
    where = keep(support, f"q={'x' * 2000}")
    assert "since the search is too long" in support.get(where).content.decode()
    assert not SavedView.objects.exists()


def test_a_name_is_taken_once(signed_in: As) -> None:
    support = signed_in("support")
    keep(support)
    where = keep(support, "enabled=false")

    assert "You have a view of this name already" in support.get(where).content.decode()
    assert SavedView.objects.count() == 1
