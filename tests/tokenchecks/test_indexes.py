"""Each question that is asked of a million rows has an index of its own."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from bench.million import store
from configurator.audit.models import AuditEvent
from configurator.db.trigram import holding
from configurator.status import Status
from health.findings.models import Finding
from health.problems.counting import counting
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tokenchecks.models import CheckResult, CheckRun, Span, Watch

SUBJECT = uuid.UUID(int=7)
AGO = timezone.now() - timedelta(days=7)
ASKED: dict[str, list[QuerySet[Any]]] = {
    "watch_worst_first": [
        Watch.objects.order_by("rank", "-since", "id")[:50],
        Watch.objects.filter(rank=0).order_by("rank", "-since", "id")[:50],
        Watch.objects.order_by("-rank", "since", "-id")[:50],
    ],
    "watch_by_name": [Watch.objects.filter(name="x", pk__gt=7).order_by("name", "pk")[:51]],
    "watch_by_cause": [
        Watch.objects.filter(~Q(cause=""), cause="secret_expired").order_by("rank", "-since", "id")[:50]
    ],
    "result_by_cause": [CheckResult.objects.filter(~Q(cause=""), cause="x").order_by()],
    "watch_by_status": [Watch.objects.filter(status=Status.BROKEN)[:1001]],
    "watch_one_per_subject": [Watch.objects.of("address", SUBJECT)],
    "watch_troubles": [
        counting(Watch.objects.all()).order_by().values("rank", "cause", "scope").annotate(first=Min("since")),
        counting(Watch.objects.in_state(Status.BROKEN)).order_by(),
        counting(Watch.objects.in_state(Status.WARNING)).order_by().values("rank", "cause").annotate(Min("since")),
    ],
    "watch_of_credential": [Watch.objects.filter(credential="x")],
    "span_of_subject": [
        Span.objects.of("address", SUBJECT),
        Span.objects.of("address", SUBJECT).filter(until__lt=AGO).order_by("-since")[:1],
        Span.objects.of("address", SUBJECT).filter(since__lt=AGO).order_by("-since").values("status")[:1],
        Span.objects.of("address", SUBJECT).exclude(cause="x").values("until")[:1],
        Span.objects.filter(kind="address", subject_id__in=[SUBJECT, uuid.UUID(int=8)], until__gte=AGO),
    ],
    "span_by_end": [Span.objects.filter(until__lt=AGO)[:2000]],
    "run_by_time": [
        CheckRun.objects.filter(purpose="check").select_related("result").order_by("-requested_at", "-id")[:50],
        CheckRun.objects.filter(purpose="check", requested_at__gt=AGO).order_by("requested_at", "id")[:51],
        CheckRun.objects.filter(purpose="check", requested_at__lt=AGO).order_by("-requested_at")[:2000],
    ],
    "run_by_end": [CheckRun.objects.filter(purpose="check", state="done").order_by("-finished_at")[:1]],
    "run_of_subject": [CheckRun.objects.of("address", SUBJECT)[:1]],
    "run_no_history": [CheckRun.objects.exclude(purpose="check").filter(requested_at__lt=AGO)[:2000]],
    "audit_by_object": [
        AuditEvent.objects.of_object("address", SUBJECT).filter(at__gte=AGO)[:200],
        AuditEvent.objects.filter(kind="address", object_id__in=[str(SUBJECT)], action="changed").order_by(),
        AuditEvent.objects.of_object("address", SUBJECT).states().up_to(700),
        AuditEvent.objects.of_object("address", SUBJECT).filter(seq__gt=7, at__lte=AGO).order_by("seq")[:200],
    ],
    "audit_by_queue": [AuditEvent.objects.pointing_at("queue", str(SUBJECT)).order_by()],
    "audit_by_server": [AuditEvent.objects.pointing_at("server", str(SUBJECT)).order_by()],
    "audit_by_name": [AuditEvent.objects.filter(actor_name__iexact="x").order_by("-seq")[:50]],
    "audit_by_kind": [AuditEvent.objects.filter(kind="user").order_by("-seq")[:50]],
    "audit_by_action": [AuditEvent.objects.filter(action="created").order_by("-seq")[:50]],
    "audit_acts_by_time": [AuditEvent.objects.filter(at__gte=AGO).acts().order_by("-at", "-seq")[:8]],
    "audit_by_request": [AuditEvent.objects.filter(request_id="x").order_by("-seq")[:50]],
    "queue_by_status": [
        Queue.objects.filter(status=Status.BROKEN).order_by("name", "id")[:50],
        Queue.objects.filter(status=Status.BROKEN).order_by()[:1001],
    ],
    "incoming_by_end": [
        IncomingServer.objects.filter(secret_expires_on__lte=AGO.date()).order_by().values("client_id")
    ],
    "queue_by_name": [
        Queue.objects.with_use().order_by("name", "id")[:50],
        Queue.objects.filter(name__gt="x").order_by("name", "id").values("pk")[:51],
        Queue.objects.filter(name__lt="x").order_by("-name", "-id").values("pk")[:51],
    ],
    "queue_by_priority": [Queue.objects.order_by("priority", "name", "id")[:51]],
    "queue_by_language": [Queue.objects.order_by("-language", "-name", "-id")[:51]],
    "queue_by_enabled": [Queue.objects.filter(enabled=True, name__gt="x").order_by("enabled", "name", "id")[:51]],
    "incoming_by_expiry": [IncomingServer.objects.order_by("secret_expires_on", "pk")[:51]],
    "incoming_by_status": [IncomingServer.objects.filter(status=Status.BROKEN).order_by("name", "id")[:50]],
    "address_by_status": [
        QueueAddress.objects.filter(status=Status.BROKEN).order_by("-status_since")[:50],
        QueueAddress.objects.filter(status=Status.BROKEN).order_by()[:1001],
    ],
    "address_by_account": [QueueAddress.objects.alias(lower=Lower("account")).filter(lower="x").order_by()],
    "finding_worst_first": [
        Finding.objects.open().worst_first()[:50],
        Finding.objects.open().filter(rank=1).worst_first()[:50],
        Finding.objects.open().filter(rank=1).order_by()[:1001],
    ],
    "finding_by_name": [Finding.objects.open().order_by("name", "rank", "id")[:51]],
    "finding_by_age": [Finding.objects.open().order_by("-found_at", "-id")[:51]],
    "finding_of_rule": [Finding.objects.filter(rule="address_unlike_account").order_by("name", "id")[:50]],
    "finding_of_subject": [Finding.objects.filter(subject_id=SUBJECT)],
    "finding_of_home": [Finding.objects.filter(home=SUBJECT)],
}

SEARCHED: dict[str, QuerySet[Any]] = {
    "queue_by_substring": Queue.objects.filter(holding("queue 0007", "name", "description")),
    "address_by_substring": QueueAddress.objects.matching("box77"),
    "incoming_by_substring": IncomingServer.objects.matching("3f2a0c1e"),
    "watch_by_substring": Watch.objects.matching("7000222"),
    "run_by_substring": CheckRun.objects.filter(holding("box77", "subject_name")),
    "result_by_code": CheckResult.objects.filter(~Q(code=""), holding("7000222", "code")),
    "finding_by_substring": Finding.objects.matching("box77"),
    "audit_by_text": AuditEvent.objects.matching("box399@bench"),
    "audit_by_value": AuditEvent.objects.changing("client_id"),
}


@pytest.fixture
def many_rows(db: None) -> None:
    """Store addresses with their past and count them: in an empty table any index is as good as another."""
    store(400)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.usefixtures("many_rows")
@pytest.mark.parametrize("index", ASKED)
def test_questions_have_an_index(index: str) -> None:
    """Read without a sort where one is asked for: the order is the index's own."""
    for query in ASKED[index]:
        with transaction.atomic(), connection.cursor() as cursor:
            # In so few pages, reading at random would outweigh what an index spares; among many rows it does not.
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off;"
                "SET LOCAL random_page_cost = 1"
            )
            plan = query.explain()
        assert index in plan, plan
        assert "Sort" not in plan, plan


@pytest.mark.usefixtures("many_rows")
def test_a_text_is_searched_by_an_index() -> None:
    """Wherever in a name it stands, also where two tables are searched."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for index, query in SEARCHED.items():
        plan = query.order_by().explain()
        assert index in plan, plan
        assert "Seq Scan" not in plan, plan


@pytest.mark.usefixtures("many_rows")
def test_of_one_state_no_other_is_read() -> None:
    """A list that is filtered by a state counts its rows by state all the same."""
    plan = Watch.objects.in_state(Status.BROKEN).filter(status=Status.OK).explain()
    assert "One-Time Filter: false" in plan, plan
