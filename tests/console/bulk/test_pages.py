"""The pages of bulk actions: who is offered what, what is shown at each step, and nothing for forged posts."""

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from configurator.console.bulk.models import BulkJob, State
from configurator.console.bulk.services import performing
from configurator.console.bulk.views import NONE_TICKED
from queues.models import Queue
from tests.console.bulk.jobs import begun, post
from tests.console.test_hostile_input import HOSTILE
from tests.people import As, address, incoming, person, queue
from tokenchecks.models import CheckRound

BUTTON = re.compile(r'formaction="/bulk/begin/[a-z-]+/([a-z-]+)/"')
pytestmark = pytest.mark.django_db


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_each_is_offered_what_his_role_may_do(signed_in: As) -> None:
    box = address()
    pages = {
        "queues": reverse("queues:queue_list"),
        "servers": reverse("mailsettings:incoming_list"),
        "addresses": box.queue.get_absolute_url(),
        "all addresses": reverse("tokenchecks:address_list"),
    }
    all_of = {
        "queues": ["check-now", "change-priority", "change-language", "change-group", "enable", "disable", "delete"],
        "servers": ["check-now", "delete"],
        "addresses": ["check-now", "change-server", "change-priority", "change-language", "delete"],
    }
    all_of["all addresses"] = all_of["addresses"]
    for name, of in (("admin", all_of), ("queues", all_of | {"servers": ["check-now"]})):
        assert {what: BUTTON.findall(text(signed_in(name), url)) for what, url in pages.items()} == of
    for what, url in pages.items():
        page = text(signed_in("support"), url)
        assert BUTTON.findall(page) == ["check-now"], what
        assert page.count('name="row"') == 1
    watcher = person("support")
    watcher.groups.get().permissions.filter(codename="run_checkrun").delete()
    assert all('name="row"' not in text(signed_in("support"), url) for url in pages.values())


def test_forged_posts_are_refused(signed_in: As) -> None:
    box = address()
    support, nobody = signed_in("support"), person("superuser")
    nobody.groups.clear()
    outsider = Client()
    outsider.force_login(nobody)
    rows = {"queues": box.queue_id, "servers": box.server_id, "addresses": box.pk}
    for what, pk in rows.items():
        for key in ("delete", "disable", "change-server", "change-priority"):
            assert post(support, what, key, row=pk).status_code in (403, 404)
        assert post(outsider, what, "check-now", row=pk).status_code == 403
    assert not BulkJob.objects.exists()
    job = begun("queues", "disable", box.queue)
    for client in (support, outsider):
        assert client.post(f"{job.get_absolute_url()}confirm/").status_code == 403
        assert client.get(job.get_absolute_url()).status_code == 403
    another = signed_in("queues")
    assert "Only admin, who began it, can confirm it." in text(another, job.get_absolute_url())
    assert another.post(f"{job.get_absolute_url()}confirm/").status_code == 403
    assert Queue.objects.get().enabled


def test_what_a_user_may_not_view_is_not_reached_by_its_id(signed_in: As) -> None:
    """Without the right to view servers none is checked, moved to, or told by its name."""
    server, box = incoming(name="Hidden"), address()
    role = person("queues").groups.get()
    role.permissions.filter(codename="view_incomingserver").delete()
    client = signed_in("queues")
    for what, key in (("servers", "check-now"), ("addresses", "change-server")):
        assert post(client, what, key, row=server.pk).status_code == 403
    url = post(client, "addresses", "delete", row=[box.pk, server.pk])["Location"]
    assert "Hidden" not in text(client, url)
    assert "It was deleted meanwhile." in text(client, url)
    assert CheckRound.objects.count() == 0


def test_support_checks_what_is_ticked_and_follows_it(signed_in: As) -> None:
    box, support = address(), signed_in("support")
    url = post(support, "queues", "check-now", row=box.queue_id, next="/queues/?q=a")["Location"]
    page = text(support, url)
    assert "Check 1 queue now" in page
    assert 'href="/queues/?q=a"' in page
    answer = support.post(f"{url}confirm/", follow=True).content.decode()
    assert "Asked for" in answer
    assert CheckRound.objects.get().get_absolute_url() in answer


def test_a_value_is_asked_for_previewed_changed_and_confirmed(signed_in: As) -> None:
    admin, row = signed_in("admin"), queue(name="Sales")
    url = post(admin, "queues", "change-priority", row=[row.pk, row.pk, "nonsense"])["Location"]
    assert "Preview" in text(admin, url)
    refused = admin.post(f"{url}values/", {"priority": "0"})
    assert (refused.status_code, "Enter a whole number from 1" in refused.content.decode()) == (422, True)
    language = post(admin, "queues", "change-language", row=row.pk)["Location"]
    refused = admin.post(f"{language}values/", {"language": "Deutsch"})
    assert (refused.status_code, "No language has this name or tag" in refused.content.decode()) == (422, True)
    for value in ("5", "7"):
        assert f">{value}</div>" in admin.post(f"{url}values/", {"priority": value}, follow=True).content.decode()
    page = text(admin, url)
    assert "Preview again" in page
    assert "Change the priority of 1 queue" in page
    assert "What was done" in admin.post(f"{url}confirm/", follow=True).content.decode()
    row.refresh_from_db()
    assert (row.priority, row.version) == (7, 2)
    assert "bulk-values" not in text(admin, url)
    assert admin.post(f"{url}values/", {"priority": "9"}, follow=True).status_code == 200
    row.refresh_from_db()
    assert row.priority == 7


