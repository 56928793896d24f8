"""Checks on the pages of the lower floors: the panel, the sentence in the header, the past, trials."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.template import Context
from django.urls import reverse

from configurator.audit.models import AuditEvent
from configurator.console.frame.panels import Shown, panel
from configurator.status import Status
from mailsettings.rotation.slots import Server
from tokenchecks.history.context import around
from tokenchecks.history.past import Past, Trouble, past_of, strips_of, trouble_of
from tokenchecks.models import CheckRun, Kind
from tokenchecks.screens.panel import panel_of
from tokenchecks.screens.trials.forms import MailboxForm
from tokenchecks.screens.trials.panel import trial_panel
from tokenchecks.subjects.stored_rows import VIEW_RIGHT, reaches

TROUBLES = {Status.BROKEN: "broken", Status.WARNING: "warned of"}
TRY = {Kind.INCOMING: "try_incoming", Kind.OUTGOING: "try_outgoing", Kind.ADDRESS: "try_address"}


def may_see(context: Context, kind: str) -> bool:
    """Tell whether the user may view checks of the kind; nobody may of what is not checked."""
    user = context["user"]
    return kind in Kind.values and bool(user.may("token_check.view") and user.may(VIEW_RIGHT[Kind(kind)]))


@panel("object.verdict", 10, "console/objects/verdict.html")
def verdict(context: Context, item: Any, name: str = "", among: Sequence[Any] = ()) -> Shown:
    """Show in one sentence the status, since when, and after which edit; ``name`` where the sentence needs one.

    With ``among`` it adds how many of them have the same trouble.
    """
    kind = item.audit_kind
    if not may_see(context, kind):
        trouble = Trouble()
    elif kind == Kind.ADDRESS:
        trouble = trouble_of(kind, item, context["user"])
    else:
        trouble = _past(context, kind, item).trouble
    return {"item": item, "name": name, "trouble": trouble, "others": _others(item, among)}


def _others(item: Any, among: Sequence[Any]) -> str:
    """Return in words how many have the same trouble as the item, "" where it is the only one or has none."""
    state = Status(item.status)
    number = sum(one.status == state for one in among)
    return f"{number} of {len(among)} addresses are {TROUBLES[state]}." if number > 1 and state in TROUBLES else ""


@panel("object.lead", 10, "tokenchecks/panel.html")
@panel("address.below", 10, "tokenchecks/panel.html")
def check_panel(context: Context, item: Any, among: Sequence[Any] = ()) -> Shown:
    """Show the newest check of the object; nothing of a server that is not enabled.

    ``among`` are the objects that the same template renders panels for: their checks are read in one query.
    """
    kind = item.audit_kind
    if not (may_see(context, kind) and getattr(item, "enabled", True)):
        return None
    newest = context.render_context.get("newest_checks")
    if newest is None or item not in among:
        newest = CheckRun.objects.newest(kind, {item.pk, *(one.pk for one in among)})
        context.render_context["newest_checks"] = newest
    return {
        "panel": panel_of(newest.get(item.pk), item, scope=context["user"].scope("queue.view")),
        "kind": kind,
        "subject_id": item.pk,
        "may_run": context["user"].may("token_check.run"),
    }


@panel("object.lead", 20, "tokenchecks/past.html")
def history(context: Context, item: Any) -> Shown:
    """Show the object's last week as a timeline; nothing of a server that is not enabled."""
    kind = item.audit_kind
    if not (may_see(context, kind) and getattr(item, "enabled", True)):
        return None
    return {"past": _past(context, kind, item), "item": item}


@panel("address.below", 20, "tokenchecks/strip.html")
def history_strip(context: Context, item: Any, among: Sequence[Any]) -> Shown:
    """Show the object's last week as a slim strip; those of all ``among`` are read in one query."""
    kind = item.audit_kind
    if not may_see(context, kind):
        return None
    strips = context.render_context.get("history_strips")
    if strips is None:
        strips = context.render_context["history_strips"] = strips_of(kind, [one.pk for one in among])
    return {"drawing": strips[item.pk], "kind": kind, "item": item}


