"""Rolls up old days: of a subject that changed often, one span per status and day is kept."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDay
from django.utils import timezone

from tokenchecks.history.intervals import Interval, intervals_of
from tokenchecks.models import Span

DAY = timedelta(days=1)
# Uptime and the finer timelines cover 30 days, which are not rolled up.
WHOLE = timedelta(days=31)
# Each old day is visited for a week, so that a console that was off for some days leaves none out.
WINDOW = timedelta(days=7)
MOST = 3
AT_ONCE = 200


def roll_up() -> int:
    """Roll up the days that have just become old, and return how many spans were deleted."""
    end = (timezone.now() - WHOLE).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    old = Span.objects.filter(until__gte=end - WINDOW, until__lt=end, watch__isnull=True)
    days = old.annotate(day=TruncDay("until", tzinfo=UTC)).values_list("kind", "subject_id", "day")
    flapped = days.annotate(spans=Count("pk")).filter(spans__gt=MOST).order_by()[:AT_ONCE]
    return sum(_roll_up_day(kind, subject_id, day) for kind, subject_id, day, _ in flapped)


@transaction.atomic
def _roll_up_day(kind: str, subject_id: uuid.UUID, day: datetime) -> int:
    of_day = Span.objects.filter(kind=kind, subject_id=subject_id, until__gte=day, until__lt=day + DAY)
    spans = list(of_day.filter(watch__isnull=True).order_by("since").select_for_update(of=("self",)))
    if len(spans) <= MOST:
        return 0
    by_status: dict[str, list[Interval]] = defaultdict(list)
    for interval in intervals_of(spans, spans[0].since or day, day + DAY):
        if interval.span:
            by_status[interval.status].append(interval)
    kept = [_one(intervals) for intervals in by_status.values()]
    gone = {span.pk for span in spans} - {span.pk for span in kept}
    Span.objects.filter(pk__in=gone).delete()
    Span.objects.bulk_update(kept, ["since", "until", "samples", "lasted"])
    return len(gone)


def _one(intervals: Sequence[Interval]) -> Span:
    """Return the span that lasted longest, extended over all of these."""
    spans = [interval.span for interval in intervals if interval.span]
    longest = max(intervals, key=lambda interval: interval.lasted).span
    assert longest  # noqa: S101  gaps were left out
    lasted = sum((interval.lasted for interval in intervals), timedelta())
    samples = sum(span.samples for span in spans)
    longest.since, longest.until = spans[0].since, max(span.until for span in spans)
    longest.samples, longest.lasted = samples, lasted
    return longest
