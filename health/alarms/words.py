"""An alarm in words, for lists, pages and messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from health.alarms.impact import counted
from health.alarms.models import Alarm, Left, Topic
from tokenchecks.engine.explain.explanation import Explanation, explain_cause
from tokenchecks.models import Kind
from tokenchecks.subjects.stored_rows import ENGINE_KIND

NAMES_OF_OTHERS: Final = ("Microsoft", "Exchange", "Entra", "Graph", "Conditional", "Tenant ID", "Client ID")


def explained(alarm: Alarm) -> Explanation:
    """Return the alarm's cause in words."""
    return explain_cause(alarm.cause, ENGINE_KIND[alarm.kind or Kind.INCOMING], alarm.client_id)


def headline(alarm: Alarm) -> str:
    """Return what is wrong, in half a line; of an alarm that was read for somebody, as far as he sees."""
    if alarm.topic == Topic.BROKEN:
        return explained(alarm).title
    if alarm.topic == Topic.EXPIRY:
        return f"The secret {ends(alarm.ends_on, alarm.days_left)}"
    if alarm.topic == Topic.SILENCE:
        return getattr(alarm, "detailed", alarm.detail) or "Checks stand still"
    return "A test: nothing is wrong"


def became(numbers: Mapping[str, int]) -> str:
    """Say what became of what got no other cause, by how many left why; "" where all got one."""
    words = ((Left.RECOVERED, "recovered"), (Left.UNWATCHED, "no longer checked"), ("", "still concerned"))
    return ", ".join(f"{numbers[left]} {word}" for left, word in words if numbers.get(left))


def responsible_for(alarm: Alarm) -> str:
    """Return who has to act."""
    if alarm.topic == Topic.BROKEN:
        return explained(alarm).responsible
    known = {Topic.EXPIRY: "Entra administrator", Topic.SILENCE: "console administrator"}
    return known.get(Topic(alarm.topic), "Nobody")


def ends(day: date | None, left: int | None) -> str:
    """Say when a secret ends or ended."""
    if day is None or left is None:
        return "ends"
    if left < 0:
        return f"ended on {day:%Y-%m-%d}"
    return f"ends today, {day:%Y-%m-%d}" if left == 0 else f"ends in {counted(left, 'day')}, on {day:%Y-%m-%d}"


def lasting(span: timedelta) -> str:
    """Say how long something lasted, in its two largest units."""
    minutes = int(span.total_seconds()) // 60
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    first = next((at for at, (number, _) in enumerate(parts) if number), None)
    if first is None:
        return "less than a minute"
    return " ".join(f"{number} {unit}" for number, unit in parts[first : first + 2] if number)


def moment(at: datetime | None) -> str:
    """Return a moment in the console's time zone."""
    return f"{timezone.localtime(at):%a %Y-%m-%d %H:%M %Z}" if at else "never"


def link(path: str) -> str:
    """Return the whole address of a page, "" while SITE_ADDRESS is not set."""
    return f"{settings.SITE_ADDRESS}{path}" if settings.SITE_ADDRESS else ""


def small(title: str) -> str:
    """Return a title for the middle of a sentence."""
    return title if title.startswith(NAMES_OF_OTHERS) else title[:1].lower() + title[1:]


@dataclass(frozen=True)
class State:
    """The state of an alarm: shape, word and colour."""

    value: str
    shape: str
    label: str


def state_of(alarm: Alarm) -> State:
    """Return the state of the alarm."""
    if alarm.topic == Topic.TEST:
        return State("unchecked", "○", "Test")
    if not alarm.is_open:
        return State("ok", "✓", "Closed")
    if alarm.topic == Topic.EXPIRY:
        return State("broken", "✕", "Ended") if (alarm.days_left or 0) < 0 else State("warning", "▲", "Warning")
    return State("broken", "✕", "Broken")
