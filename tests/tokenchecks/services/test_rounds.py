"""Check all: one round, followed to its end, cancelled while it waits, from page and terminal."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management.base import OutputWrapper
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from configurator.accounts.actor import Actor
from configurator.accounts.scope import WHOLE
from demo.server import DemoTenant
from tests.people import ACTOR, As, address, incoming, outgoing
from tests.tokenchecks.runs import BAD, GOOD, claimed
from tokenchecks.management.printed import ProgressBar
from tokenchecks.models import CheckRound, CheckRun, State
from tokenchecks.screens.progress import progress_of
from tokenchecks.services.rounds import round_begin, round_cancel
from tokenchecks.subjects.stored_rows import VIEW_RIGHT
from tokenchecks.subjects.targets import every_target
from tokenchecks.worker.check import check_in_process
from tokenchecks.worker.close import finish

pytestmark = pytest.mark.django_db
ALL = list(VIEW_RIGHT)


@pytest.fixture
def three() -> None:
    """Store a server, an address on it and the outgoing server; nothing waits."""
    address()
    outgoing()
    CheckRun.objects.all().delete()


def begin() -> CheckRound:
    return round_begin(actor=ACTOR, targets=every_target())


def test_covers_everything_and_counts_what_came_of_it(three: None) -> None:
    round_ = begin()
    assert round_.total == 3
    good, bad, _ = CheckRun.objects.filter(round=round_)
    finish(claimed(good), GOOD, summary="")
    finish(claimed(bad), BAD, summary="")
    progress = progress_of(round_, ALL, WHOLE)
    assert ([(str(status), rows) for status, rows in progress.counts], progress.waiting) == (
        [("broken", 1), ("ok", 1)],
        1,
    )
    assert [run.result.status for run in progress.newest] == ["broken", "ok"]


def test_cancel_takes_back_what_waits_and_leaves_what_is_under_way(three: None) -> None:
    round_ = begin()
    under_way = claimed(CheckRun.objects.filter(round=round_)[0])
    assert round_cancel(actor=ACTOR, round_=round_) == 2
    assert round_cancel(actor=ACTOR, round_=round_) == 0
    assert finish(under_way, GOOD, summary="") is not None
    round_.refresh_from_db()
    progress = progress_of(round_, ALL, WHOLE)
    assert (progress.ended, progress.waiting, progress.left_out, round_.cancelled_by) == (1, 0, 2, ACTOR.name)


def test_cancel_leaves_what_somebody_else_counts_on() -> None:
    server = incoming()
    saved = CheckRun.objects.get()
    CheckRun.objects.update(requested_at=Now() - timedelta(seconds=5))
    round_ = begin()
    assert round_cancel(actor=ACTOR, round_=round_) == 0
    saved.refresh_from_db()
    assert (saved.state, saved.round_id, saved.subject_id) == (State.QUEUED, None, server.pk)


def test_wants_the_right(three: None) -> None:
    nobody = Actor(id="0", name="nobody")
    with pytest.raises(PermissionDenied):
        round_begin(actor=nobody, targets=every_target())
    with pytest.raises(PermissionDenied):
        round_cancel(actor=nobody, round_=begin())


def test_page_begins_follows_and_cancels_a_round(three: None, signed_in: As) -> None:
    support = signed_in("support")
    assert "Check all" in support.get(reverse("tokenchecks:run_list")).content.decode()
    url = support.post(reverse("tokenchecks:check_all"))["Location"]
    page = support.get(url).content.decode()
    assert "0 of 3" in page
    assert 'hx-trigger="load delay:1s"' in page
    part = support.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part

    answer = support.post(f"{url}cancel/", follow=True).content.decode()
    assert "3 checks were taken back" in answer
    assert "3 were not checked" in answer
    assert "hx-trigger" not in answer[answer.index('id="round"') :].partition("</section>")[0]


def test_page_makes_the_same_queries_whatever_the_number_of_checks(signed_in: As) -> None:
    client = signed_in("support")

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert client.get(round_.get_absolute_url()).status_code == 200
        return len(made)

    for number in range(3):
        incoming(name=f"Server {number}")
    round_ = begin()
    for run in CheckRun.objects.filter(round=round_):
        finish(claimed(run), GOOD, summary="")
    few = queries()
    for number in range(20):
        incoming(name=f"Another {number}")
    round_ = begin()
    for run in CheckRun.objects.filter(round=round_, state=State.QUEUED):
        finish(claimed(run), GOOD, summary="")
    assert queries() == few


def test_page_of_a_round_says_nothing_of_what_a_user_may_not_view(three: None, signed_in: As) -> None:
    round_ = begin()
    for run in CheckRun.objects.filter(round=round_):
        finish(claimed(run), GOOD, summary="")
    assert progress_of(round_, ["outgoing_server"], WHOLE).ended == 1


class Terminal(io.StringIO):
    """A stream that says that somebody looks at it."""

    def isatty(self) -> bool:
        return True


def test_terminal_shows_how_far_it_is_and_a_file_nothing(tenant: DemoTenant) -> None:
    for number in range(12):
        incoming(name=f"Server {number}", client_id="6b1f2c6e-7f0d-4f63-9a41-0f0a9ad9c001")
    CheckRun.objects.all().delete()
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        bar = ProgressBar(OutputWrapper(stream), 12)
        assert len(list(check_in_process(every_target(), requested_by="x", on_ended=bar.advance))) == 12
        bar.clear()
    assert "12 of 12" in terminal.getvalue()
    assert pipe.getvalue() == ""
