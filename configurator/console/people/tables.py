"""The result lists of users and of queue groups."""

import django_tables2 as tables

from configurator.accounts.models import QueueGroup, User
from configurator.console.lists.cells import yes_no
from configurator.console.lists.columns import LinkColumn, RecordTable, WhenColumn


class UserTable(RecordTable):
    username = LinkColumn(verbose_name="User name")
    name = tables.Column(accessor="get_full_name", orderable=False, verbose_name="Name", empty_values=("",))
    email = tables.Column(verbose_name="E-Mail")
    roles = tables.Column(accessor="role_names", orderable=False, verbose_name="Roles", default="None")
    is_active = tables.Column(verbose_name="Active")
    last_login = WhenColumn(verbose_name="Last signed in")

    class Meta(RecordTable.Meta):
        model = User
        fields = ("username", "name", "email", "roles", "is_active", "last_login")
        sequence = fields

    def render_is_active(self, value: bool) -> str:  # noqa: FBT001  as the table calls it
        return yes_no(value)


class QueueGroupTable(RecordTable):
    name = LinkColumn()
    queue_count = tables.Column(verbose_name="Queues", attrs={"td": {"class": "number"}, "th": {"class": "number"}})
    role_names = tables.Column(verbose_name="Roles", default="None", orderable=False, empty_values=("",))

    class Meta(RecordTable.Meta):
        model = QueueGroup
        fields = ("name", "queue_count", "role_names")
        sequence = fields
