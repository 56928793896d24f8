"""The page of one event: what changed, who did it, and where to go from there."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import View

from configurator.accounts.audit_scope import seen_by, sees_object
from configurator.accounts.models import User
from configurator.audit.choices import ACT_WORDS, KIND_WORDS
from configurator.audit.models import AuditEvent, Baseline
from configurator.audit.registry import audited, may_view, stored_object
from configurator.audit.words import words_of
from configurator.console.objects.views import Page, RightRequired


class AuditEventPage(Page, View):
    list_url = "console:audit_log"
    right = "audit_log.view"

    def get(self, request: HttpRequest, seq: int) -> HttpResponse:
        # No event has a number beyond the column's range.
        event = get_object_or_404(seen_by(self.person, AuditEvent.objects.all()), seq=min(seq, AuditEvent.MOST))
        context = {
            "event": event,
            "action": ACT_WORDS.get(event.action, event.action),
            "kind": KIND_WORDS.get(event.kind, event.kind),
            "rows": words_of(event),
            "link": self.link(event),
            "as_of": event.object_id and event.kind in audited and may_view(self.person, event.kind),
            **neighbours(event, self.person),
        }
        return render(request, "console/history/audit_event.html", self.get_context_data(**context))

    def link(self, event: AuditEvent) -> str:
        """Return the page of the event's object, "" where it was deleted or the user may not view it."""
        row = stored_object(event.kind, event.object_id) if may_view(self.person, event.kind) else None
        return str(row.get_absolute_url()) if row else ""


class LastEvent(RightRequired, View):
    """Redirects from an object's page to the event that left it as it is."""

    right = "audit_log.view"

    def get(self, request: HttpRequest, kind: str, object_id: str) -> HttpResponse:
        """Redirect to the event, or to the kept state where the event was deleted; 404 where there is neither."""
        events = AuditEvent.objects.of_object(kind, object_id).states()
        if not sees_object(self.person, kind, object_id):
            raise Http404
        event = seen_by(self.person, events).order_by("-seq").first()
        if event:
            return HttpResponseRedirect(event.get_absolute_url())
        if Baseline.objects.filter(kind=kind, object_id=object_id).exists():
            return HttpResponseRedirect(reverse("console:as_of", args=[kind, object_id]))
        raise Http404


def neighbours(event: AuditEvent, user: User) -> dict[str, Any]:
    """Return the events of the same object before and after this one that the user may see."""
    if not event.object_id:
        return {}
    others = seen_by(user, AuditEvent.objects.of_object(event.kind, event.object_id))
    return {
        "previous": others.filter(seq__lt=event.seq).order_by("-seq").first(),
        "next": others.filter(seq__gt=event.seq).order_by("seq").first(),
    }
