"""Secrets and what stops with them: servers that share client ID and secret are one row."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, StringAgg
from django.db.models import Case, CharField, Count, F, Min, Q, QuerySet, UUIDField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from configurator.accounts.scope import Scope
from configurator.db.keyset import GROUP
from configurator.status import gravity
from mailsettings.impact import Use
from mailsettings.models import IncomingServer
from queues.models import QueueAddress

Row = dict[str, Any]


def secrets() -> QuerySet[IncomingServer, Row]:
    """Return a row for each secret, and for each server without one; the soonest end first.

    ``shared`` is the secret's fingerprint, or a unique value for a server without a secret.
    """
    shared = Coalesce("secret__fingerprint", Cast("pk", CharField()))
    servers: QuerySet[Any] = IncomingServer.objects.order_by().annotate(shared=shared)
    rows: QuerySet[IncomingServer, Row] = (
        servers.values("client_id", "shared")
        .annotate(
            fingerprint=Min("secret__fingerprint"),
            ends_on=Min("secret_expires_on"),
            servers=ArrayAgg("pk", order_by=("name", "id")),
            names=ArrayAgg("name", order_by=("name", "id")),
            rank=Min(gravity()),
            **{GROUP: Min(Cast("pk", CharField()))},
        )
        .order_by(F("ends_on").asc(nulls_last=True), "rank", "client_id", GROUP)
    )
    return rows


def sharing(server: IncomingServer) -> QuerySet[IncomingServer]:
    """Return the servers with the same client ID and secret, the server itself among them."""
    if not server.secret:
        return IncomingServer.objects.filter(pk=server.pk)
    return IncomingServer.objects.filter(client_id=server.client_id, secret__fingerprint=server.secret.fingerprint)


def uses_of(rows: Iterable[Row], scope: Scope) -> dict[uuid.UUID, Use]:
    """Return what within the scope depends on the servers of each row, by the first of them; in one query."""
    rows = list(rows)
    alone = [row["servers"][0] for row in rows if len(row["servers"]) == 1]
    first = {pk: row["servers"][0] for row in rows for pk in row["servers"] if len(row["servers"]) > 1}
    seen = QueueAddress.objects.visible_to(scope).order_by()
    # The addresses of a server that shares its secret with none are counted from their index.
    counted = _used(seen.filter(server__in=alone), F("server"))
    if first:
        whens = [When(server=pk, then=Value(of)) for pk, of in first.items()]
        counted = counted.union(_used(seen.filter(server__in=first), Case(*whens, output_field=UUIDField())), all=True)
    return {pk: Use(queues, addresses) for pk, queues, addresses in counted}


def _used(addresses: QuerySet[QueueAddress], first: Combinable) -> QuerySet[Any, Any]:
    """Return for each group of the addresses, by its first server, how many queues and addresses it has."""
    grouped: QuerySet[Any, Any] = addresses.annotate(first=first).values_list("first")
    counted: QuerySet[Any, Any] = grouped.annotate(queues=Count("queue", distinct=True), addresses=Count("*"))
    return counted


def with_uses(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """Annotate the rows of ``secrets`` with the servers' names and what within the scope depends on them.

    All is in the one query.
    """
    seen = None if scope.groups is None else Q(addresses__queue__group__in=scope.groups)
    annotated: QuerySet[Any] = rows.annotate(
        named=StringAgg("name", Value(", "), distinct=True),
        with_secret=Count("secret"),
        queues=Count("addresses__queue", distinct=True, filter=seen),
        addresses_on=Count("addresses", distinct=True, filter=seen),
    )
    return annotated
