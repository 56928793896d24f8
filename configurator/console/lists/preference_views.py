"""Actions on a list's preferences and saved views. Each returns to the list in ``back``."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve, reverse
from django.views.generic import View

from configurator import request_id
from configurator.accounts.actor import Actor
from configurator.accounts.models import User
from configurator.console.lists import services
from configurator.console.lists.preference_forms import PreferencesForm, ViewForm, allowed
from configurator.console.lists.preferences import PARAMETERS
from configurator.console.lists.views import RecordList
from configurator.console.models import SavedView


class ListAct(View):
    """An action on the list in ``back``, for users who may see that list; POST only."""

    http_method_names = ["post"]
    page: RecordList
    path: str

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        back = urlsplit(request.POST.get("back", ""))
        self.page, self.path = list_at(request, back.path)
        query = self.act(QueryDict(back.query, mutable=True), **kwargs)
        return HttpResponseRedirect(f"{self.path}?{query}" if query else self.path)

    def act(self, query: QueryDict, **kwargs: Any) -> str:
        """Do it, and return the list's query."""
        raise NotImplementedError

    @property
    def actor(self) -> Actor:
        assert isinstance(self.request.user, User)  # noqa: S101  LoginRequiredMiddleware let the request pass
        return Actor.of(self.request.user, request_id.current())

    @property
    def known(self) -> dict[str, Any]:
        """The arguments of every service: actor, list, and the right to see it."""
        return {"actor": self.actor, "right": self.page.export_right(), "list_name": self.page.list_name}


def list_at(request: HttpRequest, path: str) -> tuple[RecordList, str]:
    """Return the list at the path and its canonical path; 403 for users who may not see it, 404 for other paths."""
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    view_class = getattr(match.func, "view_class", None)
    if not isinstance(view_class, type) or not issubclass(view_class, RecordList):
        raise Http404
    page = view_class()
    page.setup(request, *match.args, **match.kwargs)
    page.list_name = match.view_name
    if not page.test_func():
        raise PermissionDenied
    return page, reverse(match.view_name, args=match.args, kwargs=match.kwargs)


class PreferencesSave(ListAct):
    """Store the chosen columns, sort and page size."""

    def act(self, query: QueryDict, **_: Any) -> str:
        model: Any = self.page.model
        form = PreferencesForm(self.page.table_class(data=model._default_manager.none()), self.request.POST)
        if not form.is_valid():
            messages.warning(self.request, "Nothing was kept: this list has no such column. Choose anew.")
            return query.urlencode()
        services.preferences_save(**self.known, **form.cleaned_data)
        return without_preferences(query)


class PreferencesReset(ListAct):
    """Reset the list to its defaults."""

    def act(self, query: QueryDict, **_: Any) -> str:
        services.preferences_save(**self.known, columns=[], sort="", per_page=0)
        return without_preferences(query)


def without_preferences(query: QueryDict) -> str:
    """Return the query without columns, sort, page size and page."""
    for name in (*PARAMETERS, "page"):
        query.pop(name, None)
    return query.urlencode()


class ViewKeep(ListAct):
    """Save the list as it is shown under a name."""

    def act(self, query: QueryDict, **_: Any) -> str:
        query.pop("page", None)
        form = ViewForm(self.request.POST)
        if not form.is_valid():
            return refused(self.request, form.errors, query)
        names = {*self.page.filterset_class.base_filters, *PARAMETERS}
        fields = form.cleaned_data | {"query": allowed(form.cleaned_data["query"], names)}
        try:
            view = services.view_keep(**self.known, **fields)
        except ValidationError as error:
            return refused(self.request, {"": error.messages}, query)
        messages.success(self.request, f"The view {view.name} was kept.")
        return view.query


class OwnViewAct(ListAct):
    """An action on a view of one's own; 404 for those of others."""

    def view(self, pk: int) -> SavedView:
        return get_object_or_404(SavedView, pk=pk, owner=self.request.user.pk, list=self.page.list_name)


class ViewRename(OwnViewAct):
    def act(self, query: QueryDict, **kwargs: Any) -> str:
        view = self.view(kwargs["pk"])
        form = ViewForm(self.request.POST)
        if not form.is_valid():
            return refused(self.request, form.errors, query)
        try:
            services.view_change(
                **self.known, view=view, name=form.cleaned_data["name"], shared=form.cleaned_data["shared"]
            )
        except ValidationError as error:
            return refused(self.request, {"": error.messages}, query)
        messages.success(self.request, "The view was changed.")
        return query.urlencode()


class ViewDelete(OwnViewAct):
    def act(self, query: QueryDict, **kwargs: Any) -> str:
        view = self.view(kwargs["pk"])
        services.view_delete(**self.known, view=view)
        messages.success(self.request, f"The view {view.name} was deleted.")
        return query.urlencode()


def refused(request: HttpRequest, errors: Any, query: QueryDict) -> str:
    """Show why nothing was stored, and stay."""
    messages.warning(request, " ".join(str(text) for texts in errors.values() for text in texts))
    return query.urlencode()
