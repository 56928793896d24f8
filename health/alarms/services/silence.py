"""The alarm that no checks run, which the silence monitor opens, sends and closes without any worker."""

from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from configurator.db.locks import try_advisory_lock
from health.alarms.models import Alarm, Topic
from health.alarms.services.outbox import deliver, notify_closed, notify_opened
from health.alarms.silence.state import Silence, silence

LOCK: Final = 0x73696C656E63  # "silenc" in ASCII


def reconcile_silence() -> None:
    """Open or close the alarm, and send here and now what is due of it."""
    alarm = _settle()
    if alarm:
        deliver(alarm=alarm)


@transaction.atomic
def _settle() -> Alarm | None:
    """Make the alarm agree with what is found, and return it; None while another is at it, or when there is none."""
    if not try_advisory_lock(LOCK):
        return None
    found = silence()
    alarm = Alarm.objects.filter(topic=Topic.SILENCE).order_by("-opened_at").first()
    if found and not (alarm and alarm.is_open):
        return _open(found)
    if alarm and alarm.is_open and not found:
        Alarm.objects.filter(pk=alarm.pk).update(closed_at=Now())
        notify_closed(alarm, silently=False)
    return alarm


def _open(found: Silence) -> Alarm:
    """Open the alarm and notify of it."""
    alarm = Alarm.objects.create(topic=Topic.SILENCE, name="Token checks", since=found.since, detail=found.sentence)
    notify_opened(alarm)
    return alarm
