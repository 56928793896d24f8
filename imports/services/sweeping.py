"""Sweeping: what waits unheard is rung for, what lost its worker is told, and what is old is dropped."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from imports.bell import ring
from imports.models import Import, State

RING_AGAIN_AFTER = timedelta(seconds=10)
INTERRUPTED = "The worker was lost while it applied the file. Nothing of it was written; apply it again."
GIVEN_UP = "The dry run was broken off three times. Run it again; if it stays so, split the file."


def sweep() -> None:
    """Bring every import on that stands still."""
    for lost in Import.objects.lapsed():
        interrupted(lost)
    for pk in Import.objects.unheard(after=RING_AGAIN_AFTER).order_by("uploaded_at").values_list("pk", flat=True)[:50]:
        ring(pk)
    old = Import.objects.filter(uploaded_at__lt=Now() - settings.IMPORTS_KEPT)
    old.exclude(state__in=[State.CHECKING, State.APPLYING]).delete()


@transaction.atomic
def interrupted(lost: Import) -> bool:
    """Let a dry run begin again, and tell an application as interrupted; False when the worker ended it meanwhile."""
    mine = Import.objects.mine(lost)
    if lost.state == State.APPLYING:
        return bool(mine.update(state=State.INTERRUPTED, said=INTERRUPTED, lease_until=None, ended_at=Now()))
    if lost.attempt < Import.ATTEMPTS:
        return bool(mine.update(state=State.WAITING, lease_until=None, rung_at=None))
    return bool(mine.update(state=State.REFUSED, said=GIVEN_UP, lease_until=None, ended_at=Now()))
