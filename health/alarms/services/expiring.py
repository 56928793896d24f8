"""The alarms of secrets that end: one notice for each band, and never two for the same date."""

from django.db.models.functions import Now

from health.alarms.ending import EndingSecret, ending_secrets
from health.alarms.impact import impact_of
from health.alarms.models import Alarm, AlarmSubject, Left, Topic
from health.alarms.services.outbox import notify_opened
from tokenchecks.models import Kind


def reconcile_end_dates() -> None:
    """Open, carry on and close the alarms of ending secrets."""
    known = {alarm.scope: alarm for alarm in Alarm.objects.open().filter(topic=Topic.EXPIRY)}
    for secret in ending_secrets():
        band = secret.band
        if band is not None:
            _carry_on(known.pop(secret.key, None), secret, band)
    # Replaced, deleted, or given a date far off.
    _close(list(known.values()))


def _carry_on(alarm: Alarm | None, secret: EndingSecret, band: int) -> None:
    """Notify of a narrower band; a date moved into a wider one is a new date with an alarm of its own."""
    if alarm and alarm.band is not None and band > alarm.band:
        _close([alarm])
        alarm = None
    notified = alarm.band if alarm else None
    alarm = alarm or _open(secret, band)
    _hold(alarm, secret)
    if (secret.name, secret.ends_on, band) != (alarm.name, alarm.ends_on, notified):
        alarm.name, alarm.ends_on, alarm.band = secret.name, secret.ends_on, band
        alarm.stops = impact_of(alarm).sentence
        alarm.save(update_fields=["name", "ends_on", "band", "stops"])
    if band != notified:
        notify_opened(alarm, event=f"band-{band}")


def _close(alarms: list[Alarm]) -> None:
    """Close alarms without a notice: the person who changed the date or the secret knows."""
    Alarm.objects.filter(pk__in=[alarm.pk for alarm in alarms]).update(closed_at=Now())


def _open(secret: EndingSecret, band: int) -> Alarm:
    """Open the alarm of the secret."""
    return Alarm.objects.create(
        topic=Topic.EXPIRY,
        scope=secret.key,
        kind=Kind.INCOMING,
        name=secret.name,
        ends_on=secret.ends_on,
        band=band,
        since=Now(),
    )


def _hold(alarm: Alarm, secret: EndingSecret) -> None:
    """Keep with the alarm what holds the secret now."""
    present = set(alarm.subjects.filter(left_at__isnull=True).values_list("subject_id", flat=True))
    holders = {
        row.pk: AlarmSubject(alarm=alarm, kind=kind, subject_id=row.pk, name=str(row)) for kind, row in secret.holders
    }
    if holders.keys() == present:
        return
    AlarmSubject.objects.bulk_create(
        holders.values(),
        update_conflicts=True,
        unique_fields=["alarm", "kind", "subject_id"],
        update_fields=["name", "left_at", "left"],
    )
    gone = alarm.subjects.filter(left_at__isnull=True).exclude(subject_id__in=holders)
    gone.update(left_at=Now(), left=Left.UNWATCHED)
