"""What pages show of alarms: how long one lasted, its notices, acknowledged warnings."""

import uuid
from typing import Any

from django import template

from configurator.status import Status
from health.acknowledgements.forms import AcknowledgementForm
from health.alarms.ending import ENDED, ENDS_SOON
from health.alarms.models import ENDING, Alarm, Event, Notice
from health.alarms.services.warnings import RIGHT
from health.alarms.words import lasting as in_words
from health.models import Acknowledgement

register = template.Library()


@register.simple_tag
def lasting(alarm: Alarm) -> str:
    """Say how long an alarm lasted."""
    return in_words(alarm.lasted)


@register.simple_tag
def event(notice: Notice) -> str:
    """Say what a notice tells."""
    band = notice.event.removeprefix("band-")
    if band != notice.event:
        return "Secret ended" if band == "0" else f"Secret ends within {band} day{'s' if band != '1' else ''}"
    return str(Event(notice.event).label)


@register.inclusion_tag("acknowledgements/of_warning.html", takes_context=True)
def acknowledgement(context: dict[str, Any], kind: str, subject_id: uuid.UUID) -> dict[str, Any]:
    """Show the acknowledgement of the warning on the page, or its form; nothing where there is no warning."""
    request, panel = context.get("request"), context.get("panel")
    if request is None or (panel and (panel.status != Status.WARNING or not context.get("may_run"))):
        return {"hidden": True}
    cause = panel.decisive.result.cause if panel and panel.decisive else ""
    alarm = context.get("object") if kind == ENDING else None
    if cause == ENDS_SOON:
        kind, alarm = ENDING, Alarm.objects.open().filter(topic="expiry", subjects__subject_id=subject_id).first()
    if kind == ENDING and alarm is None:
        return {"hidden": True}
    subject_id = alarm.pk if alarm else subject_id
    found = _active(request).get((kind, subject_id))
    unchanged = found and (found.band == alarm.band if alarm else found.cause == cause)
    return {
        "acknowledgement": found if unchanged else None,
        "may": request.user.may(RIGHT[kind]) and not (alarm and alarm.band == ENDED),
        "form": AcknowledgementForm(of_warning=True, auto_id=f"id_dismiss_{subject_id}_%s"),
        "kind": kind,
        "subject_id": subject_id,
        "csrf_token": context.get("csrf_token"),
    }


def _active(request: Any) -> dict[tuple[str, uuid.UUID], Acknowledgement]:
    """Return the warnings acknowledged today, read once a request however many panels it shows."""
    found = vars(request).get("acknowledged_warnings")
    if found is None:
        active = Acknowledgement.objects.active().of_warnings()
        found = vars(request)["acknowledged_warnings"] = {(row.kind, row.subject_id): row for row in active}
    return dict(found)
