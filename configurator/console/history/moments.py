"""The moments of the pages of the past: typed, or the moment after an event."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import django_filters
from django import forms
from django.http import QueryDict
from django.utils import timezone

from configurator.audit.models import AuditEvent
from configurator.audit.states import number_at

# Browsers send seconds without their fraction, and no second at all where it is 0.
MOMENT: Final = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")
FORMATS: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
# The event in a link, kept in the URL until its moment is edited.
EVENT: Final = forms.HiddenInput()
FIRST_YEAR, LAST_YEAR = 1970, 9000
NOT_READ: Final = "Enter day and time, as in 2026-01-31 14:05."


class MomentField(forms.DateTimeField):  # noqa: TID251  this is the one to use instead
    """Day and time as ISO 8601 writes them: other orders of day and month mean two days in two countries."""

    widget = MOMENT

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=FORMATS, **kwargs)
        self.error_messages["invalid"] = NOT_READ


class MomentFilter(django_filters.DateTimeFilter):  # type: ignore[misc]  # noqa: TID251  this is the one to use instead
    field_class = MomentField


@dataclass(frozen=True)
class Instant:
    """The number of the last event that counts, the moment as shown, and its parameters in the URL."""

    seq: int
    moment: datetime
    asked: dict[str, str]
    by_event: bool = False

    @property
    def query(self) -> str:
        return urlencode(self.asked)

    def named(self, name: str) -> str:
        return urlencode({f"{name}_event": self.seq} if self.by_event else {name: self.moment.isoformat()})

    @property
    def typed(self) -> str:
        return timezone.localtime(self.moment).strftime("%Y-%m-%dT%H:%M:%S")


def now() -> Instant:
    """Return the present, at which every event counts."""
    return Instant(AuditEvent.MOST, timezone.now(), {})


def instant_of(query: QueryDict, name: str = "at") -> tuple[Instant, str]:
    """Return the moment in the URL, and what to do where it cannot be read; at most two queries.

    ``at`` is a moment, ``at_event`` the number of an event that counts as the last one; without both it is now. Of both
    the event counts while the moment is still the one that its field showed for it.
    """
    number = query.get(f"{name}_event", "")
    text = query.get(name, "").replace("\0", "").strip()
    if number.isdecimal():
        event = AuditEvent.objects.filter(seq=min(int(number), AuditEvent.MOST)).first()
        found = Instant(event.seq, event.at, {f"{name}_event": number}, by_event=True) if event else None
        if found and (name not in query or text in (found.typed, found.typed.removesuffix(":00"))):
            return found, ""
    if not text:
        return now(), ""
    try:
        moment = MomentField(validators=[sensible]).clean(text)
    except (forms.ValidationError, OverflowError):
        return now(), NOT_READ
    # The whole second counts, since its field has no fractions.
    whole = moment if moment.microsecond else moment + timedelta(seconds=1, microseconds=-1)
    return Instant(number_at(whole), moment, {name: text}), ""


def shown(query: QueryDict, **instants: Instant) -> QueryDict:
    """Return the URL's query with each moment as its field shows it, and its event where it has one."""
    fields = query.copy()
    for name, instant in instants.items():
        fields.pop(f"{name}_event", None)
        if instant.asked:
            fields[name] = instant.typed
        if instant.by_event:
            fields[f"{name}_event"] = str(instant.seq)
    return fields


def sensible(moment: datetime) -> None:
    """Refuse years in which calendars differ."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise forms.ValidationError(NOT_READ)
