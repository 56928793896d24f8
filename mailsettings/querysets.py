"""Queries of the incoming servers."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, OuterRef, Subquery

from configurator.accounts.scope import Scope
from configurator.db.trigram import holding

if TYPE_CHECKING:
    from mailsettings.models import IncomingServer  # noqa: F401  the type of the rows


class IncomingServerQuerySet(models.QuerySet["IncomingServer"]):
    def matching(self, text: str) -> Self:
        """Return those whose name, address or client ID contains the text."""
        return self.filter(holding(text, "name", "login_host", "tenant_id", "client_id"))

    def with_use(self, scope: Scope) -> Self:
        """Annotate ``queue_count``, how many queues within the scope use each.

        It is a subquery, so that a page of rows costs the addresses of that page alone.
        """
        seen = None if scope.groups is None else models.Q(addresses__queue__group__in=scope.groups)
        alone = self.model._default_manager.filter(pk=OuterRef("pk")).order_by().values("pk")
        return self.annotate(
            queue_count=Subquery(
                alone.annotate(rows=Count("addresses__queue", distinct=True, filter=seen)).values("rows")
            )
        )
