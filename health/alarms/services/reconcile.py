"""The open alarms are made to agree with the status of all that is watched.

It compares, and writes differences alone, so it may run at any time and any number of times.  A subject joins after
its second bad sample.  It leaves after its first good one; where the fault may pass by itself and come back, after
the second.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from configurator.db.locks import try_advisory_lock
from health.alarms.impact import impact_of
from health.alarms.models import Alarm, AlarmSubject, Left, Topic
from health.alarms.naming import name_of
from health.alarms.services.expiring import reconcile_end_dates
from health.alarms.services.outbox import notify_closed, notify_opened
from health.alarms.services.warnings import end_warnings
from tokenchecks.models import CheckRun, Kind, Watch
from tokenchecks.subjects.freshness import MAY_PASS
from tokenchecks.subjects.grouping import Level, level_of, single_scope
from tokenchecks.worker.status import ALARMING

LOCK: Final = 0x616C61726D  # "alarm" in ASCII
AT_ONCE = 5000
# The message of an alarm names what it stops, so it waits for checks under way with the same credential, so long.
PATIENCE = timedelta(seconds=60)

Group = tuple[str, str]  # cause and scope


@transaction.atomic
def reconcile() -> None:
    """Open, extend and close alarms; does nothing while another call is under way."""
    if not try_advisory_lock(LOCK):
        return
    touched = _leave() | _join(list(_newcomers()))
    for alarm in Alarm.objects.filter(pk__in=touched):
        _refresh(alarm)
    _close(touched)
    reconcile_end_dates()
    end_warnings()


def _leave() -> set[uuid.UUID]:
    """Mark the subjects that are broken no more, or not watched any more, and return the alarms that held them."""
    broken = Watch.objects.filter(kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), status="broken")
    kept = Exists(broken.filter(due_at__isnull=False))
    gone = list(AlarmSubject.objects.present().filter(~kept).select_related("alarm")[:AT_ONCE])
    watches = {
        (watch.kind, watch.subject_id): watch
        for watch in Watch.objects.filter(subject_id__in=[subject.subject_id for subject in gone])
    }
    leaving: dict[Left, list[int]] = defaultdict(list)
    for subject in gone:
        watch = watches.get((subject.kind, subject.subject_id))
        if watch is None or watch.due_at is None:
            leaving[Left.UNWATCHED].append(subject.pk)
        elif subject.alarm.error_class not in MAY_PASS or _is_confirmed(watch):
            leaving[Left.RECOVERED].append(subject.pk)
    for why, pks in leaving.items():
        AlarmSubject.objects.filter(pk__in=pks).update(left_at=Now(), left=why)
    return {subject.alarm_id for subject in gone}


def _is_confirmed(watch: Watch) -> bool:
    """Tell whether a second sample found what the first good one found."""
    return bool(watch.checked_at and watch.since and watch.checked_at > watch.since)


def _newcomers() -> Iterable[Watch]:
    """Return the watches that belong to an alarm and are in none of their cause yet."""
    held = AlarmSubject.objects.present().filter(
        kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), alarm__cause=OuterRef("cause")
    )
    same = CheckRun.objects.filter(credential=OuterRef("credential"), state="running", purpose="check")
    under_way = ~Q(credential="") & Q(checked_at__gt=Now() - PATIENCE) & Exists(same)
    broken = Watch.objects.filter(status="broken", bad_samples__gte=ALARMING, due_at__isnull=False)
    return broken.filter(~Exists(held)).exclude(under_way).order_by("since", "pk")[:AT_ONCE]


def _join(newcomers: Sequence[Watch]) -> set[uuid.UUID]:
    """Put the newcomers into alarms, out of those that they were in before, and return the alarms to look after."""
    groups: dict[Group, list[Watch]] = defaultdict(list)
    for watch in newcomers:
        groups[watch.cause, watch.scope].append(watch)
    touched = set(Alarm.objects.open().filter(topic=Topic.BROKEN).exclude(_holding()).values_list("pk", flat=True))
    for group, watches in groups.items():
        touched |= _join_group(group, watches)
    return touched


def _holding() -> Q:
    """Return what an alarm fulfils that still holds something."""
    return Q(Exists(AlarmSubject.objects.filter(alarm=OuterRef("pk"), left_at__isnull=True)))


def _join_group(group: Group, watches: Sequence[Watch]) -> set[uuid.UUID]:
    """Put watches of one cause and scope into one alarm; return it and those that lost something to it."""
    alarm, singles = _alarm_for(group, watches)
    moved = AlarmSubject.objects.present().filter(
        Q(alarm__in=singles) | Q(subject_id__in=[watch.subject_id for watch in watches])
    )
    moving = list(moved.exclude(alarm=alarm).select_related("alarm"))
    before = {subject.alarm_id for subject in moving}
    AlarmSubject.objects.filter(pk__in=[subject.pk for subject in moving]).update(left_at=Now(), left=Left.CHANGED)
    joining = [(watch.kind, watch.subject_id, watch.name) for watch in watches]
    joining += [(one.kind, one.subject_id, one.name) for one in moving if one.alarm_id in singles]
    AlarmSubject.objects.bulk_create(
        [AlarmSubject(alarm=alarm, kind=kind, subject_id=pk, name=name) for kind, pk, name in joining],
        update_conflicts=True,
        unique_fields=["alarm", "kind", "subject_id"],
        update_fields=["name", "left_at", "left"],
    )
    Alarm.objects.filter(pk__in=before).update(succeeded_by=alarm)
    return before | {alarm.pk}


def _alarm_for(group: Group, watches: Sequence[Watch]) -> tuple[Alarm, list[uuid.UUID]]:
    """Return the alarm that the group joins, and those of single mailboxes that it takes in."""
    cause, scope = group
    found = Alarm.objects.open().filter(topic=Topic.BROKEN, cause=cause)
    level = level_of(cause, watches[0].error_class)
    alarm = found.filter(scope=scope).first() or (_of_same_servers(found, watches) if level is Level.SIGN_IN else None)
    if alarm:
        return alarm, []
    singles: list[uuid.UUID] = []
    if level is Level.MAILBOX:
        singles = list(found.filter(scope__startswith=f"{scope}/").values_list("pk", flat=True))
        scope = scope if len(watches) + len(singles) > 1 else single_scope(scope, watches[0].subject_id)
    return _open(cause, scope, watches), singles


def _of_same_servers(found: Iterable[Alarm], watches: Sequence[Watch]) -> Alarm | None:
    """Return the open alarm with one of these servers: a new secret, wrong again, is no new alarm."""
    servers = [watch.subject_id for watch in watches if watch.kind != Kind.ADDRESS]
    held = AlarmSubject.objects.present().filter(alarm__in=found, subject_id__in=servers).select_related("alarm")
    return next((subject.alarm for subject in held), None)


def _open(cause: str, scope: str, watches: Sequence[Watch]) -> Alarm:
    """Open an alarm and notify of it."""
    first = min(watches, key=lambda watch: watch.kind == Kind.ADDRESS)
    runs = CheckRun.objects.of(first.kind, first.subject_id)
    alarm = Alarm.objects.create(
        topic=Topic.BROKEN,
        cause=cause,
        scope=scope,
        kind=first.kind,
        name=first.name,
        client_id=runs.values_list("client_id", flat=True).first() or "",
        error_class=first.error_class,
        since=min(_since(watch) for watch in watches),
        last_good_at=max((watch.last_good_at for watch in watches if watch.last_good_at), default=None),
    )
    notify_opened(alarm)
    return alarm


def _since(watch: Watch) -> datetime:
    return watch.since or timezone.now()


def _refresh(alarm: Alarm) -> None:
    """Name the alarm after what it is about now, and what it stops."""
    Alarm.objects.filter(pk=alarm.pk).update(name=name_of(alarm), stops=impact_of(alarm).sentence)


def _close(touched: set[uuid.UUID]) -> None:
    """Close those that hold nothing any more; those of which most got another cause without a word of their own."""
    over = Alarm.objects.open().filter(~_holding(), pk__in=touched, topic=Topic.BROKEN)
    for alarm in over.select_for_update():
        numbers = alarm.subjects.numbers()
        moved = numbers.get(Left.CHANGED, 0) if alarm.succeeded_by_id else 0
        Alarm.objects.filter(pk=alarm.pk).update(closed_at=Now(), succeeded_by=F("succeeded_by") if moved else None)
        notify_closed(alarm, silently=moved > 0 and moved >= numbers.get(Left.RECOVERED, 0))
