"""What the rules of several kinds of objects share."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from configurator.status import Status
from tokenchecks.models import Watch

NEAR: Final = timedelta(days=30)
SWITCH_WITHIN: Final = timedelta(days=14)
DAY: Final = timedelta(days=1)
# A save is checked within seconds; no finding is needed before this.
GRACE: Final = timedelta(hours=1)
Rows = QuerySet[Any]


def dated(words: str, field: str) -> Concat:
    """Return a detail: the words and the date in the field."""
    return Concat(Value(f"{words} "), Cast(F(field), CharField()), output_field=CharField())


def named(words: str, name: Any) -> Concat:
    """Return a detail: the words and the name."""
    return Concat(Value(f"{words} "), name, output_field=CharField())


def saying(rows: Rows, detail: Any) -> Rows:
    """Return the rows with that detail."""
    said: Rows = rows.annotate(says=detail)
    return said


def ended(rows: Rows, field: str) -> Rows:
    """Keep those whose date is over."""
    return saying(rows.filter(**{f"{field}__lt": timezone.localdate()}), dated("Ended on", field))


def ends_soon(rows: Rows, field: str) -> Rows:
    """Keep those whose date comes within a month."""
    today = timezone.localdate()
    return saying(rows.filter(**{f"{field}__range": (today, today + NEAR)}), dated("Ends on", field))


def next_untested(rows: Rows) -> Rows:
    """Keep those whose next secret nobody tested."""
    return rows.filter(next_secret__isnull=False, next_secret_tested_at__isnull=True)


def next_ends_first(rows: Rows, field: str) -> Rows:
    """Keep those whose next secret ends no later than the one in use."""
    first = rows.filter(next_secret_expires_on__lte=F(field))
    return saying(first, dated("The next one ends on", "next_secret_expires_on"))


def next_waits(rows: Rows, field: str) -> Rows:
    """Keep those whose secret ends within two weeks or has ended, while the next one waits."""
    near = timezone.localdate() + SWITCH_WITHIN
    waits = rows.filter(next_secret__isnull=False, **{f"{field}__lte": near})
    return saying(waits, dated("The one in use ends on", field))


def previous_overdue(rows: Rows) -> Rows:
    """Keep those whose previous secret should be wiped by now; its own day is the task's."""
    late = rows.filter(previous_wiped_on__lt=timezone.localdate())
    return saying(late, dated("To be wiped on", "previous_wiped_on"))


def failing(rows: Rows) -> Rows:
    """Keep those broken for more than a day."""
    return saying(rows.filter(status=Status.BROKEN, status_since__lt=timezone.now() - DAY), F("status_summary"))


def never_checked(rows: Rows) -> Rows:
    """Keep those that no check has looked at since they were saved."""
    return rows.filter(checked_at__isnull=True, changed_at__lt=timezone.now() - GRACE)


def not_lately(rows: Rows) -> Rows:
    """Keep those that two rounds of checks have missed; what is broken is looked at once a day."""
    missed = 2 * max(DAY, settings.CHECK_EVERY)
    return saying(rows.filter(checked_at__lt=timezone.now() - missed), dated("Last checked", "checked_at__date"))


def found(kind: str, *causes: str) -> Q:
    """Return what an object fulfils whose last check found one of the causes."""
    return Q(Exists(Watch.objects.filter(kind=kind, subject_id=OuterRef("pk"), cause__in=causes)))
