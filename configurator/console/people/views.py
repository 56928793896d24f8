"""The screen Users: the list, a user's page, and new initial passwords."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from configurator.accounts.models import User
from configurator.accounts.rights import in_words
from configurator.console.lists.views import RecordList
from configurator.console.objects.forms import RecordForm
from configurator.console.objects.restore import Earlier
from configurator.console.objects.views import RecordPage
from configurator.console.people import services
from configurator.console.people.exports import USER_EXPORT
from configurator.console.people.filters import UserFilter
from configurator.console.people.forms import InitialPasswordForm, NewUserForm, UserForm
from configurator.console.people.grant_rules import lacks_of, named
from configurator.console.people.restore import earlier_user
from configurator.console.people.tables import UserTable

hides_passwords = method_decorator(sensitive_post_parameters("password1", "password2"), name="dispatch")


class UserList(RecordList):
    model = User
    table_class = UserTable
    filterset_class = UserFilter
    export = USER_EXPORT
    list_url, create_url = "console:user_list", "console:user_new"
    right = "user.view"
    empty = ("No user yet.", "Add New")

    def get_queryset(self) -> QuerySet[User]:
        named: QuerySet[User] = User.people.annotate(
            role_names=StringAgg("groups__name", ", ", order_by="groups__name", default="")
        )
        return named.order_by("username")


class UserPage(RecordPage):
    model: ClassVar[Any] = User
    form_class: ClassVar[Any] = UserForm
    template_name = "console/people/user.html"
    list_url = "console:user_list"
    of_queues = False
    right = "user.view"
    saved_message = "The user was saved; what changed counts from the next request on."
    password_form: InitialPasswordForm | None = None
    missing: list[str] | None = None

    def editable(self, record: Any) -> bool:
        """Return whether the actor may save the user: not one with rights that he lacks."""
        return super().editable(record) and not self.beyond(record)

    def beyond(self, record: User) -> list[str]:
        if record._state.adding:
            return []
        if self.missing is None:
            self.missing = lacks_of(self.actor, record.roles())
        return self.missing

    def earlier(self, form_class: type[RecordForm], record: Any) -> Earlier | None:
        return earlier_user(record, self.request.GET, self.person)

    def save(self, form: UserForm) -> None:
        services.user_save(
            actor=self.actor,
            user=form.instance,
            roles=form.cleaned_data["groups"],
            version=form.cleaned_data["version"],
            password=form.cleaned_data.get("password1", ""),
        )

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the form of a new initial password, or why the user cannot be changed."""
        user: User = context["object"]
        own = user.pk == self.request.user.pk
        form = self.password_form or InitialPasswordForm(user)
        return super().get_context_data(**context) | {
            "own": own,
            "held": [] if context["adding"] else in_words(user.rights_held()),
            "beyond": named(self.beyond(user)) if self.may("user.modify") else "",
            "password_form": None if own or context["adding"] or not context["editable"] else form,
        }


@hides_passwords
class UserNew(UserPage):
    form_class = NewUserForm
    saved_message = "The user was added. Hand over the initial password; it is not shown again."

    def get_initial(self) -> dict[str, Any]:
        return {"is_active": True}


@hides_passwords
class UserPassword(UserPage):
    """Set a user's new initial password."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Redirect: after a refusal the browser's address bar has this URL."""
        user: Any = self.get_object()
        return HttpResponseRedirect(f"{user.get_absolute_url()}#password")

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        user: Any = self.get_object()
        if not self.editable(user) or user.pk == request.user.pk:
            return self.handle_no_permission()
        self.password_form = form = InitialPasswordForm(user, request.POST)
        if not form.is_valid():
            return self.show(UserForm(instance=user), user, status=422)
        services.user_password_set(actor=self.actor, user=user, password=form.cleaned_data["password1"])
        messages.success(request, f"{user.username} is signed out everywhere and has a new initial password.")
        return HttpResponseRedirect(user.get_absolute_url())
