"""Queues what is due, once, however many beats run."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from configurator.db.server import statement_time
from configurator.jobs.doorbell import notify_on_commit
from tokenchecks.models import CheckRun, Kind, Watch
from tokenchecks.models.querysets import fill

AT_ONCE = 5000


@transaction.atomic
def queue_due_checks() -> int:
    """Queue a check of each watch that is due, and of those with its credential that will be soon; return how many.

    The rows are locked and moved on in one transaction, so that a second beat finds nothing.
    """
    shared = Watch.objects.due().exclude(credential="").order_by("credential").values_list("credential")
    whole = Watch.objects.filter(credential__in=fill(shared, AT_ONCE), due_at__lte=Now() + settings.CHECK_EVERY / 2)
    alone = Watch.objects.due().filter(credential="").order_by("due_at")[:AT_ONCE]
    rows = Watch.objects.filter(Q(pk__in=whole.values("pk")) | Q(pk__in=alone.values("pk")))
    watches = list(rows.select_for_update(skip_locked=True).order_by("credential", "pk"))
    if not watches:
        return 0
    Watch.objects.filter(pk__in=[watch.pk for watch in watches]).update(due_at=Now() + settings.CHECK_EVERY)
    now = statement_time()
    runs = [_run_of(watch, now) for watch in watches]
    CheckRun.objects.bulk_create(runs, ignore_conflicts=True, batch_size=1000)
    notify_on_commit(*runs, noted=True)
    return len(runs)


def _run_of(watch: Watch, now: datetime) -> CheckRun:
    return CheckRun(
        requested_at=now,
        notified_at=now,
        kind=Kind(watch.kind),
        subject_id=watch.subject_id,
        subject_name=watch.name,
        credential=watch.credential,
        client_id=watch.client_id,
    )
