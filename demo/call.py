"""One request as the services see it: its endpoint, tenant, app, user and mailbox."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from demo.clouds import GRAPH_HOSTS
from demo.tokens import read_token
from demo.wire import Request
from demo.world import App, Tenant, World, fold


@dataclass(slots=True)
class Call:
    """A recognised request; name is the tenant as requested, tenant the one found."""

    request: Request
    endpoint: str
    name: str = ""
    tenant: Tenant | None = None
    client_id: str = ""
    username: str = ""
    mailbox: str = ""
    form: dict[str, str] = field(default_factory=dict)
    token: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    recipients: list[str] = field(default_factory=list)
    trace_id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def app(self) -> App | None:
        return self.tenant.apps.get(fold(self.client_id)) if self.tenant else None

    @property
    def correlation_id(self) -> str:
        """The client's own ID when it is a GUID, as Entra does it."""
        sent = self.request.headers.get("client-request-id", "") or self.form.get("client-request-id", "")
        try:
            return str(UUID(sent))
        except ValueError:
            return self.trace_id

    def facts(self) -> dict[str, frozenset[str]]:
        """The values that a fault can match."""
        tenant = {fold(self.name)}
        if self.tenant:
            tenant |= {fold(self.tenant.id), *map(fold, self.tenant.domains)}
        return {
            "endpoint": frozenset({self.endpoint}),
            "host": frozenset({self.request.host}),
            "tenant": frozenset(tenant),
            "client_id": frozenset({fold(self.client_id)}),
            "username": frozenset({fold(self.username)}),
            "mailbox": frozenset({fold(self.mailbox)}),
        }


def recognise(request: Request, world: World) -> Call:
    """Return the request's endpoint and objects; its endpoint is "" when there is no such page."""
    parts = request.parts
    if parts[0] == "_demo":
        return Call(request, "control", name="/".join(parts[1:2]))
    return (_graph if request.host in GRAPH_HOSTS else _login)(request, parts, world)


def _login(request: Request, parts: list[str], world: World) -> Call:
    match parts:
        case [name, "oauth2", "v2.0", "token"]:
            return _token(request, name, world)
        case [name, *_, ".well-known", "openid-configuration"]:
            return Call(request, "discovery", name=name, tenant=world.tenant(name))
        case ["common", "userrealm", account]:
            return _realm(request, account, world)
        case ["common", "discovery", "instance"]:
            return Call(request, "instance")
    return Call(request, "")


def _token(request: Request, name: str, world: World) -> Call:
    form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
    client_id, username = form.get("client_id", ""), form.get("username", "")
    home = username.rpartition("@")[2] if name == "organizations" else name
    return Call(request, "token", name, world.tenant(home), client_id, username, form=form)


def _realm(request: Request, account: str, world: World) -> Call:
    return Call(request, "realm", tenant=world.tenant(account.rpartition("@")[2]), username=account)


def _graph(request: Request, parts: list[str], world: World) -> Call:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    claims = read_token(token) or {}
    mailbox = claims.get("upn", "") if parts[1:2] == ["me"] else parts[2] if parts[1:2] == ["users"] else ""
    return Call(
        request,
        "graph",
        claims.get("tid", ""),
        world.tenant(claims.get("tid", "")),
        claims.get("appid", ""),
        claims.get("upn", ""),
        mailbox,
        token=token,
        claims=claims,
    )
