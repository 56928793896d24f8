"""Reads of the trail."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat, Upper

from configurator.audit.chain import BEGINNING, Head

if TYPE_CHECKING:
    from configurator.audit.models import AuditEvent  # noqa: F401  the type of the rows

SPACE = Value(" ", output_field=TextField())
BEFORE, AFTER = Cast("before", TextField()), Cast("after", TextField())
# What a search looks at, as the index audit_by_text holds it.
TEXT = Upper(Concat("actor_name", SPACE, "object_name", SPACE, BEFORE, SPACE, AFTER))


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """The questions that people ask the trail."""

    def of_object(self, kind: str, object_id: object) -> Self:
        """Everything that happened to one object, the latest first."""
        return self.filter(kind=kind, object_id=str(object_id))

    def by_actor(self, actor_id: object) -> Self:
        """Everything that one person or program did, the latest first."""
        return self.filter(actor_id=str(actor_id))

    def head(self) -> Head:
        """The last event's number and hash; number 0 for an empty trail."""
        last = self.order_by("-seq").values_list("seq", "hash").first()
        return Head(*last) if last else BEGINNING

    def matching(self, text: str) -> Self:
        """Return the events in which the text stands: in a name, or in a value before or after."""
        return self.alias(text=TEXT).filter(text__contains=text.upper())

    def changing(self, field: str) -> Self:
        """Return the events that gave the field a value, a first one too."""
        return self.filter(after__has_key=field)

    def since(self, moment: datetime) -> Self:
        """Return the events from the first one on that is not older than the moment."""
        first = self._all().filter(at__gte=moment).order_by("at").values("seq")[:1]
        return self.filter(seq__gte=models.Subquery(first))

    def until(self, moment: datetime) -> Self:
        """Return the events up to the last one that is not younger than the moment."""
        last = self._all().filter(at__lte=moment).order_by("-at").values("seq")[:1]
        return self.filter(seq__lte=models.Subquery(last))

    def _all(self) -> Self:
        return type(self)(self.model, using=self.db)
