"""What the demo's administrator has entered in the console: servers, the outgoing server, queues; plain data.

Most of it works. Broken on purpose, each in its own way: Sales (expired secret), Fault Reports (the Secret ID
in place of the secret), Billing (no consent), Nordlicht (a tenant that does not exist), Executive Complaints
(MFA), Pressestelle (mailbox without a licence).
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from demo import names
from demo.world import AppSecret, Tenant, World

AuthenticationType = Literal["oauth_user", "oauth_service"]
LOGIN = "https://login.microsoftonline.com"


@dataclass(frozen=True, slots=True)
class IncomingServer:
    """One incoming mail server; expected is the code that its check ends with, "" when it works."""

    key: str
    name: str
    address: str
    client_id: str
    authentication_type: AuthenticationType = "oauth_service"
    secret: str = field(default="", repr=False)
    secret_expires_on: date | None = None
    expected: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingServer:
    tenant: str
    server_user: str
    password: str = field(repr=False)
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a queue; server is the key of its incoming server."""

    email: str
    server: str
    account: str = ""
    password: str = field(default="", repr=False)
    priority: int | None = None
    language: str = ""
    sender: bool = False
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    description: str
    language: str
    priority: int
    addresses: tuple[Address, ...]
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Organisation:
    servers: tuple[IncomingServer, ...]
    outgoing: OutgoingServer
    queues: tuple[Queue, ...]


def organisation(world: World) -> Organisation:
    """The sample with the secrets and passwords of this world."""
    tenant = world.tenants[names.HALDEN]
    sender = tenant.apps[names.OUTGOING_APP].secrets[0].value
    return Organisation(_servers(tenant), OutgoingServer(tenant.id, names.OUTGOING_APP, sender), _queues(tenant))


def _secret(tenant: Tenant, client_id: str) -> AppSecret:
    return tenant.apps[client_id].secrets[0]


def _servers(tenant: Tenant) -> tuple[IncomingServer, ...]:
    here = f"{LOGIN}/{tenant.id}"
    faults = _secret(tenant, names.FAULTS_APP)
    nordlicht = _secret(tenant, names.NORDLICHT_APP)
    return (
        _service("service", "Customer Service (Microsoft 365)", tenant, names.SERVICE_APP),
        IncomingServer("personal", "Personal Mailboxes", here, names.USER_APP, "oauth_user"),
        _service("sales", "Sales", tenant, names.SALES_APP, expected="7000222"),
        IncomingServer(
            "faults", "Fault Reports", here, names.FAULTS_APP,
            secret=faults.key_id, secret_expires_on=faults.expires.date(), expected="7000215",
        ),
        _service("billing", "Billing", tenant, names.BILLING_APP, expected="ErrorAccessDenied"),
        IncomingServer(
            "nordlicht", "Nordlicht Strom (merger)", f"{LOGIN}/{names.WRONG_TENANT}", names.NORDLICHT_APP,
            secret=nordlicht.value, secret_expires_on=nordlicht.expires.date(), expected="90002",
        ),
    )  # fmt: skip


def _service(key: str, name: str, tenant: Tenant, client_id: str, *, expected: str = "") -> IncomingServer:
    secret = _secret(tenant, client_id)
    return IncomingServer(
        key,
        name,
        f"{LOGIN}/{tenant.id}",
        client_id,
        secret=secret.value,
        secret_expires_on=secret.expires.date(),
        expected=expected,
    )


def _shared(
    name: str, server: str = "service", *, language: str = "", priority: int | None = None, expected: str = ""
) -> Address:
    email = name if "@" in name else f"{name}@{names.HALDEN_DOMAINS[0]}"
    return Address(email, server, email, language=language, priority=priority, expected=expected)


def _personal(tenant: Tenant, name: str, *, expected: str = "") -> Address:
    account = tenant.accounts[f"{name}@{names.HALDEN_DOMAINS[0]}"]
    return Address(account.upn, "personal", account.upn, account.password, expected=expected)


def _queues(tenant: Tenant) -> tuple[Queue, ...]:
    fjallkraft = names.HALDEN_DOMAINS[1]
    denied, licence = "ErrorAccessDenied", "MailboxNotEnabledForRESTAPI"
    return (
        Queue("Kundenservice", "Fragen zu Vertrag und Tarif", "de", 10, (
            replace(_shared("kundenservice"), sender=True),
            _shared("service", language="en", priority=20),
        )),
        Queue("Customer Service UK", "Contracts and tariffs, in English", "en-GB", 10, (
            _shared("customer.service"), _shared("tenants", priority=15),
        )),
        Queue("Service clients", "Contrats et réclamations en français", "fr", 10, (
            _shared("service.client"), _shared("reclamations", priority=5),
        )),
        Queue("Kundtjänst Fjällkraft ⚡", "The former Fjällkraft customers", "sv", 12, (
            _shared(f"kundtjanst@{fjallkraft}"), _shared(f"faktura@{fjallkraft}", priority=8),
        )),
        Queue("Umzug", "Ein-, Aus- und Umzüge", "de", 30, (_shared("umzug"),)),
        Queue("Zählerstände", "Meter readings, mostly handled by a form letter", "de", 60, (
            _shared("zaehlerstand"), _shared("meter", language="en"),
        )),
        Queue("Key Accounts", "Personal mailboxes of the account managers", "de", 3, (
            _personal(tenant, "anna.lindqvist"), _personal(tenant, "jonas.weber"),
        )),
        Queue("Störungen 24/7", "Outages: the first to be answered", "de", 1, (
            _shared("stoerung", "faults", expected="7000215"),
            _shared("outage", "faults", language="en", expected="7000215"),
        )),
        Queue("Vertrieb", "Offers to new customers", "de", 20, (
            _shared("vertrieb", "sales", expected="7000222"),
            _shared("sales", "sales", language="en", expected="7000222"),
        )),
        Queue("Rechnung", "Bills and reminders", "de", 15, (
            _shared("rechnung", "billing", expected=denied),
        )),
        Queue("Executive Complaints", "Letters to the board", "de", 2, (
            _personal(tenant, "vorstand", expected="50076"),
        )),
        Queue("Pressestelle", "Journalists", "de", 5, (_shared("presse", expected=licence),)),
    )  # fmt: skip
