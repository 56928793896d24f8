"""The result list of incoming servers."""

import django_tables2 as tables

from configurator.console.columns import RecordTable, StatusColumn
from mailsettings.models import IncomingServer


class IncomingServerTable(RecordTable):
    """Status first, then what tells servers apart, then what depends on them."""

    status = StatusColumn()
    name = tables.Column(linkify=True)
    address = tables.TemplateColumn(
        template_name="mailsettings/address_cell.html", order_by=("login_host", "tenant_id")
    )
    queue_count = tables.Column(verbose_name="Queues", attrs={"td": {"class": "number"}, "th": {"class": "number"}})
    secret_expires_on = tables.TemplateColumn(
        template_name="mailsettings/expiry_cell.html", verbose_name="Secret expires on"
    )

    class Meta(RecordTable.Meta):
        model = IncomingServer
        fields = ("status", "name", "authentication_type", "address", "queue_count", "secret_expires_on")
        sequence = fields
