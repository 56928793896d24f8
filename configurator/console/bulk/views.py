"""From the ticks on a list to the result: begin, enter a value, look at the preview, confirm."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from configurator.accounts.scope import Scope
from configurator.console.bulk import services
from configurator.console.bulk.actions import LISTS, BulkAction, BulkList
from configurator.console.bulk.models import BulkJob, Outcome, State
from configurator.console.bulk.words import badge, shown
from configurator.console.frame.navigation import trail
from configurator.console.frame.redirects import next_url
from configurator.console.objects.copy import is_uuid
from configurator.console.objects.views import RightRequired

NONE_TICKED = "No row is ticked. Tick the rows first, or all that the filters find, then choose what to do with them."
TOO_MANY = f"These are more than {services.MOST:,} rows. Narrow the search, and do it in parts."
SHOWN = 100


class Begin(RightRequired, View):
    """Begin an action with the rows ticked; POST only."""

    http_method_names = ["post"]

    def test_func(self) -> bool:
        """Check the rights; post() answers 404 for an unknown action."""
        return self.action is None or (self.may(self.rows.right) and self.action.allowed(self.person))

    @property
    def rows(self) -> BulkList:
        return LISTS[self.kwargs["rows"]]

    @cached_property
    def action(self) -> BulkAction | None:
        """The action of the URL, None where the list or the action is unknown."""
        return self.rows.action(self.kwargs["action"]) if self.kwargs["rows"] in LISTS else None

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        if self.action is None:
            raise Http404
        back = next_url(request, reverse(self.rows.list_url))
        picked = None if "all" in request.POST else list(dict.fromkeys(filter(is_uuid, request.POST.getlist("row"))))
        if picked == []:
            messages.warning(request, NONE_TICKED)
            return HttpResponseRedirect(back)
        try:
            job = services.begin(
                actor=self.actor,
                rows=self.rows,
                action=self.action,
                picked=None if picked is None else [uuid.UUID(pk) for pk in picked],
                # PostgreSQL's texts hold no NUL, so that none could be found.
                query=request.POST.get("query", "").replace("\0", ""),
                back=back,
            )
        except services.TooMany:
            messages.warning(request, TOO_MANY)
            return HttpResponseRedirect(back)
        return redirect(job)


class OneJob(RightRequired, View):
    """A page of one job, for users with the rights of its action."""

    def test_func(self) -> bool:
        """Check the rights; the job property answers 404 for an unknown job."""
        job = self.found
        return job is None or (self.may(job.rows_list.right) and job.action.allowed(self.person))

    @property
    def seen(self) -> Scope:
        """The queues whose rows the user may see in it."""
        return self.scope(self.job.rows_list.right)

    @cached_property
    def found(self) -> BulkJob | None:
        """The job of the URL, None where there is none or this release has no such action."""
        job = BulkJob.objects.select_related("user").filter(pk=self.kwargs["pk"]).first()
        if job and job.user_id != self.request.user.pk and not self.scope("queue.view").is_whole:
            return None
        known = job and job.list_key in LISTS and LISTS[job.list_key].action(job.action_key)
        return job if known else None

    @property
    def job(self) -> BulkJob:
        """The job of the URL, 404 where there is none."""
        if self.found is None:
            raise Http404
        return self.found

    @property
    def is_mine(self) -> bool:
        """Whether the user began it, and so may go on with it."""
        return self.job.user_id == self.request.user.pk

    def show(self, form: forms.Form | None, *, status: int = 200) -> HttpResponse:
        job = self.job
        counts = job.counts(self.seen)
        pages = Paginator(job.rows_seen(self.seen), SHOWN)
        pages.count = sum(counts.values())
        page = pages.get_page(self.request.GET.get("page"))
        context = {
            "job": job,
            "action": job.action,
            "form": form,
            "is_mine": self.is_mine,
            "counts": [(badge(job.action, outcome), counts[outcome]) for outcome in Outcome if outcome in counts],
            "question": job.action.question.format(job.rows_list.counted(counts.get(Outcome.READY, 0))),
            "may_confirm": self.is_mine and job.state == State.ASKING and Outcome.READY in counts,
            "page": page,
            "rows": [shown(job.action, row, limited=not self.seen.is_whole) for row in page],
            "trail": trail(job.rows_list.list_url),
            "list_url": reverse(job.rows_list.list_url),
        }
        return render(self.request, "bulk/job.html", context, status=status)


class JobPage(OneJob):
    """One job: the value that it waits for, its preview, how far it is, or what came of it."""

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        form_class = self.job.action.form_class
        asks = form_class and self.is_mine and self.job.state in (State.CHOOSING, State.ASKING)
        return self.show(form_class(self.job.typed) if form_class and asks else None)


class JobValues(OneJob):
    """Enter the value; POST only."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        form_class = self.job.action.form_class
        if form_class is None:
            raise Http404
        form = form_class(request.POST)
        if not self.is_mine:
            raise PermissionDenied
        if not form.is_valid():
            return self.show(form, status=422)
        typed = {name: str(request.POST.get(name, "")) for name in form.fields}
        services.enter_values(actor=self.actor, job=self.job, typed=typed)
        return redirect(self.job)


class JobConfirm(OneJob):
    """Have it done; POST only."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        services.confirm(actor=self.actor, job=self.job)
        return redirect(self.job)