def test_without_ticks_or_with_too_many_rows_it_says_so(signed_in: As, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = signed_in("admin")
    for sent in ({}, {"row": ""}, {"row": "nonsense"}):
        answer = admin.post(reverse("bulk:begin", args=["queues", "delete"]), sent, follow=True)
        assert NONE_TICKED in answer.content.decode()
        assert answer.redirect_chain == [("/queues/", 302)]
    monkeypatch.setattr("configurator.console.bulk.services.asking.MOST", 1)
    queue(), queue()
    answer = admin.post(reverse("bulk:begin", args=["queues", "delete"]), {"all": "on"}, follow=True)
    assert "Narrow the search" in answer.content.decode()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "", "/" + "x" * 3000])
def test_it_leads_back_to_where_it_began_and_nowhere_else(signed_in: As, back: str) -> None:
    admin = signed_in("admin")
    url = post(admin, "queues", "disable", row=queue().pk, next=back)["Location"]
    assert 'href="/queues/">Back to the list' in text(admin, url)


def test_the_page_follows_a_large_one_by_itself(signed_in: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(performing, "AT_ONCE", 0)
    monkeypatch.setattr(performing, "notify_on_commit", lambda *_, **__: None)
    admin = signed_in("admin")
    url = post(admin, "queues", "disable", row=queue().pk)["Location"]
    assert 'hx-trigger="load delay:1s"' in text(admin, url)
    assert "Nothing is changed yet" in text(admin, url)
    job = BulkJob.objects.get()
    performing.perform(job.pk)
    assert "hx-trigger" not in part(text(admin, url))
    admin.post(f"{url}confirm/")
    assert "<strong>0 of 1</strong>" in text(admin, url)
    BulkJob.objects.update(state=State.FAILED, problem="It broke off.")
    assert "It broke off." in text(admin, url)


def part(page: str) -> str:
    """Return the tag of the part that follows a job."""
    return page[page.index('<section class="block" id="bulk-job"') :].partition(">")[0]


def test_a_job_of_another_release_is_not_there(signed_in: As) -> None:
    job = begun("queues", "disable", queue())
    BulkJob.objects.update(action_key="paint")
    admin = signed_in("admin")
    assert admin.get(job.get_absolute_url()).status_code == 404
    for rows, action in (("nothing", "delete"), ("queues", "paint")):
        assert admin.post(reverse("bulk:begin", args=[rows, action]), {"row": uuid.uuid4()}).status_code == 404
    assert admin.post(f"{job.get_absolute_url()}values/").status_code == 404


def test_its_page_makes_as_many_queries_for_2_rows_as_for_130_and_pages_through_them(signed_in: As) -> None:
    admin = signed_in("admin")

    def queries(count: int) -> int:
        Queue.objects.bulk_create([Queue(name=f"Queue {number}") for number in range(count)])
        url = begun("queues", "disable", query="q=Queue").get_absolute_url()
        text(admin, url)
        with CaptureQueriesContext(connection) as made:
            assert "Queue" in text(admin, url)
        return len(made)

    few = queries(2)
    assert queries(128) == few <= 10
    last: Any = BulkJob.objects.order_by("-asked_at").first()
    assert "101 to 130 of 130" in text(admin, f"{last.get_absolute_url()}?page=2")
    assert "101 to 130 of 130" in text(admin, f"{last.get_absolute_url()}?page=99")


def test_hostile_input_is_answered_with_a_page(signed_in: As) -> None:
    admin, row = signed_in("admin"), queue()
    job = begun("queues", "change-language", row)
    for value in HOSTILE.values():
        for sent in ({"row": value}, {"all": value, "query": value}, {"all": "on", "query": f"q={value}"}):
            assert post(admin, "queues", "change-priority", next=value, **sent).status_code == 302
        answer = admin.post(f"{job.get_absolute_url()}values/", {"language": value})
        assert answer.status_code == 422
        assert "<script>alert" not in answer.content.decode()
        assert admin.get(job.get_absolute_url(), {"page": value}).status_code == 200
    priority = begun("queues", "change-priority", row)
    for value in HOSTILE.values():
        assert admin.post(f"{priority.get_absolute_url()}values/", {"priority": value}).status_code == 422
