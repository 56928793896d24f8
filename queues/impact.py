"""Secrets and what stops with them: servers that share client ID and secret are one row."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, StringAgg
from django.db.models import CharField, Count, F, Min, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from configurator.accounts.scope import Scope
from configurator.console.keyset import GROUP
from configurator.console.status import gravity
from mailsettings.impact import Use
from mailsettings.models import IncomingServer
from queues.models import QueueAddress

Row = dict[str, Any]


def secrets() -> QuerySet[IncomingServer, Row]:
    """Return a row for each secret, and for each server without one; the soonest end first.

    ``shared`` is the secret's fingerprint, or what tells a server without a secret from every other.
    """
    rows: QuerySet[IncomingServer, Row] = (
        _shared(IncomingServer.objects.order_by(), "")
        .values("client_id", "shared")
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


def uses_of(rows: Iterable[Row], scope: Scope) -> dict[tuple[Any, str], Use]:
    """Return what within the scope depends on each of the rows, in one query."""
    servers = [pk for row in rows for pk in row["servers"]]
    of_rows = _shared(QueueAddress.objects.visible_to(scope).order_by().filter(server__in=servers), "server__")
    counted = of_rows.values_list("server__client_id", "shared").annotate(
        queues=Count("queue", distinct=True), addresses=Count("pk")
    )
    return {(client, shared): Use(queues, addresses) for client, shared, queues, addresses in counted}


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


def _shared(rows: QuerySet[Any], server: str) -> QuerySet[Any]:
    """Annotate ``shared``, the same for all that signs in with one secret."""
    annotated: QuerySet[Any] = rows.annotate(
        shared=Coalesce(f"{server}secret__fingerprint", Cast(f"{server}id", CharField()))
    )
    return annotated
