"""Markup that occurs in many rows of a page; made here and not by templates, which take longer.

Each is a template tag of the same name too, so that lists and pages have the same markup.
"""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Protocol

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil

from configurator.status import Status

NOTHING = "–"
SHORT = 14
MINUTE = 60
# Within so many days a weekday alone is unambiguous.
RECENT = timedelta(days=6)
NEAR = 30  # days
YES = format_html('<span class="{}"><span aria-hidden="true">{}</span> {}</span>', "yes", "✓", "Yes")
NO = format_html('<span class="{}"><span aria-hidden="true">{}</span> {}</span>', "no", "–", "No")


class Shaped(Protocol):
    """What a badge shows: a status, a severity, an alarm's state."""

    value: Any
    label: Any

    @property
    def shape(self) -> str:
        """The mark that tells it apart without colour."""


@cache
def badge(status: Shaped) -> SafeString:
    return format_html(
        '<span class="status {}"><span class="shape" aria-hidden="true">{}</span> {}</span>',
        status.value,
        status.shape,
        status.label,
    )


def checked(item: Any) -> SafeString:
    """Return the badge of a checked row, and beneath it the sentence that says what is wrong, if it has one."""
    shown, summary = badge(Status(item.status)), getattr(item, "status_summary", "")
    return format_html('{} <span class="summary">{}</span>', shown, summary) if summary else shown


def when(moment: datetime | None, words: str = "ago") -> str:
    """Return how long ago it was; the exact time shows on hover and focus.

    With ``words="for"`` how long it lasts, with ``"in"`` when it comes, with ``"since"`` day and time.
    """
    if moment is None:
        return NOTHING
    local = timezone.localtime(moment)
    exact = f"{local:%Y-%m-%d %H:%M:%S %Z}"
    # None of it is user input, so nothing needs escaping.
    said = f'data-exact="{exact}" data-words="{words}" tabindex="0">{_said(moment, words)}'
    return SafeString(f'<time datetime="{moment.isoformat(timespec="seconds")}" {said}</time>')


def _said(moment: datetime, words: str) -> str:
    now = timezone.now()
    if words == "since":
        recent = now - moment < RECENT
        return timezone.localtime(moment).strftime("%a %H:%M" if recent else "%Y-%m-%d %H:%M")
    if words == "in":
        return "now" if (moment - now).total_seconds() < MINUTE else f"in {timeuntil(moment, depth=1)}"
    fresh = (now - moment).total_seconds() < MINUTE
    span = timesince(moment, depth=1)
    return {"for": "less than a minute" if fresh else span, "ago": "just now" if fresh else f"{span} ago"}[words]


def identifier(value: Any) -> str:
    """Show a GUID or code shortened in the middle: whole on focus, copied by a click."""
    text = "" if value is None else str(value)
    if not text:
        return NOTHING
    shown = format_html("{}", text) if len(text) <= SHORT else format_html(
        '<span class="short" aria-hidden="true">{}</span><span class="full" aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span>',
        f"{text[:8]}…{text[-4:]}",
        text,
        text,
    )  # fmt: skip
    button = '<button type="button" class="guid" data-copy="{}">{}<span class="visually-hidden">, copy</span></button>'
    return format_html(button, text, shown)


def expiry(day: date | None, days_left: int | None) -> str:
    """Return on which day a secret ends and in how many days that is, marked when it is near or past."""
    if day is None or days_left is None:
        return NOTHING
    mark = " gone" if days_left < 0 else " near" if days_left <= NEAR else ""
    ahead = f"{days_left} day{'' if days_left == 1 else 's'} left" if days_left else "ends today"
    said = "expired" if days_left < 0 else ahead
    return format_html('<span class="expiry{}">{} <small>{}</small></span>', mark, day.isoformat(), said)


def yes_no(value: object) -> SafeString:
    return YES if value else NO


def tick(item: Any) -> str:
    """Return the checkbox of a row, for bulk actions."""
    box = '<input class="form-check-input" type="checkbox" name="row" value="{}" form="bulk-form">'
    label = '<label class="tick-box">' + box + '<span class="visually-hidden">Tick {}</span></label>'
    return format_html(label, item.pk, item)
