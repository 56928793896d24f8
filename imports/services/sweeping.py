"""The sweep: workers are notified again, lost claims are released, and old imports are deleted."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from configurator.jobs.doorbell import notify
from imports.models import OPEN, UNDER_WAY, Import, ImportPiece, State

NOTIFY_AGAIN_AFTER = timedelta(seconds=10)
BYTES_KEPT = timedelta(days=1)  # so that another sheet can be read
INTERRUPTED = "The worker was lost while it applied the file. Nothing of it was written; apply it again."
NOT_READ = "Reading the file was broken off three times. Choose it again; if it stays so, save it as CSV UTF-8."
GIVEN_UP = "The dry run was broken off three times. Run it again; if it stays so, split the file."


def sweep() -> None:
    for lost in Import.objects.lapsed():
        interrupted(lost)
    notify([*Import.objects.unclaimed(after=NOTIFY_AGAIN_AFTER).order_by("uploaded_at")[:50]])
    ImportPiece.objects.filter(of__uploaded_at__lt=Now() - BYTES_KEPT).exclude(of__state__in=OPEN).delete()
    old = Import.objects.filter(uploaded_at__lt=Now() - settings.IMPORTS_KEPT)
    old.exclude(state__in=UNDER_WAY).delete()


@transaction.atomic
def interrupted(lost: Import) -> bool:
    """Let reading and the dry run begin again, and mark an application as interrupted.

    False when the worker ended it meanwhile.
    """
    mine = Import.objects.mine(lost)
    if lost.state == State.APPLYING:
        return bool(mine.update(state=State.INTERRUPTED, said=INTERRUPTED, lease_until=None, ended_at=Now()))
    reads = lost.state == State.READING
    if lost.attempt < Import.ATTEMPTS:
        state = State.RECEIVED if reads else State.WAITING
        return bool(mine.update(state=state, lease_until=None, notified_at=None))
    if reads:
        lost.pieces.all().delete()
        return bool(mine.update(state=State.NOT_READ, said=NOT_READ, lease_until=None, ended_at=Now()))
    return bool(mine.update(state=State.REFUSED, said=GIVEN_UP, lease_until=None, ended_at=Now()))
