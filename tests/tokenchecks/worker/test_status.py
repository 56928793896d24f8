"""How a subject stands after a check: damped, dated, and looked at again when it is worth it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from configurator.status import Status
from mailsettings.models import IncomingServer
from tests.people import incoming
from tests.tokenchecks.runs import claimed, queued
from tokenchecks.engine.results import Outcome, StageResult
from tokenchecks.models import CheckRun, Kind, Span, Watch
from tokenchecks.worker.close import finish
from tokenchecks.worker.status import Verdict, judge, next_check_after

OK = Outcome((StageResult("token", "ok"),))
EXPIRED = Outcome((StageResult("token", "broken", code="AADSTS7000222", cause="secret_expired", class_="secret"),))
OTHER = Outcome((StageResult("token", "broken", code="AADSTS700016", cause="app_unknown", class_="app"),))
BUSY = Outcome((StageResult("token", "broken", code="HTTP 503", cause="busy", class_="transient"),))
DOUBT = Outcome((StageResult("claims", "warning", cause="role_missing", class_="consent"),))


@pytest.mark.parametrize("class_", ["throttle", "transient", "network"])
def test_what_may_pass_is_a_warning_first_and_broken_when_it_stays(class_: str) -> None:
    outcome = Outcome((StageResult("token", "broken", class_=class_),))
    first = judge(outcome, 0)
    assert (first.status, first.bad_samples) == (Status.WARNING, 1)
    assert judge(outcome, first.bad_samples).status == Status.BROKEN


def test_what_only_a_person_mends_is_broken_at_once() -> None:
    assert judge(EXPIRED, 0).status == Status.BROKEN


def test_a_warning_is_no_bad_sample() -> None:
    verdict = judge(DOUBT, 5)
    assert (verdict.status, verdict.bad_samples, verdict.is_good) == (Status.WARNING, 0, True)


@pytest.mark.parametrize(
    ("verdict", "after"),
    [
        (Verdict(Status.OK), settings.CHECK_EVERY),
        (Verdict(Status.WARNING, error_class="consent"), settings.CHECK_EVERY),
        (Verdict(Status.BROKEN, error_class="secret", bad_samples=1), timedelta(minutes=2)),
        (Verdict(Status.BROKEN, error_class="secret", bad_samples=2), timedelta(days=1)),
        (Verdict(Status.WARNING, error_class="network", bad_samples=1), timedelta(minutes=2)),
        (Verdict(Status.BROKEN, error_class="network", bad_samples=9), settings.CHECK_EVERY),
        (Verdict(Status.BROKEN, error_class="internal", bad_samples=9), settings.CHECK_EVERY),
    ],
)
def test_a_broken_thing_is_confirmed_soon_and_what_stays_broken_is_left_for_a_day(
    verdict: Verdict, after: timedelta
) -> None:
    assert next_check_after(verdict) == after


@pytest.mark.django_db
class TestFollow:
    """What a finished check writes on watch, span and row."""

    @pytest.fixture
    def server(self) -> IncomingServer:
        server = incoming()
        CheckRun.objects.all().delete()
        return server

    @staticmethod
    def see(server: IncomingServer, outcome: Outcome) -> Watch:
        """Let a check of the server end so, an hour after whatever was seen before."""
        for name in ("since", "until"):
            Span.objects.update(**{name: Now() - timedelta(hours=1)})
        Watch.objects.update(since=Now() - timedelta(hours=1))
        run = claimed(queued(subject_id=server.pk))
        finish(run, outcome, summary="in words")
        return Watch.objects.get()

    def test_a_subject_is_watched_from_its_first_save_on(self, server: IncomingServer) -> None:
        watch = Watch.objects.get()
        assert (watch.kind, watch.subject_id, watch.name, watch.status) == (
            Kind.INCOMING,
            server.pk,
            server.name,
            "unchecked",
        )
        assert watch.due_at is not None
        assert len(watch.credential) == 32

    def test_the_same_again_carries_the_span_on(self, server: IncomingServer) -> None:
        self.see(server, EXPIRED)
        watch = self.see(server, EXPIRED)
        [span] = Span.objects.all()
        assert (span.samples, span.status, span.cause) == (2, "broken", "secret_expired")
        assert span.since is not None
        assert timezone.now() - span.until < timedelta(minutes=1) < timezone.now() - span.since
        assert (watch.bad_samples, watch.span, watch.last_good_at) == (2, span, None)

    def test_another_state_or_cause_begins_a_span_and_since_anew(self, server: IncomingServer) -> None:
        sinces = [self.see(server, outcome).since for outcome in (OK, EXPIRED, OTHER, OTHER, OK)]
        assert [span.cause for span in Span.objects.order_by("pk")] == ["", "secret_expired", "app_unknown", ""]
        ages = [timezone.now() - since for since in sinces if since]
        assert [age > timedelta(minutes=59) for age in ages[1:]] == [False, False, True, False]

    def test_the_row_shows_the_damped_state(self, server: IncomingServer) -> None:
        for status in ("warning", "broken", "broken"):
            self.see(server, BUSY)
            server.refresh_from_db()
            assert server.status == status
        watch = self.see(server, OK)
        assert (watch.status, watch.bad_samples) == ("ok", 0)
        assert watch.last_good_at is not None

    def test_what_is_not_checked_by_itself_stays_so(self, server: IncomingServer) -> None:
        Watch.objects.update(due_at=None)
        assert self.see(server, OK).due_at is None
        assert Watch.objects.get().status == "ok"

    def test_a_confirmed_failure_is_due_again_in_about_a_day(self, server: IncomingServer) -> None:
        for least, most in ((1, 3), (21 * 60, 27 * 60)):
            due_at = self.see(server, EXPIRED).due_at
            assert due_at is not None
            assert timedelta(minutes=least) < due_at - timezone.now() < timedelta(minutes=most)
