"""The page of one event: what changed, who did it, and where to go from there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.generic import View

from configurator.accounts.models import User
from configurator.audit.choices import Action, Kind
from configurator.audit.models import AuditEvent
from configurator.console.audit_objects import link_to, may_view, stored
from configurator.console.audit_words import words_of
from configurator.console.views import Page


class AuditEventPage(Page, View):
    """One event of the Audit Log."""

    list_url = "console:audit_log"
    right = "audit_log.view"

    def get(self, request: HttpRequest, seq: int) -> HttpResponse:
        """Show the event."""
        # A number beyond the column's reach is none that an event has.
        event = get_object_or_404(AuditEvent, seq=min(seq, AuditEvent.MOST))
        context = {
            "event": event,
            "action": dict(Action.choices).get(event.action, event.action),
            "kind": dict(Kind.choices).get(event.kind, event.kind),
            "rows": words_of(event),
            "link": self.link(event),
            **neighbours(event),
        }
        return render(request, "console/audit_event.html", self.get_context_data(**context))

    def link(self, event: AuditEvent) -> str:
        """Return the page of the event's object, "" where it is gone or the user may not view it."""
        assert isinstance(self.request.user, User)  # noqa: S101  LoginRequiredMiddleware let the request pass
        row = stored(event.kind, event.object_id) if may_view(self.request.user, event.kind) else None
        return link_to(event.kind, row) if row else ""


def neighbours(event: AuditEvent) -> dict[str, Any]:
    """Return the events of the same object before and after this one."""
    if not event.object_id:
        return {}
    others = AuditEvent.objects.of_object(event.kind, event.object_id)
    return {
        "previous": others.filter(seq__lt=event.seq).order_by("-seq").first(),
        "next": others.filter(seq__gt=event.seq).order_by("seq").first(),
    }
