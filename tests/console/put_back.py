"""Putting back as a person does it: the button, the form it leads to, and what a browser would send with that."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from configurator.audit.models import AuditEvent


class Fields(HTMLParser):
    """The values that a browser would send with the form of that id."""

    def __init__(self, form: str, page: str) -> None:
        """Read the page."""
        super().__init__()
        self.form, self.sent, self.select = form, dict[str, str](), ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what the field holds."""
        found = dict(attrs)
        self.select = "" if tag == "select" else self.select
        if tag == "option" and self.select and "selected" in found:
            self.sent[self.select] = found.get("value") or ""
        if found.get("form") != self.form and not (tag == "input" and found.get("name") == "version"):
            return
        name, kind = found.get("name") or "", found.get("type")
        if tag == "select":
            self.select = name
        elif kind in ("checkbox", "radio"):
            self.sent |= {name: found.get("value") or "on"} if "checked" in found else {}
        elif tag == "input":
            self.sent[name] = found.get("value") or ""


def way(client: Client, row: Any, then: int) -> str:
    """Return the address behind the button, "" where there is none."""
    page = client.get(reverse("console:as_of", args=[row.audit_kind, row.pk]), {"at_event": then}).content.decode()
    before, found, _ = page.partition('">Put back…</a>')
    return unescape(before.rpartition('href="')[2]) if found else ""


def form_at(client: Client, path: str, form: str = "record-form") -> tuple[str, dict[str, str]]:
    """Return the page and what its form would send."""
    page = client.get(path).content.decode()
    return page, Fields(form, page).sent


def head() -> int:
    """Return the number of the last event."""
    return AuditEvent.objects.head().seq


def action_of(page: str, then: str = "") -> str:
    """Return where the page's form is sent, by the button that also goes there."""
    found = [unescape(path) for path in re.findall(r' (?:form)?action="([^"]*put_back=[^"]*)"', page)]
    return next(path for path in found if then in path)