@panel("object.actions", 10, "tokenchecks/check_now.html")
def check_now(context: Context, item: Any) -> Shown:
    """Show the button that has all addresses of a queue checked."""
    if item.audit_kind != "queue" or not context.get("addresses") or not context["user"].may("token_check.run"):
        return None
    return {"kind": "queue", "subject_id": item.pk, "name": ""}


@panel("object.actions", 20, "tokenchecks/test_mail_button.html")
def test_mail(context: Context, item: Any) -> Shown:
    """Show the way to a test mail over the outgoing server."""
    return {} if item.audit_kind == Kind.OUTGOING and item.enabled and context["editable"] else None


@panel("address.sender", 10, "tokenchecks/test_mail_link.html")
def test_mail_of_address(context: Context, address: Any) -> Shown:
    """Show the way to a test mail from the mailbox of a sender."""
    return {"address": address} if address.sender and context["editable"] else None


@panel("address.server", 10, "tokenchecks/dry_run_link.html")
def dry_run(_context: Context, address: Any) -> Shown:
    """Show the way to a check of the address as it would be under OAuth Service."""
    return None if address.server.is_service else {"address": address}


@panel("form.below", 10, "tokenchecks/before_save.html")
def check_before_save(context: Context) -> Shown:
    """Show the trial below a form: its panel if there was one, and for a server the mailbox to use."""
    if not context["editable"]:
        return None
    mailbox_form = context.get("mailbox_form")
    if mailbox_form is None and context["kind"] == Kind.INCOMING:
        mailbox_form = MailboxForm(context["object"], scope=context["user"].scope("queue.view"))
    return {"mailbox_form": mailbox_form, "trial": context.get("trial"), "too_many": context.get("too_many")}


@panel("form.buttons", 10, "tokenchecks/try_button.html")
def try_button(_context: Context, row: Any, *, adding: bool = False) -> Shown:
    """Show the button that checks a form before it is saved."""
    kind = Kind(row.audit_kind)
    name, new = TRY[kind], "_new" if adding else ""
    own = [] if adding or kind == Kind.OUTGOING else [row.pk]
    about = [row.queue_id, *own] if kind == Kind.ADDRESS else own
    form = "address-form" if kind == Kind.ADDRESS else "record-form"
    return {"action": reverse(f"tokenchecks:{name}{new}", args=about), "form": form}


@panel("rotation.below", 10, "tokenchecks/next_secret.html")
def next_secret_trial(context: Context, server: Server) -> Shown:
    """Show the button that tests the next secret, and the last test of that very secret."""
    kind = Kind(server.audit_kind)
    last = CheckRun.objects.of_next_secret(kind, server.pk, server.next_secret_id).first()
    name, about = ("incoming", [server.pk]) if kind == Kind.INCOMING else ("outgoing", [])
    return {
        "trial": trial_panel(last) if last else None,
        "action": reverse(f"tokenchecks:try_next_{name}", args=about),
        "editable": context["editable"],
    }


@panel("import.applied", 10, "tokenchecks/of_import.html")
def checks_of_import(_context: Context) -> Shown:
    """Say where the checks are that an import set off."""
    return {}


@panel("event.below", 10, "tokenchecks/around.html")
def states_around(context: Context, event: AuditEvent) -> Shown:
    """Show the status before and after the event; nothing for what is not checked or may not be viewed."""
    if not event.object_id or not may_see(context, event.kind):
        return None
    subject, scope = uuid.UUID(event.object_id), context["user"].scope("token_check.view")
    return {"around": around(event, scope), "event": event} if reaches(scope, event.kind, subject) else None


def _past(context: Context, kind: str, item: Any) -> Past:
    """Return the past of the page's server: read once, for the sentence and for the timeline."""
    past: Past = context.render_context.get("past") or past_of(kind, item, context["user"])
    context.render_context["past"] = past
    return past
