"""The result list of incoming servers."""

import django_tables2 as tables
from django.utils.html import format_html

from configurator.console.lists.cells import identifier
from configurator.console.lists.columns import ExpiryColumn, LinkColumn, RecordTable, StatusColumn
from mailsettings.models import IncomingServer


class IncomingServerTable(RecordTable):
    status = StatusColumn("name")
    name = LinkColumn()
    address = tables.Column(empty_values=(), order_by=("login_host", "tenant_id"))
    queue_count = tables.Column(verbose_name="Queues", attrs={"td": {"class": "number"}, "th": {"class": "number"}})
    secret_expires_on = ExpiryColumn(verbose_name="Secret expires on")

    class Meta(RecordTable.Meta):
        model = IncomingServer
        fields = ("status", "name", "authentication_type", "address", "queue_count", "secret_expires_on")
        sequence = fields

    def render_address(self, record: IncomingServer) -> str:
        """Return the login host and the tenant, which a click copies."""
        return format_html("{}/{}", record.login_host, identifier(record.tenant_id))
