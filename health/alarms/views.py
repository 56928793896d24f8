"""The list of alarms, one alarm's page, and what can be done there."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import View

from configurator.console.lists.views import RecordList
from configurator.console.objects.views import Page, RightRequired
from health.alarms import services
from health.alarms.exports import ALARM_EXPORT
from health.alarms.filters import AlarmFilter
from health.alarms.impact import impact_of
from health.alarms.models import ENDING, Alarm, Left, Notice, Topic
from health.alarms.notices import webhook
from health.alarms.services.outbox import channels
from health.alarms.subjects import subjects_of
from health.alarms.tables import AlarmTable
from health.alarms.words import became, explained, headline, responsible_for, state_of
from tokenchecks.subjects.stored_rows import VIEW_RIGHT

NOTHING_SET = "Nobody was told: set ALARM_MAIL_TO or ALARM_WEBHOOK_URL first."


class AlarmList(RecordList):
    """Alarms: the open ones first."""

    model = Alarm
    table_class = AlarmTable
    filterset_class = AlarmFilter
    export = ALARM_EXPORT
    template_name = "alarms/list.html"
    list_url = "alarms:list"
    right = "alarm.view"
    empty = ("No alarm yet: nothing was broken at two checks in a row.", "")

    def get_queryset(self) -> QuerySet[Alarm]:
        """Return the alarms of what the user may view, with how many of their notices went out."""
        counts = {
            name: Count("notices", filter=Q(notices__state=state))
            for name, state in (("sent", "sent"), ("waiting", "queued"), ("failed", "failed"))
        }
        kinds = [kind for kind, right in VIEW_RIGHT.items() if self.may(right)]
        newest = (F("closed_at").desc(nulls_first=True), "-opened_at")
        seen = Alarm.objects.visible_to(self.scope()).of_kinds(kinds).worded_for(self.scope())
        return seen.annotate(**counts).order_by(*newest)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the channels that are set, and whether the user may test them."""
        ways = [channel.label for channel in channels()]
        return super().get_context_data(**context) | {
            "ways": ways,
            "webhook_host": webhook.host() if webhook.is_set() else "",
            "webhook_proxy": f"{settings.OUTBOUND_PROXY or ''}",
            "may_test": self.may("alarm.modify"),
        }


class AlarmPage(Page, View):
    """One alarm: why, who has to act, what it stops, what it is about, and its notices."""

    list_url = "alarms:list"
    right = "alarm.view"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Show the alarm; 404 for one about something that the user may not view."""
        scope = self.scope()
        alarm: Any = get_object_or_404(Alarm.objects.visible_to(scope).worded_for(scope), pk=pk)
        if alarm.kind and not self.may(VIEW_RIGHT[alarm.kind]):
            raise Http404
        kinds = [kind for kind, right in VIEW_RIGHT.items() if self.may(right)]
        context = self.get_context_data(
            object=alarm,
            called=alarm.called,
            state=state_of(alarm),
            headline=headline(alarm),
            who=responsible_for(alarm),
            words=explained(alarm) if alarm.topic == Topic.BROKEN else None,
            impact=impact_of(alarm, scope),
            subjects=subjects_of(alarm, kinds, scope),
            **self.became(alarm),
            notices=alarm.notices.order_by("created_at", "channel"),
            may_modify=self.may("alarm.modify"),
            secret=ENDING,
        )
        return render(request, "alarms/alarm.html", context)

    def became(self, alarm: Alarm) -> dict[str, Any]:
        """Return what became of all that the alarm is about, where some of it got another cause."""
        if not alarm.succeeded_by_id:
            return {}
        numbers = alarm.subjects.visible_to(self.scope()).numbers()
        return {"moved": numbers.get(Left.CHANGED, 0), "became": became(numbers)}


class TestAlarm(RightRequired, View):
    """Send a test over every way that is set; POST only."""

    http_method_names = ["post"]
    right = "alarm.modify"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Have the test sent and show its alarm, where its notices can be followed."""
        alarm = services.send_test(actor=self.actor)
        if alarm is None:
            messages.warning(request, NOTHING_SET)
            return HttpResponseRedirect(reverse("alarms:list"))
        messages.success(request, "A test is on its way. Reload this page to see whether it went out.")
        return HttpResponseRedirect(alarm.get_absolute_url())


class TryAgain(RightRequired, View):
    """Put a notice that was given up back into line; POST only."""

    http_method_names = ["post"]
    right = "alarm.modify"

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Have the notice tried again."""
        seen = Alarm.objects.visible_to(self.scope())
        notice = get_object_or_404(Notice.objects.select_related("alarm").filter(alarm__in=seen), pk=pk)
        if services.try_again(actor=self.actor, pk=pk):
            messages.success(request, "The notice is tried again.")
        return HttpResponseRedirect(notice.alarm.get_absolute_url())
