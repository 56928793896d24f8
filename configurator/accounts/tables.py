"""The result lists of users and roles."""

from typing import Any

import django_tables2 as tables

from configurator.accounts.models import User


class UserTable(tables.Table):
    """Users with their roles."""

    roles = tables.Column(accessor="groups", orderable=False, verbose_name="Roles")
    last_login = tables.TemplateColumn(template_name="console/when_cell.html", verbose_name="Last signed in")

    class Meta:
        model = User
        template_name = "generic/table.html"
        attrs = {"class": "table records"}
        fields = ("username", "first_name", "last_name", "roles", "is_active", "last_login")

    def render_roles(self, value: Any) -> str:
        """Name the roles."""
        return ", ".join(group.name for group in value.all())
