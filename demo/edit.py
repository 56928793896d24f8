"""Changes of the world by JSON: set, add, remove."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from demo.seed import new_secret
from demo.world import Account, App, Mailbox, Tenant, World, fold

KINDS: dict[str, type[App | Account | Mailbox]] = {"app": App, "account": Account, "mailbox": Mailbox}


def edit(world: World, change: Mapping[str, Any]) -> None:
    """Do one change: {"kind", "name"} with "set" or "remove", or {"kind", "tenant", "add"}."""
    kind, name = str(change["kind"]), str(change.get("name", ""))
    if "add" in change:
        _add(world, kind, str(change.get("tenant", "")), change["add"])
    elif change.get("remove"):
        _remove(world, kind, name)
    else:
        _set(_find(world, kind, name), change["set"])


def overview(world: World) -> dict[str, Any]:
    """The world without any secret."""
    return {
        tenant.id: {
            "name": tenant.name,
            "domains": tenant.domains,
            "apps": {app.client_id: app.name for app in tenant.apps.values()},
            "accounts": [account.upn for account in tenant.accounts.values()],
            "mailboxes": {mailbox.address: mailbox.state for mailbox in tenant.mailboxes.values()},
        }
        for tenant in world.tenants.values()
    }


def _find(world: World, kind: str, name: str) -> object:
    if kind == "tenant":
        return _tenant(world, name)
    if kind == "secret":
        return world.app(name).secrets[-1]
    finders = {"app": world.app, "account": world.account, "mailbox": world.mailbox}
    if kind not in finders:
        raise ValueError(f"Unknown kind {kind!r}; known: tenant, secret, {', '.join(finders)}.")
    return finders[kind](name)


def _tenant(world: World, name: str) -> Tenant:
    tenant = world.tenant(name)
    if tenant is None:
        raise ValueError(f"There is no tenant {name!r}.")
    return tenant


def _set(thing: object, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        known = getattr(thing, name)
        fresh = datetime.fromisoformat(value) if isinstance(known, datetime) else value
        if known is not None and fresh is not None and not isinstance(fresh, type(known)):
            raise TypeError(f"{name} has the wrong type.")
        setattr(thing, name, fresh)


def _add(world: World, kind: str, tenant: str, values: Mapping[str, Any]) -> None:
    if kind == "tenant":
        world.add(Tenant(**values))
    elif kind == "secret":
        fresh = new_secret(days=365)
        rest = dict(values)
        app = world.app(rest.pop("client_id"))
        _set(fresh, rest)
        app.secrets.append(fresh)
    else:
        _tenant(world, tenant).add(KINDS[kind](**values))


def _remove(world: World, kind: str, name: str) -> None:
    wanted = fold(name)
    if kind == "tenant":
        del world.tenants[wanted]
    for tenant in world.tenants.values():
        match kind:
            case "app":
                tenant.apps.pop(wanted, None)
            case "account":
                tenant.accounts.pop(wanted, None)
            case "mailbox":
                tenant.mailboxes.pop(wanted, None)
