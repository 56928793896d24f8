"""Queries of the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat, Upper

from configurator.audit.chain import BEGINNING, Head
from configurator.audit.choices import IMPORT, Action, Kind
from configurator.db.expressions import Among, json_path_array

if TYPE_CHECKING:
    from configurator.audit.models import AuditEvent  # noqa: F401  the type of the rows

STATES = (
    Action.CREATED,
    Action.CHANGED,
    Action.DELETED,
    Action.SWITCHED,
    Action.ROLLED_BACK,
    Action.WIPED,
)
# The events of an import's rows; its own event, which comes last, represents them.
OF_IMPORTED_ROW = models.Q(request_id__startswith=IMPORT) & ~models.Q(action=Action.IMPORTED)
SERVER = KT("after__server__id")
SPACE = Value(" ", output_field=TextField())

# Strings and numbers, in lists too, and names of related objects: nobody searches for IDs, and random ones would be
# most of the index's work.
VALUES = '$.* ? (@.type() == "string" || @.type() == "number")'
NAMES = "$.*.name"


def _found(path: str, field: str) -> Cast:
    return Cast(json_path_array(field, path), TextField())


# The searched expression, as the index audit_by_text has it.
TEXT = Upper(
    Concat(
        "actor_name",
        SPACE,
        "object_name",
        *(_found(path, field) for field in ("before", "after") for path in (VALUES, NAMES)),
    )
)


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def of_object(self, kind: str, object_id: object) -> Self:
        """Return the events of one object, the latest first."""
        return self.filter(kind=kind, object_id=str(object_id))

    def by_actor(self, actor_id: object) -> Self:
        """Return the events of one person or program, the latest first."""
        return self.filter(actor_id=str(actor_id))

    def acts(self) -> Self:
        """Return the events with an import as one: without those of its rows."""
        return self.exclude(OF_IMPORTED_ROW)

    def head(self) -> Head:
        """Return the last event's number and hash; number 0 for an empty log."""
        last = self.order_by("-seq").values_list("seq", "hash").first()
        return Head(*last) if last else BEGINNING

    def matching(self, text: str) -> Self:
        """Return the events with the text in a name, or in a value before or after."""
        return self.alias(text=TEXT).filter(text__contains=text.upper())

    def changing(self, field: str) -> Self:
        """Return the events that set the field, initially too."""
        return self.filter(after__has_key=field)

    def states(self) -> Self:
        """Return the events that left an object in another state."""
        return self.filter(action__in=STATES)

    def up_to(self, seq: int) -> Self:
        return self.filter(seq__lte=seq)

    def pointing_at(self, field: str, object_id: str) -> Self:
        """Return the events of addresses that moved them to that queue or server."""
        return self.filter(kind=Kind.ADDRESS).alias(target=KT(f"after__{field}__id")).filter(target=object_id)

    def servers_named(self, text: str) -> Self:
        """Return the events of the incoming servers whose name ever contained the text, or whose ID it is."""
        named = models.Q(object_name__icontains=text) | models.Q(object_id=text)
        return self._all().filter(named, kind=Kind.INCOMING_SERVER)

    def servers_in(self, tenant: str) -> Self:
        """Return the events that set the tenant of a server, incoming or outgoing."""
        incoming = models.Q(kind=Kind.INCOMING_SERVER, after__contains={"tenant_id": tenant.lower()})
        outgoing = models.Q(kind=Kind.OUTGOING_SERVER, after__contains={"tenant": tenant.lower()})
        return self._all().filter(incoming | outgoing)

    def about_servers(self, servers: Self) -> Self:
        """Return the events of the servers in ``servers``, and of the addresses that ever were on them."""
        ids = servers.order_by().values("object_id")
        boxes = self._all().filter(kind=Kind.ADDRESS).alias(target=SERVER).filter(target__in=ids).order_by()
        is_server = models.Q(kind__in=(Kind.INCOMING_SERVER, Kind.OUTGOING_SERVER), object_id__in=ids)
        return self.filter(is_server | models.Q(kind=Kind.ADDRESS, object_id__in=boxes.values("object_id")))

    def last_at(self, seq: int) -> Self:
        """Return of each object its last event up to the number; an index lookup per event."""
        same = self._all().filter(kind=models.OuterRef("kind"), object_id=models.OuterRef("object_id"))
        later = same.filter(seq__gt=models.OuterRef("seq")).states().up_to(seq)
        return self.states().up_to(seq).filter(~models.Exists(later))

    def last_of_each(self) -> Self:
        """Return of each object its last event among these; reads all of them."""
        last = self.order_by().values("kind", "object_id").annotate(last=models.Max("seq")).values("last")
        return self._all().filter(Among("seq", last))

    def since(self, moment: datetime) -> Self:
        """Return the events from the first one on that is not older than the moment."""
        first = self._all().filter(at__gte=moment).order_by("at", "seq").values("seq")[:1]
        return self.filter(seq__gte=models.Subquery(first))

    def until(self, moment: datetime) -> Self:
        """Return the events up to the last one that is not younger than the moment."""
        last = self._all().filter(at__lte=moment).order_by("-at", "-seq").values("seq")[:1]
        return self.filter(seq__lte=models.Subquery(last))

    def _all(self) -> Self:
        return type(self)(self.model, using=self.db)
