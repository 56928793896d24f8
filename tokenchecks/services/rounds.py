"""Rounds: checks that are requested together, and cancelled while they wait."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from configurator.accounts.actor import Actor
from configurator.db.locks import advisory_lock
from tokenchecks.models import CheckRound, CheckRun, State
from tokenchecks.services.limits import allow_round
from tokenchecks.services.queue import checks_queue
from tokenchecks.subjects.targets import Target


@transaction.atomic
def round_begin(*, actor: Actor, targets: Collection[Target], pk: uuid.UUID | None = None) -> CheckRound:
    """Queue a check of each target as one round; a second call with the same ``pk`` returns the same round.

    Raises PermissionDenied without the right to run checks, and TooManyChecks.
    """
    actor.require("token_check.run")
    advisory_lock(f"rounds of {actor.name}")
    pk = pk or uuid.uuid4()
    if begun := CheckRound.objects.filter(pk=pk, requested_by=actor.name).first():
        return begun
    if actor.id:
        allow_round(actor.name)
    round_ = CheckRound.objects.create(pk=pk, requested_by=actor.name)
    runs = checks_queue(targets=targets, requested_by=actor.name, round_=round_)
    round_.total = len(runs)
    round_.save(update_fields=["total"])
    return round_


@transaction.atomic
def round_extend(*, pk: uuid.UUID, requested_by: str, targets: Collection[Target]) -> CheckRound:
    """Add checks to the round of that ID, which the first call creates."""
    round_, _ = CheckRound.objects.get_or_create(pk=pk, defaults={"requested_by": requested_by})
    runs = checks_queue(targets=targets, requested_by=requested_by, round_=round_)
    CheckRound.objects.filter(pk=pk).update(total=F("total") + len(runs))
    return round_


@transaction.atomic
def round_cancel(*, actor: Actor, round_: CheckRound) -> int:
    """Cancel what still waits and return how many checks; PermissionDenied without the right to run any.

    A check that waited before the round began stays: somebody else counts on it.
    """
    actor.require("token_check.run")
    waiting = CheckRun.objects.filter(round=round_, state=State.QUEUED)
    begun = CheckRound.objects.filter(pk=round_.pk, cancelled_at=None).select_for_update()
    if not begun.update(cancelled_at=Now(), cancelled_by=actor.name):
        return 0
    others = waiting.filter(requested_at__lt=round_.requested_at)
    kept = others.update(round=None)
    taken, _ = waiting.delete()
    CheckRound.objects.filter(pk=round_.pk).update(total=round_.total - kept)
    return taken
