"""All addresses of all queues in one list; a row opens the address in its queue."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from configurator.console.bulk.menu import Tickable
from configurator.console.lists.views import RecordList
from configurator.db.capped_count import status_totals
from queues.exports import ADDRESS_EXPORT
from queues.models import QueueAddress
from tokenchecks.models import Kind, Watch
from tokenchecks.screens.bulk import ADDRESSES
from tokenchecks.screens.lists.filters import SERVERS, AddressFilter
from tokenchecks.screens.lists.tables import AddressTable


class AddressList(Tickable, RecordList):
    bulk = ADDRESSES
    model = QueueAddress
    table_class = AddressTable
    filterset_class = AddressFilter
    export = ADDRESS_EXPORT
    list_url = "tokenchecks:address_list"
    import_kind = "address"
    right = "queue.view"
    empty = ("No queue has an address yet. Open a queue and give it the address of its mailbox.", "")

    def get_queryset(self) -> QuerySet[QueueAddress]:
        watches = Watch.objects.filter(kind=Kind.ADDRESS, subject_id=OuterRef("pk"))
        why = Subquery(watches.values(json=JSONObject(cause="cause", code="code"))[:1])
        seen = QueueAddress.objects.visible_to(self.scope())
        return seen.select_related("queue", "server").annotate(why=why).order_by("address_key")

    def get_table_kwargs(self) -> dict[str, Any]:
        """Leave out what is known of servers for users who may not view them."""
        hidden = () if self.may(SERVERS) else ("authentication_type", "tenant", "client_id")
        return super().get_table_kwargs() | {"exclude": hidden}

    def totals(self) -> dict[Any, int]:
        return status_totals(self.found(QueueAddress.objects.visible_to(self.scope())))
