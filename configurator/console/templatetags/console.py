"""Filters and tags of every template."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.timesince import timesince

from configurator.console.sides import shown
from configurator.console.status import Status

register = template.Library()
MINUTE = timedelta(minutes=1)


@register.filter
def status(item: Any) -> Status:
    """Return the status of a checked row, with its shape and word."""
    return Status(item.status)


@register.inclusion_tag("console/when.html")
def when(moment: datetime | None) -> dict[str, Any]:
    """Say how long ago it was, with the exact time on hover and focus."""
    if moment is None:
        return {"moment": None}
    fresh = timezone.now() - moment < MINUTE
    ago = "just now" if fresh else f"{timesince(moment, depth=1)} ago"
    return {"moment": moment, "ago": ago}


@register.filter
def as_text(bound: Any) -> str:
    """Return a bound field's value as a person reads it, for those who may not change it."""
    return shown(bound.field, bound.value())


@register.filter
def verbose_name(record: Any) -> str:
    """Return what the record is called in a sentence."""
    return str(record._meta.verbose_name)


@register.inclusion_tag("console/secret_state.html")
def secret_state(record: Any, field: str) -> dict[str, Any]:
    """Say whether a secret is stored, since when and by whom; its text is never loaded."""
    return {"sealed": getattr(record, field, None)}
