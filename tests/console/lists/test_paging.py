"""Every list by every column that sorts it: each row once, forwards and backwards, whatever is tied or NULL."""

import re
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.db.models import F
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from bench.million import store
from configurator.accounts.models import User
from configurator.console.lists import paging
from configurator.console.lists.views import RecordList
from health.alarms.models import Alarm
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tests.people import As, incoming, person, queue
from tokenchecks.models import CheckResult, CheckRun, Watch

LISTS = (
    "mailsettings:incoming_list",
    "queues:queue_list",
    "queues:secret_list",
    "tokenchecks:standing_list",
    "tokenchecks:run_list",
    "tokenchecks:risk_list",
    "tokenchecks:address_list",
    "findings:list",
    "alarms:list",
    "console:audit_log",
    "console:user_list",
)
ROWS, SIZE = 20, 7
pytestmark = pytest.mark.django_db


@pytest.fixture
def few_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show seven rows a page."""
    monkeypatch.setattr(paging, "SIZES", (SIZE,))
    monkeypatch.setattr(paging, "USUAL_SIZE", SIZE)


@cache
def reader() -> User:
    """Return somebody who may view every list; only looked at, so that it does not matter in which test's database."""
    user = person("superuser")
    user.get_all_permissions()
    return user


def table_of(path: str, **asked: str) -> Any:
    """Return the list's table as a request for it makes it."""
    match: Any = resolve(path)
    request = RequestFactory().get(path, asked)
    request.user = reader()
    request.resolver_match = match
    view = match.func.view_class()
    view.setup(request, *match.args, **match.kwargs)
    view.object_list = view.selected().qs if isinstance(view, RecordList) else view.get_queryset()
    return view.get_table()


def key_of(row: Any) -> Any:
    """Return what tells a row from all others."""
    return row.record["group_key"] if isinstance(row.record, dict) else row.record.pk


def walked(path: str, step: str, start: str, sort: str) -> list[list[Any]]:
    """Return the rows of each page, from the page of the word on for as long as the page names another."""
    pages: list[list[Any]] = []
    word = start
    while len(pages) <= 2 * ROWS:
        table = table_of(path, sort=sort, page=word)
        pages.append([key_of(row) for row in table.paginated_rows])
        word = getattr(table.page, step)
        if not word:
            break
    return pages


def filled() -> None:
    """Store rows in every list, many of them alike or with nothing in a column."""
    for number in range(ROWS):
        ends = timezone.localdate() + timedelta(days=number % 3) if number % 2 else None
        incoming(name=f"Server {number % 4}", secret_expires_on=ends, secret=f"s3cret~value-{number % 8}-of-the-app")
    store(ROWS)
    surplus = list(CheckRun.objects.order_by("pk").values_list("pk", flat=True))[ROWS:]
    CheckRun.objects.filter(pk__in=surplus).delete()
    CheckResult.objects.filter(run__in=list(CheckRun.objects.all()[: ROWS // 3])).delete()
    now = timezone.now()
    for number in range(ROWS):
        closed = now - timedelta(hours=number % 4) if number % 2 else None
        Alarm.objects.create(topic="test", name=f"Test {number % 5}", since=now, scope=str(number), closed_at=closed)
        User.objects.create(username=f"user-{number}", last_login=closed)
    third = F("pk") % 3
    Watch.objects.annotate(third=third).filter(third__lt=2).update(since=None, checked_at=None, due_at=None)
    for model in (IncomingServer, QueueAddress):
        half = list(model._default_manager.order_by("pk").values_list("pk", flat=True))[::2]
        model._default_manager.filter(pk__in=half).update(checked_at=None, status_since=None)


def sorts_of(path: str) -> list[str]:
    """Return every way to sort the list."""
    columns = [column.name for column in table_of(path).columns if column.orderable]
    return ["", *columns, *(f"-{name}" for name in columns)]


@pytest.mark.slow
@pytest.mark.usefixtures("few_a_page")
def test_each_row_is_on_one_page_both_ways() -> None:
    filled()
    for name in LISTS:
        path = reverse(name)
        for sort in sorts_of(path):
            found = table_of(path, sort=sort)
            whole = found.data.data.order_by(*(key.ordering for key in found.paginator.keys))
            expected = [row["group_key"] if isinstance(row, dict) else row.pk for row in whole]

            on = walked(path, "next", "", sort)
            back = walked(path, "previous", "last", sort)

            assert sum(on, []) == expected, (name, sort)  # noqa: RUF017  a few pages
            assert sum(reversed(back), []) == expected, (name, sort)  # noqa: RUF017
            assert len(on) == -(-len(expected) // SIZE) > 1, (name, sort)


@pytest.mark.usefixtures("few_a_page")
def test_a_page_reads_its_rows_in_one_query() -> None:
    store(ROWS)
    path = reverse("tokenchecks:standing_list")
    word = table_of(path).page.next
    with CaptureQueriesContext(connection) as made:
        table_of(path, page=word)
    assert len([query for query in made if 'FROM "tokenchecks_watch"' in query["sql"]]) == 1


@pytest.mark.usefixtures("few_a_page")
def test_a_row_that_went_leads_to_the_nearest_end(signed_in: As) -> None:
    for number in range(SIZE + 1):
        queue(name=f"Queue {number}")
    path = reverse("queues:queue_list")
    word = table_of(path).page.next
    Queue.objects.filter(name=f"Queue {SIZE}").delete()

    said = signed_in("support").get(path, {"page": word}).content.decode()

    assert f"Queue {SIZE - 1}" in said
    assert "Nothing matches" not in said


def test_no_page_is_named_by_anything_of_a_secret() -> None:
    for name in LISTS:
        assert not {"shared", "fingerprint"} & {key.path for key in table_of(reverse(name)).paginator.keys}, name


RUBBISH = ("7", "-1", "last ", "9" * 5000, "%00", "\ud800", "a:b", ".e30:x", "[]", "null", "x" * 20_000, "a\x00b")


@pytest.mark.usefixtures("few_a_page")
def test_rubbish_gives_the_first_page(signed_in: As) -> None:
    for number in range(SIZE + 1):
        queue(name=f"Queue {number}")
    client, path = signed_in("support"), reverse("queues:queue_list")
    word = table_of(path).page.next
    of_another_sort, tampered = table_of(path, sort="-name").page.next, f"{word[:-1]}{'a' if word[-1] != 'a' else 'b'}"
    for given in (*RUBBISH, tampered, of_another_sort):
        answer = client.get(f"{path}?page={quote(given, errors='surrogatepass')}")
        assert answer.status_code == 200, given[:20]
        shown = re.findall(r">Queue (\d)<", answer.content.decode())
        assert shown == [str(number) for number in range(SIZE)], given[:20]


def test_sizes_other_than_those_offered_are_the_usual_one() -> None:
    path = reverse("queues:queue_list")
    assert [table_of(path, per_page=size).paginator.per_page for size in ("25", "26", "-1", "9" * 30, "all")] == [
        25,
        *[paging.USUAL_SIZE] * 4,
    ]
