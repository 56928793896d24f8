"""Checks on the object pages of the lower floors: the panel, the sentence in the header, the past."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from configurator.console.lists.cells import badge
from configurator.status import Status
from mailsettings.rotation.slots import Server
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.history.past import Past, Trouble, past_of, strips_of, trouble_of
from tokenchecks.models import CheckResult, CheckRun, Kind
from tokenchecks.screens.panel import panel_of, status_of
from tokenchecks.screens.trials.forms import MailboxForm
from tokenchecks.screens.trials.panel import trial_panel
from tokenchecks.subjects.stored_rows import ENGINE_KIND, VIEW_RIGHT

register = template.Library()

TROUBLES = {Status.BROKEN: "broken", Status.WARNING: "warned of"}
TRY = {Kind.INCOMING: "try_incoming", Kind.OUTGOING: "try_outgoing", Kind.ADDRESS: "try_address"}


def may_see(context: Context, kind: str) -> bool:
    user = context["user"]
    return bool(user.may("token_check.view") and user.may(VIEW_RIGHT[Kind(kind)]))


@register.inclusion_tag("tokenchecks/panel.html", takes_context=True)
def check_panel(context: Context, kind: str, item: Any, among: Sequence[Any] = ()) -> dict[str, Any]:
    """Render the newest check of the object; nothing for a user who may not view token checks.

    ``among`` are the objects that the same template renders panels for: their checks are read in one query.
    """
    if not may_see(context, kind):
        return {"hidden": True}
    newest = context.render_context.get("newest_checks")
    if newest is None or item not in among:
        newest = CheckRun.objects.newest(kind, {item.pk, *(one.pk for one in among)})
        context.render_context["newest_checks"] = newest
    return {
        "panel": panel_of(newest.get(item.pk), item, scope=context["user"].scope("queue.view")),
        "kind": kind,
        "subject_id": item.pk,
        "may_run": context["user"].may("token_check.run"),
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }


@register.filter(name="alike")
def same_status(items: Sequence[Any], item: Any) -> str:
    """Return in words how many of the addresses have the same trouble, "" where it is the only one or has none."""
    state = Status(item.status)
    number = sum(one.status == state for one in items)
    return f"{number} of {len(items)} addresses are {TROUBLES[state]}." if number > 1 and state in TROUBLES else ""


@register.filter
def said(result: CheckResult) -> str:
    """Return what a check found, in half a line; "" when all is OK."""
    return explain_cause(result.cause, ENGINE_KIND[result.kind]).title if result.cause else ""


@register.simple_tag
def run_badge(run: CheckRun) -> str:
    """Render the run's result, or that it is running."""
    return badge(status_of(run))


@register.inclusion_tag("tokenchecks/before_save.html", takes_context=True)
def check_before_save(context: Context) -> dict[str, Any]:
    """Render the trial below a form: its panel if there was one, and for a server the mailbox to use."""
    if not context["editable"]:
        return {"hidden": True}
    mailbox_form = context.get("mailbox_form")
    if mailbox_form is None and context["kind"] == Kind.INCOMING:
        mailbox_form = MailboxForm(context["object"], scope=context["user"].scope("queue.view"))
    return {
        "mailbox_form": mailbox_form,
        "trial": context.get("trial"),
        "too_many": context.get("too_many"),
        "request": context["request"],
    }


@register.inclusion_tag("tokenchecks/next_secret.html", takes_context=True)
def next_secret_trial(context: Context, server: Server) -> dict[str, Any]:
    """Render the button that tests the next secret, and the last test of that very secret."""
    kind = Kind(server.audit_kind)
    last = CheckRun.objects.of_next_secret(kind, server.pk, server.next_secret_id).first()
    name, about = ("incoming", [server.pk]) if kind == Kind.INCOMING else ("outgoing", [])
    return {
        "trial": trial_panel(last) if last else None,
        "action": reverse(f"tokenchecks:try_next_{name}", args=about),
        "editable": context["editable"],
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("tokenchecks/try_button.html")
def try_button(row: Any, adding: bool = False) -> dict[str, str]:  # noqa: FBT001, FBT002  as templates write it
    """Render the button that checks a form before it is saved."""
    kind = Kind(row.audit_kind)
    name, new = TRY[kind], "_new" if adding else ""
    own = [] if adding or kind == Kind.OUTGOING else [row.pk]
    about = [row.queue_id, *own] if kind == Kind.ADDRESS else own
    form = "address-form" if kind == Kind.ADDRESS else "record-form"
    return {"action": reverse(f"tokenchecks:{name}{new}", args=about), "form": form}


@register.inclusion_tag("console/verdict.html", takes_context=True, name="standing")
def status_sentence(context: Context, kind: str, item: Any, name: str = "") -> dict[str, Any]:
    """Render in one sentence the status, since when, and after which edit; ``name`` where the sentence needs one."""
    if not may_see(context, kind):
        trouble = Trouble()
    elif kind == Kind.ADDRESS:
        trouble = trouble_of(kind, item, context["user"])
    else:
        trouble = _past(context, kind, item).trouble
    return {"item": item, "name": name, "trouble": trouble}


@register.inclusion_tag("tokenchecks/past.html", takes_context=True)
def history(context: Context, kind: str, item: Any) -> dict[str, Any]:
    """Render the object's last week as a timeline."""
    if not may_see(context, kind):
        return {"hidden": True}
    return {"past": _past(context, kind, item), "item": item}


@register.inclusion_tag("tokenchecks/strip.html", takes_context=True)
def history_strip(context: Context, kind: str, item: Any, among: Sequence[Any]) -> dict[str, Any]:
    """Render the object's last week as a slim strip; those of all ``among`` are read in one query."""
    if not may_see(context, kind):
        return {"hidden": True}
    strips = context.render_context.get("history_strips")
    if strips is None:
        strips = context.render_context["history_strips"] = strips_of(kind, [one.pk for one in among])
    return {"drawing": strips[item.pk], "kind": kind, "item": item}


def _past(context: Context, kind: str, item: Any) -> Past:
    """Return the past of the page's server: read once, for the sentence and for the timeline."""
    past: Past = context.render_context.get("past") or past_of(kind, item, context["user"])
    context.render_context["past"] = past
    return past
