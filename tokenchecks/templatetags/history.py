"""Moments, durations and uptimes in words, for timelines."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone

from tokenchecks.history.intervals import Uptime
from tokenchecks.history.shares import share

register = template.Library()

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))
TWO = 2


@register.filter
def moment(value: datetime) -> str:
    return timezone.localtime(value).strftime("%a %d %b %Y %H:%M")


@register.filter
def duration(value: timedelta) -> str:
    """Return the duration in its two largest units."""
    left, parts = round(value.total_seconds()), []
    for unit, seconds in UNITS:
        number, left = divmod(left, seconds)
        if number:
            parts.append(f"{number} {unit}{'s' if number > 1 else ''}")
    return " ".join(parts[:TWO]) or "less than a minute"


@register.filter
def in_words(uptime: Uptime) -> str:
    """Return the uptime with the time it covers, and how much of the last 30 days was not checked."""
    if uptime.share is None:
        return "unknown: nothing was checked in the last 30 days"
    left = f"; {duration(uptime.unchecked)} not checked" if uptime.unchecked else ""
    return f"{share(uptime.share)} of {duration(uptime.checked)} checked in the last 30 days{left}"
