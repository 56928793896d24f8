"""One object as it was at an instant, beside the present or another instant."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import View

from configurator.accounts.audit_scope import seen_by, sees_object, states_seen
from configurator.accounts.models import User
from configurator.audit.choices import Kind
from configurator.audit.models import StateEvent
from configurator.audit.states import State, boxes_at, retired, state_at
from configurator.audit.words import CHANGED_SINCE, fields_of, label_of, value_in_words
from configurator.console.history.moments import instant_of
from configurator.console.history.objects import VIEW_RIGHT, may_view, stored
from configurator.console.objects.views import Page
from configurator.console.people.restore import may_put_back

# The addresses that a page shows at most.
MOST_BOXES: Final = 200
# The kinds that addresses point at, and the field by which they do.
POINTED_AT: Final = {Kind.QUEUE.value: "queue", Kind.INCOMING_SERVER.value: "server"}

# Where a deleted object is entered anew; "" for what cannot be deleted, or is entered on its queue's page.
NEW: Final = {
    Kind.INCOMING_SERVER.value: "mailsettings:incoming_new",
    Kind.OUTGOING_SERVER.value: "",
    Kind.QUEUE.value: "queues:queue_new",
    Kind.ADDRESS.value: "",
    Kind.USER.value: "",
    Kind.ROLE.value: "console:role_new",
}
# The rights by which a version of a stored object, and of a deleted one, is put back.
MAY: Final = {
    Kind.INCOMING_SERVER.value: ("incoming_server.modify", "incoming_server.create"),
    Kind.OUTGOING_SERVER.value: ("outgoing_server.modify", "outgoing_server.modify"),
    Kind.QUEUE.value: ("queue.modify", "queue.create"),
    Kind.ADDRESS.value: ("queue.modify", "queue.modify"),
    Kind.USER.value: ("user.modify", "user.modify"),
    Kind.ROLE.value: ("role.modify", "role.create"),
}


@dataclass(frozen=True)
class Row:
    """One field at both instants."""

    label: str
    then: str
    now: str

    @property
    def differs(self) -> bool:
        """Whether the two are unlike."""
        return self.then != self.now


class AsOf(Page, View):
    """An object as it was at ``at``, beside itself at ``until``; each is the present unless it is named."""

    list_url = "console:audit_log"
    right = "audit_log.view"

    def get(self, request: HttpRequest, kind: str, object_id: str) -> HttpResponse:
        """Show both; 404 for an object that no event tells of or that the user may not view."""
        if kind not in VIEW_RIGHT or not may_view(self.person, kind) or not sees_object(self.person, kind, object_id):
            raise Http404
        (at, fault), (until, other_fault) = instant_of(request.GET), instant_of(request.GET, "until")
        then, now = (self.seen(state) for state in state_at(kind, object_id, at.seq, until.seq))
        known = then or now or seen_by(self.person, StateEvent.objects.of_object(kind, object_id)).first()
        if known is None:
            raise Http404
        gone = retired()
        fault = fault or other_fault
        context = {
            "gone": gone.says(min(at.moment, until.moment)) if gone else "",
            "first": gone.last + 1 if gone else 1,
            "kind": kind,
            "kind_label": Kind(kind).label,
            "object_id": object_id,
            "name": then.name if then else getattr(known, "object_name", "") or getattr(known, "name", ""),
            "at": at,
            "until": until,
            "fault": fault,
            "then": then,
            "now": now,
            "rows": compared(kind, then, now),
            **self.boxes(kind, object_id, at.seq),
            **self.ways(kind, object_id, then),
        }
        return render(request, "console/as_of.html", self.get_context_data(**context), status=422 if fault else 200)

    def boxes(self, kind: str, object_id: str, seq: int) -> dict[str, Any]:
        """Return the addresses on the queue or server at the instant, and how many more there were."""
        if kind not in POINTED_AT:
            return {}
        found = states_seen(self.person, boxes_at(POINTED_AT[kind], object_id, seq))
        return {"boxes": [(box, said(box)) for box in found[:MOST_BOXES]], "more": max(len(found) - MOST_BOXES, 0)}

    def seen(self, state: State | None) -> State | None:
        """Return the state; None where the object was elsewhere then, on a queue that the user may not view."""
        return next(iter(states_seen(self.person, [state])), None) if state else None

    def ways(self, kind: str, object_id: str, then: State | None) -> dict[str, str]:
        """Return the page of the object as it is stored now, and the one on which it can be put back; "" where none."""
        row = stored(kind, object_id)
        back = put_back_url(self.person, row, then) if then and not then.gone else ""
        return {"link": row.get_absolute_url() if row else "", "put_back": back}


def put_back_url(user: User, row: Any, state: State) -> str:
    """Return the form that starts from the state; "" where the user may not save it or there is nowhere to put it."""
    if state.kind not in NEW or not user.may(MAY[state.kind][0 if row else 1]):
        return ""
    if state.kind in (Kind.USER, Kind.ROLE) and not may_put_back(user, row):
        return ""
    asked = {"put_back": str(state.seq)} | ({} if row else {"of": state.object_id})
    if state.kind != Kind.ADDRESS:
        page = row.get_absolute_url() if row else NEW[state.kind] and reverse(NEW[state.kind])
        return f"{page}?{urlencode(asked)}" if page else ""
    home = stored(Kind.QUEUE, str(row.queue_id) if row else state.relation("queue"))
    asked = {"address": str(row.pk) if row else "new"} | asked
    return f"{home.get_absolute_url()}?{urlencode(asked)}#numbers-addresses" if home else ""


def compared(kind: str, then: State | None, now: State | None, *, replaced: str = CHANGED_SINCE) -> list[Row]:
    """Return each field in which something stood at either instant; ``replaced`` is said of a secret changed since."""
    old, new = values(then), values(now)
    if then and now:
        changed: dict[str, Any] = dict.fromkeys(then.replaced(now), replaced)
        old, new = (old, new | changed) if then.seq < now.seq else (old | changed, new)
    words = [
        Row(label_of(kind, name), value_in_words(kind, name, old.get(name)), value_in_words(kind, name, new.get(name)))
        for name in fields_of(kind, old, new)
    ]
    return [row for row in words if row.then or row.now]


def said(state: State) -> list[tuple[str, str]]:
    """Return each value of the state under its label, in the words of the screens."""
    return [(row.label, row.then) for row in compared(state.kind, state, None)]


def values(state: State | None) -> dict[str, Any]:
    """Return what stood in the object's fields; nothing where there was no object."""
    return {} if state is None or state.gone else state.values
