"""What a notice says: what happened, since when, why, who has to act and where, and what stops."""

from typing import Final

from django.urls import reverse

from health.alarms.impact import Impact, impact_of
from health.alarms.models import Alarm, Event, Left, Notice, Topic
from health.alarms.notices.sending import Fact, Listing, Message
from health.alarms.words import explained, headline, lasting, link, moment, responsible_for, small
from tokenchecks.engine.explain.explanation import Explanation
from tokenchecks.engine.results import StageResult
from tokenchecks.models import CheckRun
from tokenchecks.screens.panel import field_url

NAMED: Final = 50
BEFORE_THAT_DAY: Final = "Create a new secret in Entra and enter its Value here before that day."
AFTER_THAT_DAY: Final = "Create a new secret in Entra and enter its Value here."
END_SILENCE: Final = (
    "See that the worker and the clock (celery worker, celery beat) run, and that they reach database and broker."
)


def message_of(notice: Notice) -> Message:
    """Return what the notice says, of its alarm as it is now."""
    alarm = notice.alarm
    if notice.event == Event.CLOSED:
        return _closed(alarm)
    makers = {Topic.BROKEN: _broken, Topic.EXPIRY: _ending, Topic.SILENCE: _silent, Topic.TEST: _test}
    return makers[Topic(alarm.topic)](alarm)


def _broken(alarm: Alarm) -> Message:
    """Return the message that something broke."""
    words, impact = explained(alarm), impact_of(alarm)
    stopped = f" ({impact.short})" if impact.short else ""
    where = Fact("Where", words.where, words.portal.link if words.portal else "")
    here = [Fact("Then here", words.label, _field_link(alarm, words))] if words.label else []
    return Message(
        subject=f"Broken: {alarm.name} – {small(words.title)}{stopped}",
        lead=f"{alarm.name} is broken since {moment(alarm.since)}: {small(words.title)}.",
        facts=[
            Fact("Why", words.cause),
            Fact("What to do", words.remedy),
            Fact("Who mends it", responsible_for(alarm)),
            where,
            *here,
            Fact("Last good", moment(alarm.last_good_at)),
            *_before(alarm),
        ],
        listings=_stopped(impact),
        url=link(alarm.get_absolute_url()),
    )


def _before(alarm: Alarm) -> list[Fact]:
    """Say what the alarm was before its cause became this one."""
    old = alarm.predecessors.order_by("-opened_at")[:3]
    return [Fact("Before", f"{explained(one).title}, since {moment(one.since)}") for one in old]


def _closed(alarm: Alarm) -> Message:
    """Return the message that it is over."""
    if alarm.topic == Topic.SILENCE:
        after = lasting(alarm.lasted)
        lead = f"Checks run again. Nothing was checked for {after}."
        return Message(f"Recovered: checks run again, after {after}", lead, good=True, url=link(reverse("alarms:list")))
    numbers = alarm.subjects.numbers()
    what = small(explained(alarm).title)
    total = sum(numbers.values())
    names = list(alarm.subjects.order_by("name").values_list("name", flat=True)[:NAMED])
    subject = f"Recovered: {alarm.name}, after {lasting(alarm.lasted)}"
    lead = (
        f"{alarm.name} works again since {moment(alarm.closed_at)}. It was broken for {lasting(alarm.lasted)}: {what}."
    )
    if moved := numbers.get(Left.CHANGED, 0):
        subject = f"Recovered: {total - moved} of {total} with {alarm.name}, after {lasting(alarm.lasted)}"
        lead = (
            f"{total - moved} of {total} that were broken for {lasting(alarm.lasted)} are no longer: {what}. "
            f"{moved} {'is' if moved == 1 else 'are'} broken by another cause now."
        )
    if numbers.get(Left.UNWATCHED) == total:
        subject = f"Closed: {alarm.name} is no longer checked"
        lead = f"What was broken was deleted or switched off after {lasting(alarm.lasted)}: {what}."
    listing = Listing("What was broken", names, total)
    return Message(subject, lead, good=True, listings=[listing], url=link(alarm.get_absolute_url()))


def _ending(alarm: Alarm) -> Message:
    """Return the message that a secret ends, or has ended."""
    impact, ended = impact_of(alarm), (alarm.days_left or 0) < 0
    said = headline(alarm)
    stops = impact.sentence or "nothing that is in use"
    servers = list(alarm.subjects.filter(left_at__isnull=True).order_by("name").values_list("name", flat=True)[:NAMED])
    return Message(
        subject=f"{'Secret ended' if ended else 'Secret ends'}: {alarm.name} – {small(said)}",
        lead=f"{said}. {'It stops' if ended else 'On that day it stops'} {stops}.",
        facts=[
            Fact("What to do", AFTER_THAT_DAY if ended else BEFORE_THAT_DAY),
            Fact("Who mends it", responsible_for(alarm)),
            Fact("Ends on", f"{alarm.ends_on:%Y-%m-%d}"),
        ],
        listings=[Listing("Servers with this secret", servers, len(servers)), *_stopped(impact, "would stop")],
        url=link(alarm.get_absolute_url()),
    )


def _silent(alarm: Alarm) -> Message:
    """Return the message that no checks run."""
    return Message(
        subject=f"Broken: checks stand still since {moment(alarm.since)}",
        lead=f"{headline(alarm)}. What the console shows is as old as that.",
        facts=[Fact("What to do", END_SILENCE), Fact("Who mends it", responsible_for(alarm))],
        url=link(reverse("alarms:list")),
    )


def _test(alarm: Alarm) -> Message:
    """Return the message that tries the way out."""
    return Message(
        subject=f"Test: an alarm sent by {alarm.name}",
        lead="This is a test that somebody asked for. Nothing is wrong: alarms reach you.",
        good=True,
        url=link(reverse("alarms:list")),
    )


def _stopped(impact: Impact, verb: str = "stop") -> list[Listing]:
    """Return the lists of what stops."""
    replies = [Listing(f"Replies that {verb}", ["all, through the External Outgoing Mail Server"], 1)]
    return [
        *(replies if impact.outgoing else []),
        Listing(f"Queues that {verb}", impact.queue_names, impact.queues),
        Listing(f"Addresses that {verb}", impact.address_names, impact.addresses),
    ]


def _field_link(alarm: Alarm, words: Explanation) -> str:
    """Return the link to the field to correct, "" where there is no such field any more."""
    first = alarm.subjects.order_by("-kind", "name").first()
    if first is None:
        return ""
    run = CheckRun(kind=first.kind, subject_id=first.subject_id)
    path = field_url(run, StageResult("settings", "broken", field=words.field, owner=words.owner))
    return link(path) if path else ""
