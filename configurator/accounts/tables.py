"""The result lists of users and roles."""

from typing import Any

import django_tables2 as tables

from configurator.accounts.models import User


class UserTable(tables.Table):
    """Users with their roles."""

    name = tables.Column(accessor="get_full_name", orderable=False, verbose_name="Name", empty_values=("",))
    roles = tables.Column(accessor="groups", orderable=False, verbose_name="Roles")
    is_active = tables.BooleanColumn(yesno="Yes,No", verbose_name="Active")
    last_login = tables.TemplateColumn(template_name="console/when_cell.html", verbose_name="Last signed in")

    class Meta:
        model = User
        template_name = "generic/table.html"
        attrs = {"class": "table records"}
        fields = ("username", "name", "roles", "is_active", "last_login")
        sequence = fields

    def render_roles(self, value: Any) -> str:
        """Name the roles."""
        return ", ".join(group.name for group in value.all())
