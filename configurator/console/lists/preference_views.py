"""What is done about a list: keeping how one likes it, and views of it. Each act returns to the list that it names."""

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
from configurator.console.lists.preference_forms import TasteForm, ViewForm, allowed
from configurator.console.lists.preferences import ASKED
from configurator.console.lists.views import RecordList
from configurator.console.models import SavedView


class ListAct(View):
    """An act about the list that ``back`` names, for whoever may see that list; POST only."""

    http_method_names = ["post"]
    page: RecordList
    path: str

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it and return to the list."""
        back = urlsplit(request.POST.get("back", ""))
        self.page, self.path = list_at(request, back.path)
        query = self.act(QueryDict(back.query, mutable=True), **kwargs)
        return HttpResponseRedirect(f"{self.path}?{query}" if query else self.path)

    def act(self, query: QueryDict, **kwargs: Any) -> str:
        """Do it, and return what then stands behind ``?``."""
        raise NotImplementedError

    @property
    def actor(self) -> Actor:
        """Who does it."""
        assert isinstance(self.request.user, User)  # noqa: S101  LoginRequiredMiddleware let the request pass
        return Actor.of(self.request.user, request_id.current())

    @property
    def known(self) -> dict[str, Any]:
        """What every service asks: who, about which list, and by which right he sees it."""
        return {"actor": self.actor, "right": self.page.export_right(), "list_name": self.page.list_name}


def list_at(request: HttpRequest, path: str) -> tuple[RecordList, str]:
    """Return the list at the path and the path as the console writes it; 403 for who may not see it, 404 for others."""
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


class TasteKeep(ListAct):
    """Keep the columns, the sort and the page size that were chosen."""

    def act(self, query: QueryDict, **_: Any) -> str:
        """Keep them; the list then shows them, so that the URL need not."""
        model: Any = self.page.model
        form = TasteForm(self.page.table_class(data=model._default_manager.none()), self.request.POST)
        if not form.is_valid():
            messages.warning(self.request, "Nothing was kept: this list has no such column. Choose anew.")
            return query.urlencode()
        services.list_liked(**self.known, **form.cleaned_data)
        return without_taste(query)


class TasteForget(ListAct):
    """Show the list as everybody sees it."""

    def act(self, query: QueryDict, **_: Any) -> str:
        """Forget what was kept."""
        services.list_liked(**self.known, columns=[], sort="", per_page=0)
        return without_taste(query)


def without_taste(query: QueryDict) -> str:
    """Return the query without what it says of columns, sort, page size and page."""
    for name in (*ASKED, "page"):
        query.pop(name, None)
    return query.urlencode()


class ViewKeep(ListAct):
    """Keep the list as it stands under a name."""

    def act(self, query: QueryDict, **_: Any) -> str:
        """Keep it, and show it."""
        query.pop("page", None)
        form = ViewForm(self.request.POST)
        if not form.is_valid():
            return refused(self.request, form.errors, query)
        names = {*self.page.filterset_class.base_filters, *ASKED}
        told = form.cleaned_data | {"query": allowed(form.cleaned_data["query"], names)}
        try:
            view = services.view_keep(**self.known, **told)
        except ValidationError as error:
            return refused(self.request, {"": error.messages}, query)
        messages.success(self.request, f"The view {view.name} was kept.")
        return view.query


class OwnViewAct(ListAct):
    """An act on a view of one's own; 404 for those of others."""

    def view(self, pk: int) -> SavedView:
        """Return the view."""
        return get_object_or_404(SavedView, pk=pk, owner=self.request.user.pk, list=self.page.list_name)


class ViewRename(OwnViewAct):
    """Give a view another name, or share it, or share it no more."""

    def act(self, query: QueryDict, **kwargs: Any) -> str:
        """Change it."""
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
    """Delete a view."""

    def act(self, query: QueryDict, **kwargs: Any) -> str:
        """Delete it."""
        view = self.view(kwargs["pk"])
        services.view_delete(**self.known, view=view)
        messages.success(self.request, f"The view {view.name} was deleted.")
        return query.urlencode()


def refused(request: HttpRequest, errors: Any, query: QueryDict) -> str:
    """Say why nothing was kept, and stay."""
    messages.warning(request, " ".join(str(text) for texts in errors.values() for text in texts))
    return query.urlencode()
