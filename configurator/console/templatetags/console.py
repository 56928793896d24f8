"""Filters and tags of every template."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince, timeuntil

from configurator.accounts.models import User
from configurator.console.fields import SecretField
from configurator.console.forms import RecordForm
from configurator.console.sides import shown
from configurator.console.status import GRAVITY, Status

register = template.Library()

SHORT = 14
MINUTE = 60
# So long a weekday alone says which day it was.
RECENT = timedelta(days=6)


@register.filter
def status(item: Any) -> Status:
    """Return the status of a checked row, with its shape and word."""
    return Status(item.status)


@register.filter
def worst(items: Iterable[Any]) -> Any:
    """Return the checked row in the worst state, None when there is no row."""
    return min(items, key=lambda item: GRAVITY.index(Status(item.status)), default=None)


@register.simple_tag
def when(moment: datetime | None, words: str = "ago") -> str:
    """Say how long ago it was; the exact time shows on hover and focus.

    With ``words="for"`` say how long it lasts, with ``"in"`` when it comes, with ``"since"`` day and time.
    """
    if moment is None:
        return "–"
    exact = timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S %Z")
    tag = '<time datetime="{}" data-exact="{}" data-words="{}" tabindex="0">{}</time>'
    return format_html(tag, moment.isoformat(timespec="seconds"), exact, words, _said(moment, words))


def _said(moment: datetime, words: str) -> str:
    """Return the moment in words."""
    now = timezone.now()
    if words == "since":
        recent = now - moment < RECENT
        return timezone.localtime(moment).strftime("%a %H:%M" if recent else "%Y-%m-%d %H:%M")
    if words == "in":
        return "now" if (moment - now).total_seconds() < MINUTE else f"in {timeuntil(moment, depth=1)}"
    fresh = (now - moment).total_seconds() < MINUTE
    span = timesince(moment, depth=1)
    return {"for": "less than a minute" if fresh else span, "ago": "just now" if fresh else f"{span} ago"}[words]


@register.inclusion_tag("console/identifier.html")
def identifier(value: Any) -> dict[str, Any]:
    """Show a GUID or code shortened in the middle: whole on focus, copied by a click."""
    text = "" if value is None else str(value)
    short = text if len(text) <= SHORT else f"{text[:8]}…{text[-4:]}"
    return {"text": text, "short": short}


@register.filter
def as_text(bound: Any) -> str:
    """Return a bound field's value as a person reads it, for those who may not change it."""
    value = bound.value()
    unset = dict(getattr(bound.field, "choices", ())).get("") if value in (None, "") else None
    return str(unset or shown(bound.field, value))


@register.filter
def kind(bound: Any) -> str:
    """Return what the field holds: a secret, or as its widget says a guid, address, number or nothing special."""
    if isinstance(bound.field, SecretField):
        return "secret"
    return str(bound.field.widget.attrs.get("data-kind", ""))


@register.filter
def in_order(form: RecordForm) -> list[BoundField]:
    """Return the form's visible fields in the order of its blocks, which is SC's, then those in no block."""
    named = [name for block in form.blocks for name in block.fields]
    rest = [field.name for field in form.visible_fields() if field.name not in named]
    return [form[name] for name in (*named, *rest)]


@register.filter
def holds(record: Any, bound: Any) -> bool:
    """Tell whether the record keeps the field's value; ticks that only steer the form are not kept."""
    return hasattr(record, bound.name)


@register.filter
def beside(names: Iterable[Any], cells: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Return each name with its cell, for tables whose columns are data."""
    return list(zip(names, cells, strict=True))


@register.filter
def may(user: User, right: str) -> bool:
    """Tell whether the user holds the right ``object.act``."""
    return user.may(right)


@register.filter
def verbose_name(record: Any) -> str:
    """Return what the record is called in a sentence."""
    return str(record._meta.verbose_name)


@register.inclusion_tag("console/secret_state.html")
def secret_state(record: Any, field: str) -> dict[str, Any]:
    """Say whether a secret is stored, since when and by whom; its text is never loaded."""
    return {"sealed": getattr(record, field, None)}
