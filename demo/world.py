"""The objects of the simulated Entra and Exchange: tenants, apps, accounts, mailboxes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class AppSecret:
    """A client secret; its value is what a client must send, its key_id what people paste by mistake."""

    value: str
    key_id: str
    expires: datetime
    name: str = "console"

    @property
    def expired(self) -> bool:
        return self.expires <= datetime.now(UTC)


@dataclass(slots=True)
class App:
    """An app registration with its service principal and its permissions."""

    client_id: str
    name: str
    object_id: str
    secrets: list[AppSecret] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    delegated: list[str] = field(default_factory=list)
    consented: bool = True
    public_client_flows: bool = False
    enabled: bool = True
    installed: bool = True
    # Exchange side: a policy closes all mailboxes but these, a management scope opens some without a role.
    access_policy: list[str] | None = None
    management_scope: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Account:
    """A user who can sign in; policy is the AADSTS code that stops a sign-in after the right password."""

    upn: str
    password: str
    object_id: str
    mfa: bool = False
    enabled: bool = True
    password_expired: bool = False
    policy: int = 0
    full_access: list[str] = field(default_factory=list)
    send_as: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Mailbox:
    """A mailbox; state is one of demo.graph.STATES, "ready" when it opens."""

    address: str
    owner: str = ""
    state: str = "ready"
    aliases: list[str] = field(default_factory=list)
    total: int = 0
    unread: int = 0


@dataclass(slots=True)
class Tenant:
    """A directory with its verified domains; apps, accounts and mailboxes are found by their folded name."""

    id: str
    name: str
    domains: list[str]
    cloud: str = "global"
    region: str = "EU"
    federated_domains: list[str] = field(default_factory=list)
    apps: dict[str, App] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)

    def add(self, *things: App | Account | Mailbox) -> None:
        for thing in things:
            match thing:
                case App():
                    self.apps[fold(thing.client_id)] = thing
                case Account():
                    self.accounts[fold(thing.upn)] = thing
                case Mailbox():
                    self.mailboxes[fold(thing.address)] = thing


@dataclass(slots=True)
class World:
    tenants: dict[str, Tenant] = field(default_factory=dict)

    def add(self, tenant: Tenant) -> Tenant:
        self.tenants[fold(tenant.id)] = tenant
        return tenant

    def tenant(self, name: str) -> Tenant | None:
        """The tenant of a GUID or of a verified domain."""
        wanted = fold(name)
        return self.tenants.get(wanted) or next(
            (tenant for tenant in self._all() if wanted in map(fold, tenant.domains)), None
        )

    def app(self, client_id: str) -> App:
        return _only(client_id, (tenant.apps for tenant in self._all()))

    def account(self, upn: str) -> Account:
        return _only(upn, (tenant.accounts for tenant in self._all()))

    def mailbox(self, address: str) -> Mailbox:
        return _only(address, (tenant.mailboxes for tenant in self._all()))

    def _all(self) -> Iterator[Tenant]:
        return iter(list(self.tenants.values()))


def _only(name: str, groups: Iterator[dict[str, T]]) -> T:
    for group in groups:
        if fold(name) in group:
            return group[fold(name)]
    raise LookupError(f"There is no {name!r}.")


def fold(name: str) -> str:
    """The form in which names are compared: lower case, domains of addresses in ASCII."""
    folded = name.strip().casefold()
    if folded.isascii():
        return folded
    local, at, domain = folded.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return folded
