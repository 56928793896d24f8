"""Addresses at risk: those that still sign in with a password, why that is a risk, and where they could move."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from configurator.accounts.scope import Scope
from mailsettings.models import AuthenticationType, IncomingServer
from queues.models import QueueAddress
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.models import CheckRun, Kind, Purpose, Span

ALWAYS = (
    "It stops as soon as the account needs a second factor or its password expires. "
    "Microsoft advises against this sign-in."
)
SEEN = "A policy has stopped it already: {} ({}), last seen {:%Y-%m-%d}."
NO_SERVER = (
    "No OAuth Service server of this tenant is set up yet. Register an app in Entra with the application permission "
    "Mail.ReadWrite, grant admin consent, create a client secret, and add it under Incoming Mail Servers."
)


@dataclass(frozen=True)
class Risk:
    """What is known of an address at risk besides its row."""

    why: str
    last: CheckRun | None


def at_risk(scope: Scope) -> QuerySet[QueueAddress]:
    """Return the addresses within the scope that sign in with a password."""
    found = QueueAddress.objects.visible_to(scope).filter(server__authentication_type=AuthenticationType.OAUTH_USER)
    return found.select_related("queue", "server").order_by("address_key")


def with_risk(addresses: QuerySet[QueueAddress]) -> QuerySet[QueueAddress]:
    """Annotate what ``risk_of`` reads, so that a page of rows needs no further query."""
    own = {"kind": Kind.ADDRESS, "subject_id": OuterRef("pk")}
    spans = Span.objects.filter(**own, error_class="policy").order_by("-since")
    runs = CheckRun.objects.filter(**own, purpose=Purpose.DRY_RUN).order_by("-requested_at")
    return addresses.annotate(
        stopped=Subquery(spans.values(json=JSONObject(cause="cause", code="code", until="until"))[:1]),
        tried=Subquery(runs.values(json=JSONObject(state="state", progress="progress", at="requested_at"))[:1]),
    )


def risk_of(address: Any) -> Risk:
    """Return the risk of an address that was read ``with_risk``."""
    return Risk(_why(address.stopped), _last(address.tried))


def _why(stopped: dict[str, Any] | None) -> str:
    if stopped is None:
        return ALWAYS
    title = explain_cause(stopped["cause"], "address").title
    return SEEN.format(title, stopped["code"], datetime.fromisoformat(stopped["until"]))


def _last(tried: dict[str, Any] | None) -> CheckRun | None:
    """Return the last dry run, with the fields that a list shows."""
    if tried is None:
        return None
    at = datetime.fromisoformat(tried["at"])
    return CheckRun(purpose=Purpose.DRY_RUN, state=tried["state"], progress=tried["progress"], requested_at=at)


def service_servers() -> Any:
    return IncomingServer.objects.filter(authentication_type=AuthenticationType.OAUTH_SERVICE)


def suited(addresses: Iterable[QueueAddress]) -> dict[uuid.UUID, IncomingServer]:
    """Return by tenant the OAuth Service server for dry runs: one that is OK before any other."""
    tenants = {address.server.tenant_id for address in addresses}
    servers = service_servers().filter(tenant_id__in=tenants).select_related("secret").order_by("name", "pk")
    best: dict[uuid.UUID, IncomingServer] = {}
    for server in sorted(servers, key=lambda item: item.status != "ok"):
        best.setdefault(server.tenant_id, server)
    return best
