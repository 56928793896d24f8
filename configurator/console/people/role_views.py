"""The screen Roles: the rights of each role as a matrix, and a role's page."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from configurator import signs
from configurator.accounts.models import Role, User
from configurator.accounts.rights import labels
from configurator.console.objects.delete import DeletePage
from configurator.console.objects.forms import RecordForm
from configurator.console.objects.restore import Earlier
from configurator.console.objects.views import Page, RecordPage
from configurator.console.people import services
from configurator.console.people.forms import RoleForm
from configurator.console.people.grant_rules import lacks_of, named
from configurator.console.people.restore import earlier_role
from configurator.console.people.screens import matrix, reach


class RoleList(Page, TemplateView):
    template_name = "console/people/roles.html"
    list_url = "console:role_list"
    right = "role.view"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context) | {
            "matrix": matrix(self.scope()),
            "may_create": self.may("role.create"),
        }


class RolePage(RecordPage):
    model: ClassVar[Any] = Role
    form_class: ClassVar[Any] = RoleForm
    template_name = "console/people/role.html"
    list_url = "console:role_list"
    right = "role.view"
    missing: list[str] | None = None
    saved_message = "The role was saved; it counts from the next request of everybody who has it."

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("copy", "")
        source = Role.roles.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 10 else None  # noqa: PLR2004
        if source is None:
            return {}
        groups = list(source.queue_groups.all())
        return {"name": f"Copy of {source}", "rights": source.rights_held(), "queue_groups": groups}

    def form(self, *args: Any, **kwargs: Any) -> RoleForm:
        """Return the form, with the queue groups that the actor may grant."""
        form = RoleForm(*args, **kwargs)
        form.offer(self.scope())
        return form

    def editable(self, record: Any) -> bool:
        """Return whether the actor may save the role: no default one, and none with rights that he lacks."""
        return (
            super().editable(record)
            and not (record.is_default and not record._state.adding)
            and not self.beyond(record)
        )

    def beyond(self, record: Role) -> list[str]:
        if record._state.adding:
            return []
        if self.missing is None:
            self.missing = lacks_of(self.actor, [record])
        return self.missing

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Role.roles.prefetch_related("queue_groups")
        return rows

    def earlier(self, form_class: type[RecordForm], record: Any) -> Earlier | None:
        return earlier_role(record, self.request.GET, self.person)

    def save(self, form: RoleForm) -> None:
        services.role_save(
            actor=self.actor,
            role=form.instance,
            held=form.rights_held(),
            groups=form.cleaned_data["queue_groups"],
            version=form.cleaned_data["version"],
        )

    def created_before(self, form: Any) -> Any:
        """Return the role of this name and with these rights: the database numbers roles, so no form knows the ID."""
        if not self.creates or "name" not in form.data:
            return None
        name = signs.tidy(form.data["name"])
        # PostgreSQL's texts cannot have NUL, so no role has such a name.
        found = None if "\0" in name else self.rows().filter(name=name).first()
        return found if found and found.rights_held() == set(form.rights_held()) else None

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the role's users, and why it cannot be changed."""
        role: Role = context["object"]
        users = User.people.none() if context["adding"] else User.people.with_role(role).order_by("username")
        return super().get_context_data(**context) | {
            "users": users,
            "held": [] if context["editable"] else labels(role.rights_held()),
            "reach": "" if context["adding"] else reach(role.queue_groups.all(), self.scope()),
            "beyond": named(self.beyond(role)) if self.may("role.modify") else "",
        }


class RoleDelete(DeletePage):
    model: ClassVar[Any] = Role
    template_name = "console/people/role_delete.html"
    list_url = "console:role_list"
    right = "role.delete"

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        return self.refused() or super().get(request)

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        try:
            return self.refused() or super().post(request)
        except ValidationError:
            return self.ask(self.get_record(), status=409)

    def refused(self) -> HttpResponse | None:
        """Return the refusal of what this user may not delete, None where he may."""
        role = get_object_or_404(Role, pk=self.kwargs["pk"])
        return self.handle_no_permission() if role.is_default or lacks_of(self.actor, [role]) else None

    def users(self, record: Role) -> list[str]:
        return [user.username for user in User.people.with_role(record).order_by("username")]

    def delete(self, record: Role) -> None:
        services.role_delete(actor=self.actor, role=record)
