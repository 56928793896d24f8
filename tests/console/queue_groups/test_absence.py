"""What is in a queue group that a person's roles do not reach to is absent on every page and in every file."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from configurator.accounts.rights import ALL, DEFAULT_ROLES
from configurator.console.lists.views import RecordList
from tests.console.queue_groups.hidden import CANARY, SOUGHT, Estate, texts
from tests.console.urls import FORGED, URLS, Url, rows
from tests.people import As, limited

FORMATS = ("csv", "json", "xlsx", "tab")
HELD = {
    "limited-support": DEFAULT_ROLES["Support"],
    "limited-queues": DEFAULT_ROLES["Queue Administrator"],
    "limited-all": ALL,
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def estate() -> Estate:
    """Return the estate."""
    return Estate()


def client_of(estate: Estate, name: str) -> Client:
    """Return the client of a new person who has the rights of that name for the group inside alone."""
    client = Client()
    client.force_login(limited(name, HELD[name], estate.inside))
    return client


def ways(url: Url, path: str, formats: tuple[str, ...]) -> Iterator[str]:
    """Yield the addresses under which the page is asked: by itself, searched, and as each file."""
    yield path
    view = getattr(resolve(path).func, "view_class", None)
    if isinstance(view, type) and issubclass(view, RecordList):
        yield f"{path}?q={SOUGHT}"
        yield from (f"{path}?format={format_}" for format_ in formats)
    if "export" in url.name:
        yield from (f"{path}?format={format_}" for format_ in formats)
    if url.name.startswith("support:bundle"):
        yield f"{path}?format=zip"
    if url.name == "console:whole":
        yield from (f"{path}?kind={kind}" for kind in ("queue", "address", "role", "queue_group"))
        yield f"{path}?kind=address&format=csv"
        yield f"{path}?kind=queue&q={SOUGHT}"


def saying(client: Client, *known: dict[str, Any], formats: tuple[str, ...]) -> set[str]:
    """Return the addresses whose answer names what is hidden; nothing that is asked is kept."""
    found, asked = set(), set()
    for url in URLS:
        for way in [way for records in known if url.get for way in ways(url, url.path(records), formats)]:
            if way in asked:
                continue
            asked.add(way)
            with transaction.atomic():
                if CANARY in texts(client.get(way)):
                    found.add(f"{url} {way}")
                transaction.set_rollback(True)
    return found


def served(client: Client, estate: Estate) -> dict[str, Any]:
    """Return the addresses of what is hidden that answer anything but that it is not there, or that write."""
    before, wrong = rows(), {}
    for url in URLS:
        if not set(url.about) & set(estate.closed):
            continue
        path = url.path(estate.open | estate.closed)
        for method, sent in (("GET", client.get), ("POST", client.post)):
            with transaction.atomic():
                answer: Any = sent(path, FORGED if method == "POST" else {})
                if answer.status_code not in (403, 404, 405):
                    wrong[f"{url} {method}"] = answer.status_code
                if rows() != before:
                    wrong[f"{url} {method}"] = "wrote"
                transaction.set_rollback(True)
    return wrong


def test_who_is_not_limited_sees_it_all_over(estate: Estate, signed_in: As) -> None:
    found = saying(signed_in("superuser"), estate.open, estate.open | estate.closed, formats=FORMATS)

    names = {said.split()[0] for said in found}
    assert names >= {
        "console:start", "console:audit_log", "console:whole", "console:compare", "console:audit_event",
        "console:role_list", "console:queue_group_list", "mailsettings:incoming", "mailsettings:incoming_delete",
        "queues:queue_list", "queues:queue", "queues:queue_copy", "queues:queue_delete", "queues:address_delete",
        "queues:address_export", "queues:queue_address_export", "queues:impact", "tokenchecks:standing_list",
        "tokenchecks:run_list", "tokenchecks:run", "tokenchecks:round", "tokenchecks:trial", "tokenchecks:risk_list",
        "tokenchecks:address_list", "tokenchecks:dry_run", "tokenchecks:history", "tokenchecks:test_mail_address",
        "tokenchecks:test_mail_outgoing", "alarms:list", "alarms:alarm", "alarms:trouble_list",
        "alarms:stopped_queues", "alarms:stopped_addresses", "alarms:dismiss", "findings:list",
        "findings:acknowledge", "bulk:job", "support:sheet", "support:bundle", "support:bundle_of",
    }  # fmt: skip
    assert any("format=zip" in way for way in found)
    assert {format_ for format_ in FORMATS if any(f"format={format_}" in way for way in found)} == set(FORMATS)


@pytest.mark.parametrize("name", HELD)
def test_to_who_is_limited_it_is_not_there(estate: Estate, name: str) -> None:
    client = client_of(estate, name)

    assert served(client, estate) == {}
    assert saying(client, estate.open, formats=FORMATS if HELD[name] == ALL else FORMATS[:1]) == set()
    for path in ("/queues/", "/token-checks/addresses/", "/token-checks/", "/findings/", "/alarms/"):
        assert "own" in texts(client.get(path)), path
