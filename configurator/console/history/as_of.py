"""One object as it was at a moment, next to the present or another moment."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from configurator.accounts.audit_scope import seen_by, sees_object, states_seen
from configurator.accounts.models import User
from configurator.audit.choices import Kind
from configurator.audit.models import StateEvent
from configurator.audit.registry import audited, may_view, relations_of, stored_object
from configurator.audit.states import State, boxes_at, retired, state_at
from configurator.audit.words import CHANGED_SINCE, fields_of, label_of, value_in_words
from configurator.console.history.moments import instant_of
from configurator.console.objects.views import Page

# Most addresses on a page.
MOST_BOXES: Final = 200


@dataclass(frozen=True)
class Row:
    label: str
    then: str
    now: str

    @property
    def differs(self) -> bool:
        return self.then != self.now


class AsOf(Page, View):
    """An object as it was at ``at``, next to itself at ``until``; each is the present by default."""

    list_url = "console:audit_log"
    right = "audit_log.view"

    def get(self, request: HttpRequest, kind: str, object_id: str) -> HttpResponse:
        """Show both; 404 for an object without events or that the user may not view."""
        if kind not in audited or not may_view(self.person, kind) or not sees_object(self.person, kind, object_id):
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
        return render(
            request, "console/history/as_of.html", self.get_context_data(**context), status=422 if fault else 200
        )

    def boxes(self, kind: str, object_id: str, seq: int) -> dict[str, Any]:
        """Return the addresses on the queue or server at the moment, and how many more there were."""
        pointing = {to: name for name, to in relations_of(Kind.ADDRESS).items()}
        if kind not in pointing:
            return {}
        found = states_seen(self.person, boxes_at(pointing[kind], object_id, seq))
        return {"boxes": [(box, said(box)) for box in found[:MOST_BOXES]], "more": max(len(found) - MOST_BOXES, 0)}

    def seen(self, state: State | None) -> State | None:
        """Return the state; None where the object was then on a queue that the user may not view."""
        return next(iter(states_seen(self.person, [state])), None) if state else None

    def ways(self, kind: str, object_id: str, then: State | None) -> dict[str, str]:
        """Return the page of the stored object, and the one on which it can be restored; "" where there is none."""
        row = stored_object(kind, object_id)
        back = restore_url(self.person, row, then) if then and not then.gone else ""
        return {"link": row.get_absolute_url() if row else "", "put_back": back}


def restore_url(user: User, row: Any, state: State) -> str:
    """Return the form that starts from the state; "" where there is none or the user may not save it."""
    restore = audited[state.kind].restore
    if restore is None or not user.may(restore.right if row else restore.right_for_deleted):
        return ""
    return restore.url(row, state) if restore.may_restore(user, row) else ""


def compared(kind: str, then: State | None, now: State | None, *, replaced: str = CHANGED_SINCE) -> list[Row]:
    """Return each field that had a value at either moment; ``replaced`` is the text for a secret changed since."""
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
    """Return each value of the state with its label, in the words of the screens."""
    return [(row.label, row.then) for row in compared(state.kind, state, None)]


def values(state: State | None) -> dict[str, Any]:
    """Return the values of the object's fields; none where there was no object."""
    return {} if state is None or state.gone else state.values
