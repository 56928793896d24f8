"""The outbox: notices are written down in the transaction of what they tell, and sent after it.

Each goes out at least once: a sender moves the next try on before it tries, so that none is lost with it, and sends the
id along, so that a receiver can drop one that came twice.  A channel that fails is left alone until the next delivery.
"""

import logging
import uuid
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from configurator.accounts.actor import Actor
from configurator.jobs.doorbell import notify_clock
from health.alarms.models import Alarm, Channel, Event, Notice, Sent
from health.alarms.notices import mail, webhook
from health.alarms.notices.messages import message_of
from health.alarms.notices.sending import NotSentError

logger = logging.getLogger(__name__)

TASK: Final = "alarms.tasks.deliver"
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 24  # most of a day, with pauses that double up to an hour
AT_ONCE = 50
SENDERS = {Channel.MAIL: mail.send, Channel.WEBHOOK: webhook.send}


def channels() -> list[Channel]:
    """Return the ways out that are set."""
    known = {Channel.MAIL: mail.is_set(), Channel.WEBHOOK: webhook.is_set()}
    return [channel for channel, is_set in known.items() if is_set]


def notify_opened(alarm: Alarm, event: str = Event.OPENED) -> None:
    """Queue the notice of it for every channel, once."""
    _queue(alarm, event, channels())


def notify_closed(alarm: Alarm, *, silently: bool) -> None:
    """Queue the notice of the end for the channels of the first one; drop both where that was not tried yet."""
    alarm.notices.filter(event=Event.OPENED, state=Sent.QUEUED, attempts=0).delete()
    if not silently:
        opened = alarm.notices.filter(event=Event.OPENED).values_list("channel", flat=True)
        _queue(alarm, Event.CLOSED, [Channel(channel) for channel in opened])


def _queue(alarm: Alarm, event: str, over: list[Channel]) -> None:
    """Store the notices and notify a worker on commit."""
    notices = [Notice(alarm=alarm, event=event, channel=channel) for channel in over]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    if notices:
        transaction.on_commit(_notify, robust=True)


def _notify() -> None:
    """Tell a worker that something is to be sent; without a broker the next delivery by the clock sends it."""
    notify_clock(TASK, waits="notices wait for the clock", expires=30)


def deliver(*, alarm: Alarm | None = None) -> int:
    """Send what is due, or what is due of one alarm, and return how many notices went out."""
    due = Notice.objects.due() if alarm is None else Notice.objects.due().filter(alarm=alarm)
    sent, failing = 0, set[str]()
    for notice in due.select_related("alarm")[:AT_ONCE]:
        if notice.channel not in failing and _claim(notice):
            if _send(notice):
                sent += 1
            else:
                failing.add(notice.channel)
    return sent


def try_again(*, actor: Actor, pk: uuid.UUID) -> bool:
    """Put a notice that was given up back into line; False when it was not."""
    actor.require("alarm.modify")
    back = Notice.objects.filter(pk=pk, state=Sent.FAILED)
    done = bool(back.update(state=Sent.QUEUED, attempts=0, next_at=Now()))
    if done:
        transaction.on_commit(_notify, robust=True)
    return done


def _claim(notice: Notice) -> bool:
    """Take the next try of the notice, unless somebody else was faster."""
    pause = min(FIRST_PAUSE * (1 << min(notice.attempts, 10)), LONGEST_PAUSE)
    mine = Notice.objects.filter(pk=notice.pk, state=Sent.QUEUED, attempts=notice.attempts)
    return bool(mine.update(attempts=F("attempts") + 1, next_at=Now() + pause))


def _send(notice: Notice) -> bool:
    """Send the notice and note what came of it."""
    attempts = notice.attempts + 1
    row = Notice.objects.filter(pk=notice.pk)
    try:
        SENDERS[Channel(notice.channel)](message_of(notice), notice.pk)
    except NotSentError as error:
        over = attempts >= MOST_ATTEMPTS
        row.update(last_error=f"{error}"[:200], state=Sent.FAILED if over else Sent.QUEUED)
        logger.warning("notice %s was not sent, attempt %d: %s", notice.pk, attempts, error)
        return False
    row.update(state=Sent.SENT, sent_at=Now(), last_error="")
    return True
