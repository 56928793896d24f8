"""The actions on a server's secret slots: each has its URL, accepts POST alone, and shows the server's page again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.urls.resolvers import URLPattern

from configurator.console.objects.forms import notices_of
from configurator.console.objects.views import RecordPage
from configurator.console.records.record import StaleVersion
from configurator.db.faults import saving
from mailsettings.forms.slots import ROTATION
from mailsettings.rotation import services as rotation
from mailsettings.rotation.forms import NextSecretForm, SlotForm, SwitchForm
from mailsettings.rotation.slots import Server

AnyForm = TypeVar("AnyForm", bound=SlotForm)
CHECKED = "a check of the server and its addresses is on its way"


@dataclass(frozen=True)
class Act:
    """One action: its path below its server, its form, its service, and its message."""

    path: str
    form_class: type[SlotForm]
    service: Callable[..., Server]
    said: str


ACTS = {
    "next_secret": Act("next-secret/", NextSecretForm, rotation.next_secret_set, "The next secret is stored."),
    "next_discard": Act(
        "next-secret/discard/",
        SlotForm,
        rotation.next_secret_discard,
        "The next secret was wiped. Delete it in Entra too.",
    ),
    "switch": Act("switch/", SwitchForm, rotation.secret_switch, f"The next secret is in use now; {CHECKED}."),
    "roll_back": Act(
        "roll-back/", SlotForm, rotation.secret_roll_back, f"The previous secret is in use again; {CHECKED}."
    ),
    "previous_wipe": Act(
        "previous-secret/wipe/",
        SlotForm,
        rotation.previous_secret_wipe,
        "The previous secret was wiped. Delete it in Entra too.",
    ),
}


class ShowsSlots(RecordPage):
    """A server's page with its slots and the forms of their actions."""

    url_prefix: ClassVar[str]
    slot_form: SlotForm | None = None
    stale = False

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the forms, the URL of each action, and the form that was refused."""
        server: Server = context["object"]
        switch_form = self.form_for(SwitchForm, server)
        context["failed_test"] = switch_form.failed
        if context["editable"] and not context["adding"]:
            context["rotation"] = {
                "urls": {name: reverse(f"{self.url_prefix}_{name}", kwargs=self.kwargs) for name in ACTS},
                "refused": self.slot_form,
                "stale": self.stale,
                "next_form": self.form_for(NextSecretForm, server),
                "switch_form": switch_form,
            }
        return super().get_context_data(**context)

    def form_for(self, form_class: type[AnyForm], server: Server) -> AnyForm:
        """Return the form that was sent if it is of that class, a fresh one otherwise."""
        return self.slot_form if isinstance(self.slot_form, form_class) else form_class(server=server)


class SlotAct(ShowsSlots):
    """Perform one action, or show the page with the messages in the block."""

    http_method_names = ["get", "head", "post"]
    act: Act | None = None

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Redirect: after a refusal the browser's address bar has this URL."""
        return self.back(self.get_object())

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        server: Any = self.get_object()
        if not self.editable(server):
            return self.handle_no_permission()
        if server._state.adding or self.act is None:
            raise Http404
        self.slot_form = form = self.act.form_class(request.POST, server=server)
        if not form.is_valid():
            return self.again(server, 422)
        version = form.cleaned_data["version"]
        try:
            with saving():
                self.act.service(actor=self.actor, server=server, version=version, **form.given())
        except StaleVersion as stale:
            form.data = dict(form.data.items()) | {"version": str(stale.stored.version)}
            self.stale = True
            return self.again(server, 409)
        except ValidationError as error:
            form.add_error(None, error)
            return self.again(server, 422)
        messages.success(request, self.act.said)
        for text in notices_of(form):
            messages.info(request, text)
        return self.back(server)

    def back(self, server: Any) -> HttpResponse:
        return HttpResponseRedirect(f"{server.get_absolute_url()}#{ROTATION.anchor}")

    def again(self, server: Any, status: int) -> HttpResponse:
        return self.show(self.form_class(instance=server), server, status=status)


def slot_urls(view: type[SlotAct], at: str, prefix: str) -> list[URLPattern]:
    """Return the URL of each action below ``at``, named ``prefix_act``."""
    return [path(f"{at}{act.path}", view.as_view(act=act), name=f"{prefix}_{name}") for name, act in ACTS.items()]
