"""The banner on every page: what is broken, what is warned of, which secret ends, and whether checks run at all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from configurator.accounts.models import User
from configurator.accounts.scope import Scope
from configurator.db.capped_count import Query, rows_of, said, statement
from configurator.status import Status
from health.alarms.impact import counted
from health.alarms.models import Alarm
from health.alarms.silence.state import Silence, overdue, silence_of, unclaimed
from health.problems.counting import counting
from mailsettings.models import days_until
from tokenchecks.models import Watch
from tokenchecks.subjects.stored_rows import VIEW_RIGHT, watched_by

# The banner counts no further: what is broken a thousand times is said as well by "999+".
MOST: Final = 999


@dataclass(frozen=True)
class Part:
    """One thing that the banner says, and the list that it leads to."""

    look: str
    shape: str
    text: str
    url: str


@dataclass(frozen=True)
class Banner:
    """What the banner says; nothing while all is well."""

    silence: Silence | None = None
    parts: list[Part] = field(default_factory=list)
    url: str = ""


def banner_for(user: User) -> Banner:
    """Return what the user may know of what is wrong; one query, however much there is."""
    kinds = tuple(kind for kind, right in VIEW_RIGHT.items() if user.may(right))
    query = _query(kinds, watched_by(user), timezone.localdate(), settings.SILENT_AFTER)
    found = {what: (number, first) for what, number, first in rows_of(query) if number}
    lists = reverse("alarms:list") if user.may("alarm.view") else reverse("console:start")
    silence = silence_of(found.get("overdue", (0, None)), found.get("unclaimed", (0, None)))
    return Banner(silence, list(_parts(found, lists, user)), lists)


@lru_cache(maxsize=64)
def _query(kinds: tuple[str, ...], scope: Scope, _day: date, _silent_after: timedelta) -> Query:
    """Return the banner's query; every page runs it, so it is built once for each set of arguments."""
    watches = Watch.objects.visible_to(scope).filter(kind__in=kinds)
    sorts: dict[str, QuerySet[Any, Any]] = {
        "broken": counting(watches.in_state(Status.BROKEN)),
        "warning": counting(watches.in_state(Status.WARNING)),
        "secret": Alarm.objects.counting().filter(kind__in=kinds),
        "overdue": overdue().visible_to(scope),
        "unclaimed": unclaimed().visible_to(scope),
    }
    return statement(sorts, MOST, {"secret": "ends_on", "overdue": "due_at", "unclaimed": "requested_at"})


def _parts(found: dict[str, tuple[int, datetime | None]], lists: str, user: User) -> Iterator[Part]:
    """Yield what is broken, what is warned of, and which secret ends first; each leads to what was counted."""
    start = f"{reverse('console:start')}#troubles-title"
    broken = f"{reverse('tokenchecks:standing_list')}?status=broken" if user.may("token_check.view") else start
    if "broken" in found:
        yield Part("broken", "✕", f"{said(found['broken'][0], MOST)} broken", broken)
    if "warning" in found:
        number = found["warning"][0]
        text = "1 warning" if number == 1 else f"{said(number, MOST)} warnings"
        yield Part("warning", "▲", text, start)
    if "secret" in found:
        number, first = found["secret"]
        left = days_until(first.date()) if first else 0
        yield Part("warning", "▲", secrets_end(number, left or 0), f"{lists}?state=open&topic=expiry")


def secrets_end(number: int, left: int) -> str:
    """Say how many secrets end, and when the first of them does."""
    if number > 1:
        return f"{said(number, MOST)} secrets end, the first {when_in(left)}"
    return f"1 secret {'has ended' if left < 0 else f'ends {when_in(left)}'}"


def when_in(left: int) -> str:
    """Say in how many days that is."""
    if left < 0:
        return "has ended"
    return "today" if left == 0 else f"in {counted(left, 'day')}"
