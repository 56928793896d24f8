"""The screens Users and Roles; they stand here since accounts is the floor below the console."""

from typing import Any

from django.db.models import QuerySet
from django.views.generic import TemplateView
from django_tables2 import SingleTableView

from configurator.accounts.models import User
from configurator.accounts.screens import matrix
from configurator.accounts.tables import UserTable
from configurator.console.paging import Paged
from configurator.console.views import Page


class UserList(Page, Paged, SingleTableView):
    """Users with their roles."""

    model = User
    table_class = UserTable
    template_name = "accounts/users.html"
    list_url = "console:user_list"
    right = "user.view"

    def get_queryset(self) -> QuerySet[User]:
        """Return the users with their roles."""
        return User.objects.prefetch_related("groups").order_by("username")


class RoleList(Page, TemplateView):
    """What each role may do."""

    template_name = "accounts/roles.html"
    list_url = "console:role_list"
    right = "role.view"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the matrix."""
        roles, rows = matrix()
        return super().get_context_data(**context) | {"roles": roles, "rows": rows}
